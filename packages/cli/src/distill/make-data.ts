import { stderr } from 'node:process';
import type { LeftOut, TrainingData } from '@costkit/planner/distillation';
import type { FetchedSources } from '../analyze/fetch-sources.js';
import { CliUsageError } from '../cli-error.js';
import { nameValuePairs } from '../name-value-pairs.js';
import { numberOf } from '../number-option.js';
import { checkWritable } from '../output-file.js';
import { given, type PairOptions, print } from './pair-options.js';
import { readExamples } from './read-examples.js';

interface DataOptions extends PairOptions {
  readonly out: string;
  readonly holdOut?: string;
  readonly holdOutShare?: string;
  readonly prompts?: string;
  readonly balance?: string;
  readonly answered?: boolean;
  readonly task?: readonly string[];
  readonly taskKey?: readonly string[];
  readonly model?: readonly string[];
  readonly days?: string;
  readonly redact?: string;
  readonly seed?: string;
}

/** Share of the prompts that judges the student, where a file for it is named. */
const DEFAULT_HOLD_OUT = 0.1;
/** Days of batch jobs. */
const DEFAULT_DAYS = 30;
const JOBS = 'batch-jobs:';
/** What `costkit analyze` fetches, and holds no text. */
const WITHOUT_TEXT = /^(?:cloudwatch|cost-explorer):/;

const usageError = (message: string): CliUsageError => new CliUsageError(message, 'COSTKIT_INVALID_OPTION');

function balanceOf(text: string | undefined): 'even' | 'asAsked' | undefined {
  if (text === undefined || text === 'even') return text;
  if (text === 'as-asked') return 'asAsked';
  throw usageError(`--balance "${text}" is unknown. Write even or as-asked`);
}

function shareOf({ out, holdOut, holdOutShare }: DataOptions): number {
  if (out === holdOut) throw usageError('--out and --hold-out are the same file. Name two');
  if (holdOut === undefined && holdOutShare !== undefined) {
    throw usageError('--hold-out-share needs --hold-out FILE, or what it keeps would be lost');
  }
  return holdOut === undefined ? 0 : (numberOf('hold-out-share', holdOutShare) ?? DEFAULT_HOLD_OUT);
}

async function fetchJobs(sources: readonly string[], { days }: DataOptions): Promise<FetchedSources> {
  const without = sources.find((source) => WITHOUT_TEXT.test(source));
  if (without !== undefined) {
    throw usageError(`"${without}" holds no prompts. Give invocation logs, batch-jobs:region or examples`);
  }
  if (!sources.some((source) => source.startsWith(JOBS))) return { sources, dispose: async () => undefined };
  const count = numberOf('days', days) ?? DEFAULT_DAYS;
  if (!Number.isInteger(count) || count < 1)
    throw usageError(`--days "${days}" is no whole number of 1 or more`);
  const { fetchSources } = await import('../analyze/fetch-sources.js');
  return fetchSources(sources, { days: count, nowMs: Date.now() });
}

async function selectFrom(
  sources: readonly string[],
  options: DataOptions,
  onLeftOut: (why: LeftOut) => void,
): Promise<TrainingData> {
  const { selectTrainingData } = await import('@costkit/planner/distillation');
  const { teacher, student, redact } = options;
  const changed = redact === undefined ? {} : { redact: await readRedactOf(redact) };
  const examples = readExamples(sources, {
    teacher,
    models: nameValuePairs('--model', options.model),
    onLeftOut,
    ...given('tasks', options.task),
    ...given('taskKeys', options.taskKey),
  });
  return selectTrainingData(examples, {
    teacher,
    student,
    holdOutShare: shareOf(options),
    answered: options.answered === true,
    ...given('prompts', numberOf('prompts', options.prompts)),
    ...given('balance', balanceOf(options.balance)),
    ...given('seed', options.seed),
    ...changed,
  });
}

const readRedactOf = async (file: string) => (await import('./read-redact.js')).readRedact(file);

/** Selects a data set, and writes it into the files that were named, and nowhere else. */
export async function makeData(sources: readonly string[], options: DataOptions): Promise<void> {
  shareOf(options);
  const { out, holdOut } = options;
  for (const file of [out, holdOut]) if (file !== undefined) await checkWritable(file);
  const [{ holdOutCases, trainingLines }, { writeLines }, { dataJson, leftOutText, renderData }] =
    await Promise.all([
      import('@costkit/planner/distillation'),
      import('./write-lines.js'),
      import('./render-distill.js'),
    ]);
  const leftOut = new Map<LeftOut, number>();
  const fetched = await fetchJobs(sources, options);
  let data: TrainingData;
  try {
    data = await selectFrom(fetched.sources, options, (why) => leftOut.set(why, (leftOut.get(why) ?? 0) + 1));
  } catch (error) {
    if (leftOut.size > 0) stderr.write(`costkit: no examples: ${leftOutText(leftOut)}\n`);
    throw error;
  } finally {
    await fetched.dispose();
  }
  await writeLines(trainingLines(data.train), out);
  if (holdOut !== undefined) {
    const cases = holdOutCases(data.holdOut).map((one) => `${JSON.stringify(one)}\n`);
    await writeLines(cases, holdOut);
  }
  const files = { out, ...given('holdOutFile', holdOut) };
  print(
    options.json,
    { ...dataJson(data), noExamples: Object.fromEntries(leftOut), ...files },
    renderData(data, leftOut, Object.values(files) as readonly string[]),
  );
}
