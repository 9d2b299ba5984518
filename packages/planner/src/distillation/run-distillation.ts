import { createHash } from 'node:crypto';
import {
  isArray,
  isBoolean,
  isFunction,
  isObject,
  isPositiveInteger,
  isText,
  type OptionChecks,
} from '@costkit/core';
import { systemWaitingClock, type WaitingClock } from '@costkit/core/waiting-clock';
import type { Money } from '@costkit/pricing';
import { check, isUsd, modelOf, moneyOf, requireFields } from '../checks.js';
import { DISTILLATION_PROMPTS } from '../distillation-pairs.js';
import type { Usd } from '../plan.js';
import { deployStudent } from './deploy-student.js';
import { DistillationError } from './distillation-error.js';
import { followJob } from './follow-job.js';
import { type DistillationForecast, forecastDistillation } from './forecast-distillation.js';
import { baseOf, requirePair } from './require-pair.js';
import { isClient, type SendingClient } from './sending-client.js';
import type { TrainingExample } from './training-example.js';
import { trainingLines } from './training-files.js';

/** What a job is at, for a progress line. */
export interface DistillationProgress {
  readonly jobArn: string;
  /** `InProgress`, `Completed`, … */
  readonly status: string;
  /** `validation`, `dataProcessing` or `training`, while one of them runs. */
  readonly stage: string | undefined;
}

/** What {@link runDistillation} needs. */
export interface DistillationOptions {
  /** A `BedrockClient`, the control plane, in the Region of the job. */
  readonly bedrock: SendingClient;
  /** An `S3Client`. */
  readonly s3: SendingClient;
  /** Bucket for the data set and the metrics, in the Region of the job. */
  readonly bucket: string;
  /** Folder in the bucket. @defaultValue `"costkit-distillation"` */
  readonly prefix?: string;
  /** Role that Bedrock assumes to read and write the bucket. */
  readonly roleArn: string;
  readonly teacher: string;
  /** Base model of the student; some need the id of a variant, such as `amazon.nova-micro-v1:0:128k`. */
  readonly student: string;
  /** What to learn: `train` of {@link selectTrainingData}. */
  readonly examples: readonly TrainingExample[];
  /** Name of the model that comes out. */
  readonly customModelName: string;
  /** Most tokens of the teacher's answers. @defaultValue 1_000 */
  readonly maxAnswerTokens?: number;
  /** Nothing is begun when the forecast is above it, or when it has an unknown price. @defaultValue no limit */
  readonly maxUsd?: Usd;
  /** Dollars per million training tokens, where no source lists the student's. */
  readonly usdPerMillionTokens?: Usd;
  /** Source Region, for the forecast. */
  readonly region?: string;
  /** Makes a deployment that is called by token, and waits for it. @defaultValue true */
  readonly deploy?: boolean;
  /** Time between two looks at the job, in milliseconds. @defaultValue 60_000 */
  readonly pollMs?: number;
  /** @defaultValue the machine's clock */
  readonly clock?: WaitingClock;
  /** Ends the waiting, not the job: run again with the same examples, and it is taken up. @defaultValue none */
  readonly signal?: AbortSignal;
  /** Told after every look. */
  readonly onProgress?: (progress: DistillationProgress) => void;
}

/** A student, and how it is called. */
export interface DistilledStudent {
  readonly jobArn: string;
  readonly customModelArn: string;
  /** The model id for your calls, billed by token; `undefined` without `deploy`. */
  readonly deploymentArn: string | undefined;
  /** The catalogue's id of its base model: `model` of the student's tier. */
  readonly baseModel: string;
  readonly forecast: DistillationForecast;
}

const CHECKS: OptionChecks<DistillationOptions> = {
  bedrock: isClient,
  s3: isClient,
  bucket: isText,
  prefix: isText,
  roleArn: isText,
  teacher: isText,
  student: isText,
  examples: (value) => {
    const { least, most } = DISTILLATION_PROMPTS;
    const fits = isArray(value) === undefined && within((value as unknown[]).length, least, most);
    return fits ? undefined : `must be ${least} to ${most} examples: the limits of a distillation job`;
  },
  customModelName: (value) =>
    typeof value === 'string' && /^([0-9a-zA-Z][_-]?){1,63}$/.test(value)
      ? undefined
      : 'must be 1 to 63 letters and digits, with single hyphens or underscores between them',
  maxAnswerTokens: isPositiveInteger,
  maxUsd: isUsd,
  usdPerMillionTokens: isUsd,
  region: isText,
  deploy: isBoolean,
  pollMs: isPositiveInteger,
  clock: isObject,
  signal: isObject,
  onProgress: isFunction,
};
const REQUIRED = [
  'bedrock',
  's3',
  'bucket',
  'roleArn',
  'teacher',
  'student',
  'examples',
  'customModelName',
] as const;
const within = (count: number, least: number, most: number): boolean => count >= least && count <= most;

/**
 * Distils: writes the examples to S3, starts the job and follows it to its end, and deploys the student. What is paid
 * is forecast first. Run again with the same examples and names after a crash, it takes up the job that is there: the
 * name of the job and its token are made of what is learnt.
 *
 * @throws InvalidOptionError for an option that is unknown or wrong.
 * @throws DistillationError `COSTKIT_DISTILLATION_PAIR_UNSUPPORTED`; `COSTKIT_DISTILLATION_TOO_EXPENSIVE` when the
 * forecast is above `maxUsd` or unknown; `COSTKIT_DISTILLATION_JOB_FAILED` and `COSTKIT_DISTILLATION_DEPLOYMENT_FAILED`
 * with what the service says.
 *
 * @example
 * ```ts
 * const student = await runDistillation({
 *   bedrock: new BedrockClient({}), s3: new S3Client({}), bucket: 'our-data', roleArn,
 *   teacher: 'amazon.nova-pro-v1:0', student: 'amazon.nova-micro-v1:0:128k',
 *   examples: data.train, customModelName: 'support-micro', usdPerMillionTokens: '1', maxUsd: 100,
 * });
 * ```
 */
export async function runDistillation(options: DistillationOptions): Promise<DistilledStudent> {
  check(options, CHECKS);
  requireFields(options, REQUIRED);
  const { clock = systemWaitingClock, signal, deploy = true, pollMs = 60_000 } = options;
  const base = baseOf(options.student);
  const baseModel = modelOf(base).model.id;
  requirePair(modelOf(options.teacher).model.id, baseModel);
  const { maxAnswerTokens = 1_000, usdPerMillionTokens, region, maxUsd } = options;
  const forecast = forecastDistillation(options.examples, {
    teacher: options.teacher,
    student: base,
    maxAnswerTokens,
    ...(region === undefined ? {} : { region }),
    ...(usdPerMillionTokens === undefined ? {} : { usdPerMillionTokens }),
  });
  if (maxUsd !== undefined) refuseAbove(moneyOf(maxUsd), forecast);
  const lines = [...trainingLines(options.examples)].join('');
  const identity = { teacher: options.teacher, student: options.student, name: options.customModelName };
  const id = createHash('sha256')
    .update(JSON.stringify({ ...identity, maxAnswerTokens }))
    .update(lines)
    .digest('hex')
    .slice(0, 32);
  const following = { bedrock: options.bedrock, clock, pollMs, signal };
  const jobArn = await openJob(options, { id, lines, maxAnswerTokens });
  const customModelArn = await followJob(jobArn, { ...following, onProgress: options.onProgress });
  const deploymentArn = deploy
    ? await deployStudent({ customModelArn, name: `costkit-${id}` }, following)
    : undefined;
  return { jobArn, customModelArn, deploymentArn, baseModel, forecast };
}

function refuseAbove(limit: Money, { total }: DistillationForecast): void {
  if (total !== undefined && total.compare(limit) <= 0) return;
  throw new DistillationError(
    'COSTKIT_DISTILLATION_TOO_EXPENSIVE',
    total === undefined
      ? `maxUsd is ${limit}, and what the training costs is unknown. Give usdPerMillionTokens from your own price list`
      : `it may cost up to ${total}, and maxUsd is ${limit}. Raise it, or give fewer examples or a smaller maxAnswerTokens`,
  );
}

/** The job that learns these examples: the one that is there, else a new one. */
async function openJob(
  options: DistillationOptions,
  {
    id,
    lines,
    maxAnswerTokens,
  }: { readonly id: string; readonly lines: string; readonly maxAnswerTokens: number },
): Promise<string> {
  const { bedrock, s3, bucket, prefix = 'costkit-distillation' } = options;
  const { CreateModelCustomizationJobCommand, ListModelCustomizationJobsCommand } = await import(
    '@aws-sdk/client-bedrock'
  );
  const { PutObjectCommand } = await import('@aws-sdk/client-s3');
  const jobName = `costkit-${id}`;
  const { modelCustomizationJobSummaries = [] } = await bedrock.send(
    new ListModelCustomizationJobsCommand({ nameContains: jobName }),
  );
  const known = (modelCustomizationJobSummaries as readonly { jobName: string; jobArn: string }[]).find(
    (job) => job.jobName === jobName,
  );
  if (known !== undefined) return known.jobArn;
  const folder = `${prefix.replace(/\/$/, '')}/${id}`;
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: `${folder}/train.jsonl`, Body: lines }));
  const { jobArn } = await bedrock.send(
    new CreateModelCustomizationJobCommand({
      jobName,
      customModelName: options.customModelName,
      roleArn: options.roleArn,
      clientRequestToken: id,
      baseModelIdentifier: options.student,
      customizationType: 'DISTILLATION',
      trainingDataConfig: { s3Uri: `s3://${bucket}/${folder}/train.jsonl` },
      outputDataConfig: { s3Uri: `s3://${bucket}/${folder}/out` },
      customizationConfig: {
        distillationConfig: {
          teacherModelConfig: {
            teacherModelIdentifier: options.teacher,
            maxResponseLengthForInference: maxAnswerTokens,
          },
        },
      },
    }),
  );
  return jobArn as string;
}
