import type { WaitingClock } from '@costkit/core/waiting-clock';
import { DistillationError } from './distillation-error.js';
import type { DistillationOptions } from './run-distillation.js';
import type { SendingClient } from './sending-client.js';

/** How a job or a deployment is followed. */
export interface Following {
  readonly bedrock: SendingClient;
  readonly clock: WaitingClock;
  readonly pollMs: number;
  readonly signal: AbortSignal | undefined;
}

/** What the service says of a job, as far as it is read. */
export interface JobLook {
  readonly status: string;
  readonly failureMessage?: string;
  readonly outputModelArn?: string;
  readonly statusDetails?: Readonly<Record<string, { readonly status?: string } | undefined>>;
}

const STAGES = ['validation', 'dataProcessing', 'training'] as const;
/** The stage that runs, if one does. */
export const stageOf = ({ statusDetails }: JobLook): (typeof STAGES)[number] | undefined =>
  STAGES.find((name) => statusDetails?.[`${name}Details`]?.status === 'InProgress');
const ENDED: ReadonlySet<string> = new Set(['Completed', 'Failed', 'Stopped']);
/** Looks that may fail in a row before it is taken for more than a passing trouble. */
const MOST_RETRIES = 5;

/**
 * Looks until `ended` says so. The SDK retries what is throttled; a look that fails even then is repeated some times,
 * since a job of hours should not be lost sight of for a minute of trouble.
 */
export async function lookUntil<Look>(
  look: () => Promise<Look>,
  ended: (look: Look) => boolean,
  { clock, pollMs, signal }: Following,
): Promise<Look> {
  const { default: pRetry } = await import('p-retry');
  for (;;) {
    signal?.throwIfAborted();
    const found = await pRetry(look, {
      retries: MOST_RETRIES,
      minTimeout: 0,
      maxTimeout: 0,
      onFailedAttempt: async ({ retriesLeft }) => {
        if (retriesLeft > 0) await clock.sleep(pollMs, signal);
      },
      shouldRetry: ({ error }) => isPassing(error),
      ...(signal === undefined ? {} : { signal }),
    });
    if (ended(found)) return found;
    await clock.sleep(pollMs, signal);
  }
}

/** Whether trouble says nothing about what was asked. */
function isPassing(error: Error): boolean {
  const { $metadata } = error as Error & { readonly $metadata?: { readonly httpStatusCode?: number } };
  const status = $metadata?.httpStatusCode;
  return (
    status === undefined || status === 429 || status >= 500 || /Throttl|TooManyRequests/.test(error.name)
  );
}

/** Waits for the end of a job. @returns the ARN of the model that it made */
export async function followJob(
  jobArn: string,
  { onProgress, ...following }: Following & { readonly onProgress: DistillationOptions['onProgress'] },
): Promise<string> {
  const { GetModelCustomizationJobCommand } = await import('@aws-sdk/client-bedrock');
  const { status, failureMessage, outputModelArn } = await lookUntil(
    async () => {
      const look = (await following.bedrock.send(
        new GetModelCustomizationJobCommand({ jobIdentifier: jobArn }),
      )) as JobLook;
      onProgress?.({ jobArn, status: look.status, stage: stageOf(look) });
      return look;
    },
    (look) => ENDED.has(look.status),
    following,
  );
  if (status === 'Completed' && outputModelArn !== undefined) return outputModelArn;
  const reason = failureMessage === undefined ? '' : `: ${failureMessage.replace(/\.$/, '')}`;
  throw new DistillationError(
    'COSTKIT_DISTILLATION_JOB_FAILED',
    `the job ${jobArn} ended as ${status}${reason}. A job of other examples or another customModelName is a new one`,
  );
}
