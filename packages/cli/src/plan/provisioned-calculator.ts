import type { ProvisionedThroughputOptions, ProvisionedThroughputPlan } from '@costkit/planner';
import { textTable } from '../text-table.js';
import type { Calculator } from './calculator.js';
import { readNumber, readNumbersByName, readText } from './flag-readers.js';
import { lineChart } from './line-chart.js';
import {
  amountText,
  assumptionLines,
  countText,
  heading,
  page,
  sensitivityTable,
  shareText,
} from './plan-text.js';

function commitmentTable({ commitments }: ProvisionedThroughputPlan): string {
  if (commitments.length === 0) return '';
  const table = textTable(
    ['commitment', 'unit hour', 'pays from', 'units', 'month', 'in use', 'evenly', 'longest wait', 'refused'],
    ['left', ...Array<'right'>(8).fill('right')],
  );
  for (const plan of commitments) {
    const { longestWaitHours } = plan.queue;
    table.push([
      plan.commitment,
      String(plan.usdPerUnitHour),
      plan.breakEvenUtilisation === undefined ? 'never' : shareText(plan.breakEvenUtilisation),
      plan.units,
      amountText(plan.total),
      shareText(plan.utilisation),
      amountText(plan.steady.total),
      longestWaitHours === undefined ? 'endless' : `${longestWaitHours.toFixed(1)} h`,
      shareText(plan.throttledShare),
    ]);
  }
  return `${table.toString()}
evenly: the same tokens around the clock; wait and refusals: where nothing overflows to on demand.`;
}

function reservedTable({ reserved }: ProvisionedThroughputPlan): string {
  if (reserved === undefined) return '';
  const table = textTable(
    ['reserved tier', 'input KTPM', 'output KTPM', 'month', 'saves'],
    ['left', 'right', 'right', 'right', 'right'],
  );
  for (const { commitment, inputKtpm, outputKtpm, total, saved } of reserved.options) {
    table.push([commitment, countText(inputKtpm), countText(outputKtpm), String(total), String(saved)]);
  }
  return table.toString();
}

async function unitsChart(
  { commitments, onDemand }: ProvisionedThroughputPlan,
  columns: number,
): Promise<string> {
  const series = commitments.map(({ commitment, curve }) => ({
    name: commitment,
    points: curve.flatMap(({ units, total }): [number, number][] =>
      total === undefined ? [] : [[units, total.usd]],
    ),
  }));
  if (series.length === 0) return '';
  const title = `Dollars a month by model units; none of them is ${amountText(onDemand)} on demand`;
  return lineChart(series, { title, xLabel: 'model units, peaks on demand', columns });
}

/** `costkit plan provisioned` */
export const PROVISIONED_CALCULATOR: Calculator<ProvisionedThroughputPlan> = {
  name: 'provisioned',
  description: 'provisioned throughput and the reserved tier against on demand',
  flags: [
    { flags: '--model <id>', description: 'model id, profile or ARN', path: 'model', read: readText },
    { flags: '--region <name>', description: 'source Region', path: 'region', read: readText },
    {
      flags: '--unit-input <tokens>',
      description: 'input tokens of one unit in a minute',
      path: 'unit.inputTokensPerMinute',
      read: readNumber,
    },
    {
      flags: '--unit-output <tokens>',
      description: 'output tokens of one unit in a minute',
      path: 'unit.outputTokensPerMinute',
      read: readNumber,
    },
    {
      flags: '--unit-usd <term=dollars...>',
      description: 'dollars per unit and hour: none=, OneMonth=, SixMonths=',
      path: 'usdPerUnitHour',
      read: readNumbersByName,
    },
  ],
  help: 'The file holds `hours` (tokens hour by hour) or `trace` (single requests): ProvisionedThroughputOptions of @costkit/planner.',
  async plan(input) {
    const { provisionedThroughputBreakEven } = await import('@costkit/planner');
    return provisionedThroughputBreakEven(input as ProvisionedThroughputOptions);
  },
  render: async (plan, columns) =>
    page(
      heading(
        `Cheapest: ${plan.best.choice}, ${amountText(plan.best.total)} a month (on demand ${amountText(plan.onDemand)})`,
      ),
      `The busiest moment has ${plan.peakToMean.toFixed(1)} times the mean load.`,
      await unitsChart(plan, columns),
      commitmentTable(plan),
      reservedTable(plan),
      sensitivityTable(plan.sensitivity, 'cheapest month'),
      assumptionLines(plan.assumptions),
    ),
};
