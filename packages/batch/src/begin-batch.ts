import type { BatchPlan } from './batch-plan.js';
import { folderOf } from './job.js';

/** Writes down that a batch begins, unless the journal knows it. */
export async function beginBatch({ log, model, recordType, options, clock }: BatchPlan): Promise<void> {
  if (log.isOld) return;
  const { bucket, roleArn } = options;
  const folder = folderOf(options);
  await log.append({ step: 'begun', model, recordType, bucket, folder, roleArn, at: clock.now() });
}
