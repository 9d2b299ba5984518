import type { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { CliUsageError } from '../cli-error.js';

/** Where calls go. */
export interface ClientOptions {
  readonly region?: string;
  readonly batchBucket?: string;
  readonly batchRole?: string;
}

/** Long enough for all requests to be there: they are made at once. */
const BATCH_WAIT_MS = 10_000;

/** The clients of an evaluation. */
export interface EvaluationClients {
  /** Asks the tiers; by batch jobs where a bucket and a role are given. */
  readonly tiers: BedrockRuntimeClient;
  /** Asks the judge, at once. */
  readonly judge: BedrockRuntimeClient;
}

/**
 * Makes the clients, with the credentials and endpoints of the environment.
 *
 * @throws `CliUsageError` where only one of bucket and role is given.
 */
export async function evaluationClients({
  region,
  batchBucket,
  batchRole,
}: ClientOptions): Promise<EvaluationClients> {
  const { BedrockRuntimeClient } = await import('@aws-sdk/client-bedrock-runtime');
  const at = region === undefined ? {} : { region };
  const runtime = new BedrockRuntimeClient(at);
  if (batchBucket === undefined && batchRole === undefined) return { tiers: runtime, judge: runtime };
  if (batchBucket === undefined || batchRole === undefined) {
    throw new CliUsageError(
      'batch jobs need both --batch-bucket and --batch-role. Add the other',
      'COSTKIT_INVALID_OPTION',
    );
  }
  const [{ BedrockClient }, { S3Client }, { batchClient }] = await Promise.all([
    import('@aws-sdk/client-bedrock'),
    import('@aws-sdk/client-s3'),
    import('@costkit/batch'),
  ]);
  const tiers = batchClient(runtime, {
    bedrock: new BedrockClient(at),
    s3: new S3Client(at),
    bucket: batchBucket,
    roleArn: batchRole,
    maxWaitMs: BATCH_WAIT_MS,
  });
  return { tiers, judge: runtime };
}
