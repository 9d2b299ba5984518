import type { Assumption, BreakEven, Sensitivity } from '@costkit/planner';
import type { Money } from '@costkit/pricing';
import pc from 'picocolors';
import { textTable } from '../text-table.js';

/** An amount for people; what is unknown is never 0. */
export function amountText(amount: Money | undefined): string {
  return amount === undefined ? 'unknown' : String(amount);
}

/** 0.123 is 12.3 %. */
export function shareText(share: number | undefined): string {
  return share === undefined ? 'unknown' : `${(share * 100).toFixed(1)} %`;
}

/** A count with commas between thousands. */
export function countText(count: number): string {
  return Math.round(count).toLocaleString('en-US');
}

/** Months with one decimal. */
export function monthsText(months: number | undefined, beyond: string): string {
  return months === undefined ? beyond : `${months.toFixed(1)} months`;
}

/** Where two costs cross, as a sentence. */
export function breakEvenText({ quantity, value, cheaperBelow, cheaperAbove }: BreakEven): string {
  if (value === undefined) return `By ${quantity}: ${cheaperBelow} is always cheaper.`;
  const at = quantity.startsWith('utilisation') ? shareText(value) : countText(value);
  return `By ${quantity}: ${cheaperBelow} below ${at}, ${cheaperAbove} from there on.`;
}

/** A heading. */
export function heading(text: string): string {
  return pc.bold(text);
}

/** How the headline moves with one input. */
export function sensitivityTable(sensitivity: readonly Sensitivity[], headline: string): string {
  const table = textTable(['if …', headline], ['left', 'right']);
  for (const { input, factor, amount, value } of sensitivity) {
    const shown =
      amount === undefined ? (value === undefined ? 'unknown' : value.toFixed(1)) : String(amount);
    table.push([`${input} × ${factor}`, shown]);
  }
  return table.toString();
}

/** What the plan rests on, one line each. */
export function assumptionLines(assumptions: readonly Assumption[]): string {
  return assumptions
    .map(({ what, value, source, certainty }) => pc.dim(`- ${what}: ${value} (${certainty}; ${source})`))
    .join('\n');
}

/** Parts of a page with an empty line between them; empty ones are left out. */
export function page(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('\n\n');
}
