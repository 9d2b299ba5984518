import type { LeverRanking, RankedLever } from '@costkit/planner';
import { shareBar } from '../share-bar.js';
import { textTable } from '../text-table.js';
import type { Calculator } from './calculator.js';
import {
  amountText,
  assumptionLines,
  heading,
  monthsText,
  page,
  sensitivityTable,
  shareText,
} from './plan-text.js';

const BAR_WIDTH = 24;

function waterfallOf({ waterfall, today }: LeverRanking): string {
  const table = textTable(['step', 'saves', 'month', ''], ['left', 'right', 'right', 'left']);
  const bar = (amount: number): string => shareBar(today.usd === 0 ? 0 : amount / today.usd, BAR_WIDTH);
  table.push(['today', '', String(today), bar(today.usd)]);
  for (const { title, saved, after } of waterfall) {
    if (saved.picoUsd !== 0n) table.push([`− ${title}`, String(saved), String(after), bar(after.usd)]);
  }
  return table.toString();
}

function intervalText({ alone, interval }: RankedLever): string {
  if (interval === undefined || interval.low.equals(interval.high)) return amountText(alone);
  return `${amountText(alone)} (${interval.low} to ${interval.high})`;
}

function rankingOf({ levers }: LeverRanking): string {
  const table = textTable(
    ['', 'lever', 'adds a month', 'alone', 'effort', 'best for'],
    ['right', 'left', 'right', 'right', 'left', 'left'],
    [4, 28, 14, 20, 8, 34],
  );
  for (const lever of levers) {
    table.push([
      lever.rank,
      lever.title,
      amountText(lever.added),
      intervalText(lever),
      lever.effort,
      lever.bestFor,
    ]);
  }
  return table.toString();
}

function creditLine({ credits, cashAfterCredits }: LeverRanking): string {
  if (credits === undefined) return '';
  const lasts = monthsText(credits.months, 'longer than ten years');
  return `Credits last ${lasts} on the bill after all levers; a mean month of their horizon leaves ${cashAfterCredits} to pay.`;
}

/** `costkit plan levers` */
export const LEVERS_CALCULATOR: Calculator<LeverRanking> = {
  name: 'levers',
  description: 'rank all nine levers in dollars a month for a workload',
  flags: [{ flags: '--region <name>', description: 'source Region', path: 'region', read: String }],
  help: 'Without a file: the playbook’s own example. The file is a Workload of @costkit/planner.',
  async plan(input) {
    const { PLAYBOOK_EXAMPLE, rankLevers } = await import('@costkit/planner');
    return rankLevers({ ...('tasks' in input ? {} : PLAYBOOK_EXAMPLE), ...input } as typeof PLAYBOOK_EXAMPLE);
  },
  render: (ranking) =>
    page(
      heading(
        `${ranking.inputs.name ?? 'Workload'}: ${ranking.today} a month becomes ${ranking.after} (−${shareText(ranking.savedShare)})`,
      ),
      waterfallOf(ranking),
      heading('Which lever first'),
      rankingOf(ranking),
      `Counted alone, the levers would save ${ranking.overlap} more than together: what two of them save is there once.`,
      creditLine(ranking),
      ranking.unpriced.length === 0
        ? ''
        : `Without a price, and in no amount: ${ranking.unpriced.join(', ')}.`,
      sensitivityTable(ranking.sensitivity, 'month after all levers'),
      assumptionLines(ranking.assumptions),
    ),
};
