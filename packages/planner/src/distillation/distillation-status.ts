import { type JobLook, stageOf } from './follow-job.js';
import type { SendingClient } from './sending-client.js';

/** How far a job is, and how its student is called. */
export interface DistillationStatus {
  readonly jobArn: string;
  readonly jobName: string;
  /** `InProgress`, `Completed`, `Failed`, `Stopping` or `Stopped`. */
  readonly status: string;
  /** `validation`, `dataProcessing` or `training`, while one of them runs. */
  readonly stage?: string;
  /** Why it failed. */
  readonly failureMessage?: string;
  readonly customModelName: string;
  /** Once the job is completed. */
  readonly customModelArn?: string;
  /** Where the student is called by token, once it is deployed. */
  readonly deploymentArn?: string;
  /** `Creating`, `Active` or `Failed`. */
  readonly deploymentStatus?: string;
}

interface StatusLook extends JobLook {
  readonly jobArn: string;
  readonly jobName: string;
  readonly outputModelName?: string;
}

/**
 * Looks once at a job of `runDistillation`.
 *
 * @param job - Its ARN or name.
 *
 * @example
 * ```ts
 * const { status, deploymentArn } = await distillationStatus(new BedrockClient({}), jobArn);
 * ```
 */
export async function distillationStatus(bedrock: SendingClient, job: string): Promise<DistillationStatus> {
  const { GetModelCustomizationJobCommand, ListCustomModelDeploymentsCommand } = await import(
    '@aws-sdk/client-bedrock'
  );
  const look = (await bedrock.send(
    new GetModelCustomizationJobCommand({ jobIdentifier: job }),
  )) as StatusLook;
  const stage = stageOf(look);
  const { failureMessage, outputModelArn } = look;
  const { modelDeploymentSummaries = [] } =
    outputModelArn === undefined
      ? {}
      : await bedrock.send(new ListCustomModelDeploymentsCommand({ modelArnEquals: outputModelArn }));
  const [deployment] = modelDeploymentSummaries as readonly {
    readonly customModelDeploymentArn: string;
    readonly status: string;
  }[];
  return {
    jobArn: look.jobArn,
    jobName: look.jobName,
    status: look.status,
    customModelName: look.outputModelName ?? '',
    ...(stage === undefined ? {} : { stage }),
    ...(failureMessage === undefined ? {} : { failureMessage }),
    ...(outputModelArn === undefined ? {} : { customModelArn: outputModelArn }),
    ...(deployment === undefined
      ? {}
      : { deploymentArn: deployment.customModelDeploymentArn, deploymentStatus: deployment.status }),
  };
}
