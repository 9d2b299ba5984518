import { parseS3Uri } from '../batch/input-files.js';
import { JobFailure } from '../batch/job-failure.js';
import type { LocalContext } from '../contract.js';
import type { ObjectStore } from '../s3/object-store.js';
import { S3Error } from '../s3/s3-error.js';
import type { CustomizationStage, CustomizationTimings } from './customization-job.js';
import type { CustomizationState } from './customization-state.js';
import { readTrainingPrompts, type TrainingPrompt } from './training-prompts.js';

/** What it takes to run a job. */
export interface RunCustomizationParts {
  readonly context: LocalContext;
  readonly store: ObjectStore;
  readonly state: CustomizationState;
  readonly timings: CustomizationTimings;
  /** Prompts that the teacher answers at the same time. */
  readonly concurrency: number;
  readonly multiTurn: boolean;
  readonly isTeacher: (modelId: string) => boolean;
  /** Counts and bills what was learnt: the tokens of prompts and answers. */
  readonly book: (trained: readonly { readonly prompt: TrainingPrompt; readonly answer: string }[]) => void;
  /** Makes the student. @returns its ARN */
  readonly finish: (atMs: number) => string;
  /** Aborted when the user stops the job. */
  readonly stop: AbortSignal;
  /** Aborted when the server shuts down: the job is left as it is. */
  readonly close: AbortSignal;
}

const ON_DEMAND = { batch: false, tier: 'standard', latencyOptimized: false } as const;

/**
 * Leads a job from its data to its student. As with batch jobs, its stages follow one another on a time line that is
 * fixed when the job is created. The teacher really answers, and is billed on demand; nothing is really trained.
 */
export async function runCustomization(parts: RunCustomizationParts): Promise<void> {
  const { state, context, stop, close } = parts;
  const early = AbortSignal.any([stop, close]);
  let timeMs = state.job.creationTimeMs;
  const stage = async <Result>(name: CustomizationStage, work: () => Promise<Result>): Promise<Result> => {
    early.throwIfAborted();
    state.stage(name, 'InProgress', timeMs);
    const done = await work().then(
      (result) => ({ result }),
      (error: unknown) => ({ error }),
    );
    const untilMs = timeMs + parts.timings[`${name}Ms`];
    if (context.clock.now() < untilMs) await context.clock.sleep(untilMs - context.clock.now(), early);
    timeMs = untilMs;
    if ('error' in done) throw done.error;
    state.stage(name, 'Completed', timeMs);
    return done.result;
  };

  try {
    const prompts = await stage('validation', async () => {
      const { bucket } = parseS3Uri(state.job.request.outputS3Uri);
      if (!(await parts.store.hasBucket(bucket))) {
        throw new JobFailure(
          `The S3 bucket ${bucket} does not exist, or the service role has no access to it.`,
        );
      }
      return readTrainingPrompts({ ...parts, source: state.job.request.source });
    });
    const answers = await stage('dataProcessing', () => teach(prompts, parts, early));
    await stage('training', async () => {
      parts.book(answers);
      await writeMetrics(parts, answers.length);
    });
    state.end('Completed', timeMs, { outputModelArn: parts.finish(timeMs) });
  } catch (error) {
    if (close.aborted) return;
    const atMs = Math.max(timeMs, context.clock.now());
    if (stop.aborted) state.end('Stopped', atMs);
    else state.end('Failed', atMs, { failureMessage: failureMessage(error) });
  }
}

async function teach(
  prompts: readonly TrainingPrompt[],
  { context, state, concurrency }: RunCustomizationParts,
  early: AbortSignal,
): Promise<{ readonly prompt: TrainingPrompt; readonly answer: string }[]> {
  const { teacherModelIdentifier: modelId, maxResponseLength } = state.job.request;
  const ask = async (prompt: TrainingPrompt): Promise<string> => {
    if (prompt.answer !== undefined) return prompt.answer;
    early.throwIfAborted();
    const { system, messages } = prompt;
    const result = await context.engine.run({
      modelId,
      shape: 'Converse',
      body: {
        messages,
        ...(system.length === 0 ? {} : { system }),
        ...(maxResponseLength === undefined ? {} : { inferenceConfig: { maxTokens: maxResponseLength } }),
      },
      mode: ON_DEMAND,
    });
    if (!result.ok) throw new JobFailure(`The teacher answered ${result.code}: ${result.message}`);
    return textOfAnswer(result.body);
  };
  const answers: { prompt: TrainingPrompt; answer: string }[] = [];
  for (let from = 0; from < prompts.length; from += concurrency) {
    const group = prompts.slice(from, from + concurrency);
    const texts = await Promise.all(group.map(ask));
    for (const [index, prompt] of group.entries()) answers.push({ prompt, answer: texts[index] ?? '' });
  }
  return answers;
}

function textOfAnswer(body: Record<string, unknown>): string {
  const { output } = body as { output?: { message?: { content?: readonly { text?: string }[] } } };
  return (output?.message?.content ?? []).map(({ text = '' }) => text).join('');
}

/** The service writes its metrics below `model-customization-job-<id>`; no losses are made up here. */
async function writeMetrics({ state, store }: RunCustomizationParts, examples: number): Promise<void> {
  const { bucket, key } = parseS3Uri(state.job.request.outputS3Uri);
  const folder = `${key === '' || key.endsWith('/') ? key : `${key}/`}model-customization-job-${state.job.jobId}/`;
  await store.put(
    bucket,
    `${folder}training_artifacts/step_wise_training_metrics.csv`,
    Buffer.from(`step_number,epoch_number,training_loss\n`),
    { metadata: { examples: String(examples) } },
  );
}

function failureMessage(error: unknown): string {
  if (error instanceof JobFailure) return error.message;
  return error instanceof S3Error
    ? `Amazon S3 answered ${error.code}: ${error.message}`
    : 'The system encountered an unexpected error during processing. Try your request again.';
}
