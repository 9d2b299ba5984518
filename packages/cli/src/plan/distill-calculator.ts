import type { DistillationPayback, DistillationPaybackOptions } from '@costkit/planner';
import { textTable } from '../text-table.js';
import type { Calculator } from './calculator.js';
import { numberFlag, readText } from './flag-readers.js';
import { lineChart } from './line-chart.js';
import {
  amountText,
  assumptionLines,
  breakEvenText,
  heading,
  monthsText,
  page,
  sensitivityTable,
} from './plan-text.js';

const DEFAULT_MONTHS = 12;

function costTable({ once, fixedPerMonth, ...plan }: DistillationPayback): string {
  const table = textTable(['', 'once', 'month'], ['left', 'right', 'right']);
  table.push(
    ['teacher alone', '', amountText(plan.teacherPerMonth)],
    ['with the student', '', amountText(plan.studentPerMonth)],
    ['labels by the teacher', amountText(once.labels), ''],
    ['training', amountText(once.training), ''],
    ['evaluation', String(once.evaluation), ''],
    ['storage', '', String(fixedPerMonth.storage)],
    ['hosting', '', amountText(fixedPerMonth.hosting)],
    ['saved', '', amountText(plan.savedPerMonth)],
  );
  return table.toString();
}

/** What has been spent in all, with and without the student. */
async function chartOf({ inputs, once, ...plan }: DistillationPayback, columns: number): Promise<string> {
  const { teacherPerMonth, studentPerMonth } = plan;
  if (teacherPerMonth === undefined || studentPerMonth === undefined || once.total === undefined) return '';
  const months = Array.from({ length: (inputs.horizonMonths ?? DEFAULT_MONTHS) + 1 }, (_, month) => month);
  const first = once.total.usd;
  return lineChart(
    [
      { name: 'teacher alone', points: months.map((month) => [month, month * teacherPerMonth.usd]) },
      {
        name: 'with the student',
        points: months.map((month) => [month, first + month * studentPerMonth.usd]),
      },
    ],
    { title: 'Dollars spent in all', xLabel: 'months', columns },
  );
}

/** `costkit plan distill` */
export const DISTILL_CALCULATOR: Calculator<DistillationPayback> = {
  name: 'distill',
  description: 'when a distilled student has paid back, and when it never does',
  flags: [
    { flags: '--teacher <id>', description: 'model that answers today', path: 'teacher', read: readText },
    { flags: '--student <id>', description: 'base model of the student', path: 'student', read: readText },
    { flags: '--region <name>', description: 'source Region', path: 'region', read: readText },
    numberFlag('--requests <count>', 'requests in a month', 'requestsPerMonth'),
    numberFlag('--input <tokens>', 'tokens of one prompt', 'inputTokens'),
    numberFlag('--output <tokens>', 'tokens of one answer', 'outputTokens'),
    numberFlag('--student-share <share>', 'share that the student may answer', 'studentShare'),
    numberFlag('--prompts <count>', 'prompts of the data set: 100 to 15,000', 'training.prompts'),
    numberFlag('--epochs <count>', 'passes over the data', 'training.epochs'),
    numberFlag('--training-usd <dollars>', 'per million training tokens', 'training.usdPerMillionTokens'),
    numberFlag('--months <count>', 'by when it should have paid back', 'horizonMonths'),
  ],
  help: 'The file is DistillationPaybackOptions of @costkit/planner.',
  async plan(input) {
    const { distillationPayback } = await import('@costkit/planner');
    return distillationPayback(input as DistillationPaybackOptions);
  },
  render: async (plan, columns) =>
    page(
      heading(
        `Paid back: ${monthsText(plan.paybackMonths, plan.missing.length === 0 ? 'never' : 'unknown')}`,
      ),
      `AWS says of this teacher and student: ${plan.pair}.`,
      costTable(plan),
      await chartOf(plan, columns),
      `Never pays: ${breakEvenText(plan.neverBelow)}\nPaid back by the horizon: ${breakEvenText(plan.breakEven)}`,
      sensitivityTable(plan.sensitivity, 'months to pay back'),
      assumptionLines(plan.assumptions),
    ),
};
