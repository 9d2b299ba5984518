import { setTimeout as nextTurn } from 'node:timers/promises';
import { BedrockClient } from '@aws-sdk/client-bedrock';
import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { type Clock, collectReceipts, Money, type Receipt } from '@costkit/core';
import {
  type Bill,
  createManualClock,
  type LocalBedrock,
  type ManualClock,
  startLocalBedrock,
} from '@costkit/local';
import { type CostkitConfig, costkit } from 'costkit';
import { answerCustomer, enrichReview } from './assistant.js';
import type { Assumptions } from './assumptions.js';
import { type BillComparison, compareWithBill } from './compare-with-bill.js';
import { DEMO_MODELS, demoModels, topicAnswer } from './models.js';
import type { DemoStep } from './steps.js';
import { drawsFrom } from './workload/draw.js';
import { REVIEW_DOCUMENTS } from './workload/nightly-documents.js';
import { SUPPORT_QUESTIONS } from './workload/support-questions.js';

/** Monday morning. */
const START_MS = Date.parse('2026-11-16T09:00:00Z');
const BUCKET = 'nightly';
/** How far the night goes on while the application waits for its batch job. */
const NIGHT_STEP_MS = 30_000;

/** Right answers, of how many. */
export interface Quality {
  readonly questions: number;
  readonly rightAnswers: number;
  readonly reviews: number;
  readonly rightTopics: number;
}

/** What one run of the application cost and achieved. */
export interface StepRun {
  readonly name: DemoStep['name'];
  /** By the local Bedrock's own bill. */
  readonly cost: Money;
  readonly bill: Bill;
  readonly receipts: readonly Receipt[];
  /** `undefined` for the bare client, which writes no receipts. */
  readonly comparison: BillComparison | undefined;
  readonly quality: Quality;
}

/** The time that costkit sees, on the local Bedrock's clock. */
function clockOf(clock: ManualClock): Clock {
  return { now: () => clock.now(), monotonicMs: () => clock.now() };
}

/** Puts costkit around the client as the step says. */
async function wrapped(
  bare: BedrockRuntimeClient,
  step: DemoStep,
  bedrock: LocalBedrock,
  clock: ManualClock,
): Promise<BedrockRuntimeClient> {
  if (step.config === undefined) return bare;
  return costkit(bare, {
    ...step.config,
    clock: clockOf(clock),
    ...(step.batch ? { batch: await batchOptions(bedrock, clock) } : {}),
  });
}

async function batchOptions(
  bedrock: LocalBedrock,
  clock: ManualClock,
): Promise<NonNullable<CostkitConfig['batch']>> {
  const s3 = new S3Client(bedrock.s3ClientConfig);
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  return {
    bedrock: new BedrockClient(bedrock.clientConfig),
    s3,
    bucket: BUCKET,
    roleArn: 'arn:aws:iam::123456789012:role/nightly',
    when: (_, call) => call.tags['feature'] === 'nightly',
    maxWaitMs: 600_000,
    clock: { now: () => clock.now(), sleep: (ms, signal) => clock.sleep(ms, signal) },
  };
}

/** Answers the customers as they come in, at random intervals. */
async function serveCustomers(
  client: BedrockRuntimeClient,
  clock: ManualClock,
  meanSeconds: number,
): Promise<number> {
  const draw = drawsFrom(1);
  let right = 0;
  for (const question of SUPPORT_QUESTIONS) {
    // Poisson arrivals: exponential gaps.
    await clock.advance(Math.round(-Math.log(1 - draw()) * meanSeconds * 1_000));
    const answer = await answerCustomer(client, DEMO_MODELS.frontier, question);
    if (answer.includes(`: ${question.answer}.`)) right += 1;
  }
  return right;
}

/** The nightly job: all reviews at once, as they are for an application that does not wait in between. */
async function enrichAll(client: BedrockRuntimeClient): Promise<number> {
  const texts = await Promise.all(
    REVIEW_DOCUMENTS.map((document) => enrichReview(client, DEMO_MODELS.frontier, document)),
  );
  return texts.filter((text, index) => text.includes(topicAnswer(REVIEW_DOCUMENTS[index]?.topic ?? '')))
    .length;
}

/** Lets time pass on the clock until the work is done; a batch job takes hours of it. */
async function whileTimePasses<T>(clock: ManualClock, work: Promise<T>): Promise<T> {
  let done = false;
  const finished = work.finally(() => {
    done = true;
  });
  while (!done) {
    await nextTurn(5);
    if (!done) await clock.advance(NIGHT_STEP_MS);
  }
  return finished;
}

/** Runs the application once, against a Bedrock of its own. */
export async function runStep(step: DemoStep, assumptions: Assumptions): Promise<StepRun> {
  const clock = createManualClock(START_MS);
  const bedrock = await startLocalBedrock({
    clock,
    models: demoModels(assumptions),
    seed: assumptions.seed,
    implicitCacheHitRate: assumptions.implicitCacheHitRate,
  });
  const bare = new BedrockRuntimeClient(bedrock.clientConfig);
  try {
    const client = await wrapped(bare, step, bedrock, clock);
    const { result: quality, receipts } = await collectReceipts(async () => {
      const rightAnswers = await serveCustomers(client, clock, assumptions.secondsBetweenQuestions);
      const night = enrichAll(client);
      const rightTopics = await (step.batch ? whileTimePasses(clock, night) : night);
      return {
        questions: SUPPORT_QUESTIONS.length,
        rightAnswers,
        reviews: REVIEW_DOCUMENTS.length,
        rightTopics,
      };
    });
    const bill = bedrock.bill();
    return {
      name: step.name,
      cost: Money.fromPicoUsd(bill.total.picoUsd),
      bill,
      receipts,
      comparison: step.config === undefined ? undefined : compareWithBill(receipts, bill),
      quality,
    };
  } finally {
    bare.destroy();
    await bedrock.stop();
  }
}
