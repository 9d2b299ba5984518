import type { CreditRunway, CreditRunwayOptions } from '@costkit/planner';
import { textTable } from '../text-table.js';
import type { Calculator } from './calculator.js';
import { readLevers, readNumber, readPools } from './flag-readers.js';
import { lineChart } from './line-chart.js';
import { assumptionLines, heading, monthsText, page } from './plan-text.js';

const BEYOND = 'longer than was looked';

function poolTable({ pools, order }: CreditRunway): string {
  const table = textTable(['pool', 'pays', 'is lost or left'], ['left', 'right', 'right']);
  for (const name of order) {
    const pool = pools.find((one) => one.name === name);
    table.push([name, String(pool?.used), String(pool?.unused)]);
  }
  return table.toString();
}

function leverTable({ withLevers }: CreditRunway): string {
  if (withLevers.length === 0) return '';
  const table = textTable(['with', 'credits last'], ['left', 'right']);
  for (const { lever, months } of withLevers) table.push([lever, monthsText(months, BEYOND)]);
  return table.toString();
}

async function balanceChart({ schedule, pools }: CreditRunway, columns: number): Promise<string> {
  let left = pools.reduce((sum, { used }) => sum + used.usd, 0);
  const points: [number, number][] = [[0, left]];
  for (const { month, paid } of schedule) {
    left -= Object.values(paid).reduce((sum, amount) => sum + amount.usd, 0);
    points.push([month + 1, Math.max(0, left)]);
  }
  const cash = schedule.map(({ month, cash: amount }): [number, number] => [month + 1, amount.usd]);
  return lineChart(
    [
      { name: 'credits left to use', points },
      { name: 'cash of the month', points: cash },
    ],
    { title: 'Dollars', xLabel: 'months', columns },
  );
}

/** `costkit plan credits` */
export const CREDITS_CALCULATOR: Calculator<CreditRunway> = {
  name: 'credits',
  description: 'how long AWS credits last, under growth, with and without levers',
  flags: [
    {
      flags: '--pool <name=dollars@months...>',
      description: 'credits, and in how many months they expire (optional)',
      path: 'pools',
      read: readPools,
    },
    { flags: '--usage <dollars>', description: 'what is paid in a month', path: 'usage', read: readNumber },
    {
      flags: '--growth <share>',
      description: 'growth per month, e.g. 0.05',
      path: 'growthPerMonth',
      read: readNumber,
    },
    {
      flags: '--lever <name=share...>',
      description: 'a saving to look at, e.g. routing=0.6',
      path: 'levers',
      read: readLevers,
    },
    { flags: '--months <count>', description: 'how far to look', path: 'maxMonths', read: readNumber },
  ],
  help: 'Example: costkit plan credits --pool Activate=25000@24 --usage 9000 --lever all=0.81',
  async plan(input) {
    const { creditRunway } = await import('@costkit/planner');
    return creditRunway(input as CreditRunwayOptions);
  },
  render: async (runway, columns) =>
    page(
      heading(
        `Credits last ${monthsText(runway.months, BEYOND)}${runway.endedBy === 'expired' ? ' and expire with money left' : ''}`,
      ),
      await balanceChart(runway, columns),
      poolTable(runway),
      leverTable(runway),
      assumptionLines(runway.assumptions),
    ),
};
