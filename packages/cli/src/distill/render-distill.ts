import type {
  DistillationForecast,
  DistillationStatus,
  DistilledStudent,
  LeftOut,
  TrainingData,
} from '@costkit/planner/distillation';
import { plainText } from '../plain-text.js';
import { textTable } from '../text-table.js';

const UNKNOWN = 'unknown';

/** What was selected, without any of its texts. */
export const dataJson = ({ train, holdOut, ...counts }: TrainingData): object => ({
  train: train.length,
  holdOut: holdOut.length,
  ...counts,
});

const WHY: Readonly<Record<LeftOut, string>> = {
  tools: 'with tools',
  media: 'with media',
  turns: 'whose turns do not alternate',
  empty: 'without text',
  format: 'in no known format of a conversation',
  noBody: 'whose text is not in the source (kept by no log, or in its data/ folders, which were not given)',
};

/** Records that gave no example. */
export const leftOutText = (counts: ReadonlyMap<LeftOut, number>): string =>
  [...counts].map(([why, count]) => `${count} ${WHY[why]}`).join(', ');

/** What was selected, for the terminal. */
export function renderData(
  data: TrainingData,
  noExamples: ReadonlyMap<LeftOut, number>,
  written: readonly string[],
): string {
  const { seen, repeated, multiTurn, unanswered, emptied, tooLong, tasks } = data;
  const table = textTable(['task', 'seen', 'train', 'held out'], ['left', 'right', 'right', 'right']);
  for (const task of tasks) table.push([plainText(task.task), task.seen, task.train, task.holdOut]);
  const left = [
    [repeated, 'repeated'],
    [multiTurn, 'of several turns'],
    [unanswered, 'without an answer'],
    [emptied, 'emptied by --redact'],
    [tooLong, 'longer than the student holds'],
  ]
    .filter(([count]) => count !== 0)
    .map(([count, why]) => `${count} ${why}`);
  const out = left.length === 0 ? '' : `; left out: ${left.join(', ')}`;
  const none = noExamples.size === 0 ? '' : `\nNo examples: ${leftOutText(noExamples)}`;
  return `${seen} examples${out}${none}\n${table.toString()}\n${written.map((file) => `Written: ${file}`).join('\n')}`;
}

/** What a job would cost, for programs. */
export const forecastJson = ({
  prompts,
  inputTokens,
  labels,
  training,
  total,
}: DistillationForecast): object => ({
  prompts,
  inputTokens,
  labelsUsd: labels?.toUsdString() ?? null,
  trainingUsd: training?.toUsdString() ?? null,
  totalUsd: total?.toUsdString() ?? null,
});

/** What a job would cost, for the terminal. */
export function renderForecast(forecast: DistillationForecast): string {
  const { prompts, inputTokens, labels, training, total } = forecast;
  const table = textTable(['', 'at most'], ['left', 'right']);
  table.push(
    ['answers of the teacher', String(labels ?? UNKNOWN)],
    ['training', String(training ?? UNKNOWN)],
    ['in all', String(total ?? UNKNOWN)],
  );
  const missing =
    training === undefined
      ? '\nNo source lists the price of training this student: give yours by --training-usd.'
      : '';
  return `${prompts} prompts, about ${inputTokens} tokens of input\n${table.toString()}
Every answer taken as long as it may be; prompts that the service adds of its own, up to 15,000, are not in it.${missing}`;
}

/** A student that is there, for programs. */
export const studentJson = ({ forecast, ...student }: DistilledStudent): object => ({
  ...student,
  forecast: forecastJson(forecast),
});

/** A student that is there, and how to judge it. */
export function renderStudent(
  { customModelArn, deploymentArn, baseModel, forecast }: DistilledStudent,
  teacher: string,
): string {
  const price =
    forecast.total === undefined ? 'What it cost is unknown' : `It cost ${forecast.total} at most`;
  if (deploymentArn === undefined) return `Model: ${customModelArn}\n${price}.`;
  return `Model: ${customModelArn}\nCalled by token: ${deploymentArn}\n${price}.
What it is worth your own cases say:
  costkit eval HOLDOUT.jsonl --tier 'student=${deploymentArn}@${baseModel}' 'teacher=${teacher}' --grader f1 --policy policy.json`;
}

/** How far a job is, for the terminal. */
export function renderStatus(status: DistillationStatus): string {
  const { jobName, stage, failureMessage, customModelName, customModelArn, deploymentArn } = status;
  return [
    `${jobName}: ${status.status}${stage === undefined ? '' : `, ${stage}`}`,
    ...(failureMessage === undefined ? [] : [`Why: ${failureMessage}`]),
    `Model: ${customModelArn ?? `${customModelName}, not there yet`}`,
    ...(deploymentArn === undefined
      ? []
      : [`Called by token: ${deploymentArn} (${status.deploymentStatus})`]),
  ].join('\n');
}
