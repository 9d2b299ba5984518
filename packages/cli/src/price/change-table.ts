import type { PriceChange, PriceRefresh, RateChange, UnknownPrices } from '@costkit/pricing/refresh';
import pc from 'picocolors';
import { textTable } from '../text-table.js';

function rateText({ kind, before, after, percent }: RateChange): string {
  if (before === after) return `${kind} $${after}`;
  if (before === undefined) return `${kind} ${pc.green(`$${after}`)}`;
  if (after === undefined) return `${kind} $${before} → unknown`;
  const share = percent === undefined ? '' : ` (${percent > 0 ? '+' : '−'}${Math.abs(percent)} %)`;
  return `${kind} $${before} → ${pc.bold(`$${after}`)}${share}`;
}

/** As much of a list as people read. */
function some(entries: readonly string[], most: number): string {
  const more = entries.length - most;
  return `${entries.slice(0, most).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function whereText({ scopes, regions, tier, aboveTokens }: PriceChange): string {
  const bracket = aboveTokens === undefined ? '' : ` > ${aboveTokens.toLocaleString('en-US')}`;
  return [some(scopes, 4), ...(regions.length === 0 ? [] : [some(regions, 4)]), tier + bracket].join('\n');
}

/** What AWS lists otherwise, one difference a row. */
export function changeTable(changes: readonly PriceChange[]): string {
  const table = textTable([
    '',
    'model',
    'where',
    '$ per million tokens, or unit',
    'from',
    'look at it because',
  ]);
  for (const change of changes) {
    table.push([
      change.isTaken ? change.change : pc.yellow(change.change),
      change.model,
      whereText(change),
      change.rates.map(rateText).join('\n'),
      change.effectiveFrom,
      change.doubts.map((doubt) => doubt.replace(/(.{38}\S*) /g, '$1\n')).join('\n'),
    ]);
  }
  return table.toString();
}

const linesText = ({ reason, count, usageTypes }: UnknownPrices): string =>
  `${count} ${count === 1 ? 'line' : 'lines'}, ${reason}: ${usageTypes.join(', ')}${count > usageTypes.length ? ', …' : ''}.`;

/** What was read, found and taken, in a few lines. */
export function changeSummary({ changes, unknown, passedOver, conflicts, lines }: PriceRefresh): string[] {
  const count = (kind: PriceChange['change']): number =>
    changes.filter(({ change }) => change === kind).length;
  const open = changes.filter(({ isTaken }) => !isTaken);
  const models = [...new Set(open.map(({ model }) => model))];
  return [
    `${lines.read.toLocaleString('en-US')} lines read, ${lines.understood.toLocaleString('en-US')} of them prices of known models. Added: ${count('added')}, changed: ${count('changed')}, ended: ${count('ended')}.`,
    ...(open.length === 0
      ? []
      : [
          `${open.length} not taken: look at them, then accept what is right with --accept ${models.slice(0, 3).join(' ')}${models.length > 3 ? ' …' : ''} (or --accept all).`,
        ]),
    ...conflicts.map(
      ({ model, what, usd }) =>
        `Listed twice, not taken: ${model}, ${what}: ${Object.entries(usd)
          .map(([usageType, price]) => `$${price} (${usageType})`)
          .join(', ')}.`,
    ),
    ...unknown.map((lines) => `Not understood: ${linesText(lines)}`),
    ...passedOver.map((lines) => `Passed over: ${linesText(lines)}`),
  ];
}
