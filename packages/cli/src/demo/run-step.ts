import { setTimeout as nextTurn } from 'node:timers/promises';
import { BedrockClient } from '@aws-sdk/client-bedrock';
import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { type Clock, collectReceipts, Money, type Receipt } from '@costkit/core';
import { createManualClock, type LocalBedrock, type ManualClock, startLocalBedrock } from '@costkit/local';
import { type CostkitConfig, costkit } from 'costkit';
import { type CallsAtOnce, createCallsAtOnce } from './calls-at-once.js';
import { type BillComparison, compareWithBill } from './compare-with-bill.js';
import type { DemoStep, Quality, Scenario } from './scenario.js';

const BUCKET = 'waiting-calls';
/** How far time goes on while the application waits for its batch job. */
const TIME_STEP_MS = 30_000;
const BATCH_WAIT_MS = 600_000;

/** What one run of the application cost and achieved. */
export interface StepRun {
  readonly name: string;
  /** By the local Bedrock's own bill. */
  readonly cost: Money;
  readonly receipts: readonly Receipt[];
  /** `undefined` for the bare client, which writes no receipts. */
  readonly comparison: BillComparison | undefined;
  readonly quality: Quality | undefined;
}

/** The time that costkit sees, on the local Bedrock's clock. */
function clockOf(clock: ManualClock): Clock {
  return { now: () => clock.now(), monotonicMs: () => clock.now() };
}

type BatchConfig = Exclude<CostkitConfig['batch'], false | undefined>;

async function batchConfig(
  scenario: Scenario,
  bedrock: LocalBedrock,
  clock: ManualClock,
  calls: CallsAtOnce,
): Promise<BatchConfig> {
  const s3 = new S3Client(bedrock.s3ClientConfig);
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  return {
    bedrock: new BedrockClient(bedrock.clientConfig),
    s3,
    bucket: BUCKET,
    roleArn: 'arn:aws:iam::123456789012:role/batch',
    when: (_, call) => {
      const canWait = call.tags['feature'] === scenario.waitingFeature;
      if (canWait) calls.waits();
      return canWait;
    },
    maxWaitMs: BATCH_WAIT_MS,
    clock: { now: () => clock.now(), sleep: (ms, signal) => clock.sleep(ms, signal) },
  };
}

/** Runs the application once, with what the step puts around its client, against a Bedrock of its own. */
export async function runStep(scenario: Scenario, step: DemoStep): Promise<StepRun> {
  const clock = createManualClock(scenario.startMs);
  const bedrock = await startLocalBedrock({ ...scenario.bedrock, clock });
  const bare = new BedrockRuntimeClient(bedrock.clientConfig);
  const calls = createCallsAtOnce(async () => {
    await nextTurn(5);
    await clock.advance(TIME_STEP_MS);
  });
  bare.middlewareStack.add(
    (next) => async (args) => {
      await calls.atWire();
      return next(args);
    },
    { name: 'callsAtOnce', step: 'deserialize', priority: 'low' },
  );
  const batch = step.batch ? await batchConfig(scenario, bedrock, clock, calls) : undefined;
  try {
    const client =
      step.config === undefined
        ? bare
        : costkit(bare, { ...step.config, clock: clockOf(clock), ...(batch === undefined ? {} : { batch }) });
    const { result: quality, receipts } = await collectReceipts(() =>
      scenario.run({ client, clock, batch: step.batch, atOnce: calls.make }),
    );
    const bill = bedrock.bill();
    return {
      name: step.name,
      cost: Money.fromPicoUsd(bill.total.picoUsd),
      receipts,
      comparison: step.config === undefined ? undefined : compareWithBill(receipts, bill),
      quality,
    };
  } finally {
    bare.destroy();
    await bedrock.stop();
  }
}
