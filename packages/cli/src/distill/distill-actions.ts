import process, { stderr } from 'node:process';
import type { BedrockClient } from '@aws-sdk/client-bedrock';
import { CostkitError } from '@costkit/core';
import type { DistillationProgress, TrainingExample } from '@costkit/planner/distillation';
import { EXIT_CODES } from '../cli-error.js';
import { leaveOnInterrupt } from '../leave-on-interrupt.js';
import { numberOf } from '../number-option.js';
import { given, type PairOptions, print } from './pair-options.js';
import { readExamples } from './read-examples.js';

interface PriceOptions extends PairOptions {
  readonly maxAnswerTokens?: string;
  readonly trainingUsd?: string;
  readonly region?: string;
}

interface RunOptions extends PriceOptions {
  readonly bucket: string;
  readonly role: string;
  readonly name: string;
  readonly prefix?: string;
  readonly maxUsd?: string;
  readonly deploy: boolean;
  readonly pollSeconds?: string;
}

interface JobOptions {
  readonly region?: string;
  readonly json?: boolean;
}

const DEFAULT_ANSWER_TOKENS = 1_000;

async function allOf(file: string): Promise<readonly TrainingExample[]> {
  const all: TrainingExample[] = [];
  for await (const example of readExamples([file])) all.push(example);
  return all;
}

/** Shows what a job would cost; nothing is begun. */
export async function priceJob(file: string, options: PriceOptions): Promise<void> {
  const [{ forecastDistillation }, { forecastJson, renderForecast }] = await Promise.all([
    import('@costkit/planner/distillation'),
    import('./render-distill.js'),
  ]);
  const forecast = forecastDistillation(await allOf(file), {
    teacher: options.teacher,
    student: options.student,
    maxAnswerTokens: numberOf('max-answer-tokens', options.maxAnswerTokens) ?? DEFAULT_ANSWER_TOKENS,
    ...given('usdPerMillionTokens', options.trainingUsd),
    ...given('region', options.region),
  });
  print(options.json, forecastJson(forecast), renderForecast(forecast));
}

/** Runs a job to its end, or goes on with the one that is there. */
export async function runJob(file: string, options: RunOptions): Promise<void> {
  const [{ runDistillation }, { renderStudent, studentJson }, { S3Client }] = await Promise.all([
    import('@costkit/planner/distillation'),
    import('./render-distill.js'),
    import('@aws-sdk/client-s3'),
  ]);
  const examples = await allOf(file);
  const seconds = numberOf('poll-seconds', options.pollSeconds);
  const { tell, jobArn, end } = await progressOf(options.json === true);
  const leaving = leaveOnInterrupt();
  try {
    const student = await runDistillation({
      bedrock: await bedrockOf(options),
      s3: new S3Client(given('region', options.region)),
      bucket: options.bucket,
      roleArn: options.role,
      teacher: options.teacher,
      student: options.student,
      customModelName: options.name,
      examples,
      deploy: options.deploy,
      signal: leaving.signal,
      onProgress: tell,
      ...given('prefix', options.prefix),
      ...given('maxUsd', options.maxUsd),
      ...given('maxAnswerTokens', numberOf('max-answer-tokens', options.maxAnswerTokens)),
      ...given('usdPerMillionTokens', options.trainingUsd),
      ...given('region', options.region),
      ...given('pollMs', seconds === undefined ? undefined : Math.round(seconds * 1_000)),
    });
    end();
    print(options.json, studentJson(student), renderStudent(student, options.teacher));
  } catch (error) {
    end();
    if (!leaving.signal.aborted) return tellFailure(error);
    stderr.write(
      `costkit: interrupted. The job goes on, and is paid: the same command follows it, \`costkit distill stop ${jobArn() ?? 'JOB'}\` stops it.\n`,
    );
    process.exitCode = EXIT_CODES.interrupted;
  } finally {
    leaving.end();
  }
}

const FAILURES: ReadonlySet<string> = new Set([
  'COSTKIT_DISTILLATION_JOB_FAILED',
  'COSTKIT_DISTILLATION_DEPLOYMENT_FAILED',
]);

/** A job that has failed is no wrong option. */
function tellFailure(error: unknown): void {
  if (!CostkitError.isInstance(error) || !FAILURES.has(error.code)) throw error;
  stderr.write(`${error.message} [${error.code}]\n`);
  process.exitCode = EXIT_CODES.failed;
}

async function progressOf(quiet: boolean) {
  const { progressLine } = await import('../progress-line.js');
  const line = await progressLine(1, quiet);
  let known: string | undefined;
  return {
    tell: ({ jobArn, status, stage }: DistillationProgress): void => {
      if (known === undefined) stderr.write(`Job: ${jobArn}\n`);
      known = jobArn;
      line.at(0, 1, stage ?? status);
    },
    jobArn: (): string | undefined => known,
    end: line.end,
  };
}

async function bedrockOf({ region }: JobOptions): Promise<BedrockClient> {
  const { BedrockClient } = await import('@aws-sdk/client-bedrock');
  return new BedrockClient(given('region', region));
}

/** Shows how far a job is. */
export async function statusOfJob(job: string, options: JobOptions): Promise<void> {
  const [{ distillationStatus }, { renderStatus }] = await Promise.all([
    import('@costkit/planner/distillation'),
    import('./render-distill.js'),
  ]);
  const status = await distillationStatus(await bedrockOf(options), job);
  print(options.json, status, renderStatus(status));
}

/** Stops a job. */
export async function stopJob(job: string, options: JobOptions): Promise<void> {
  const { StopModelCustomizationJobCommand } = await import('@aws-sdk/client-bedrock');
  await (await bedrockOf(options)).send(new StopModelCustomizationJobCommand({ jobIdentifier: job }));
  print(options.json, { stopped: [job] }, `Stopped: ${job}`);
}
