import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { type Clock, collectReceipts, Money, type Receipt } from '@costkit/core';
import { type Bill, createManualClock, type ManualClock, startLocalBedrock } from '@costkit/local';
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
const CONCURRENT_REVIEWS = 10;

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

function wrapped(
  bare: BedrockRuntimeClient,
  config: CostkitConfig | undefined,
  clock: ManualClock,
): BedrockRuntimeClient {
  return config === undefined ? bare : costkit(bare, { ...config, clock: clockOf(clock) });
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

async function enrichAll(client: BedrockRuntimeClient): Promise<number> {
  const queue = [...REVIEW_DOCUMENTS];
  let right = 0;
  const work = async (): Promise<void> => {
    for (let document = queue.shift(); document !== undefined; document = queue.shift()) {
      const text = await enrichReview(client, DEMO_MODELS.frontier, document);
      if (text.includes(topicAnswer(document.topic))) right += 1;
    }
  };
  await Promise.all(Array.from({ length: CONCURRENT_REVIEWS }, work));
  return right;
}

/** Runs the application once, against a Bedrock of its own. */
export async function runStep(step: DemoStep, assumptions: Assumptions): Promise<StepRun> {
  const clock = createManualClock(START_MS);
  const bedrock = await startLocalBedrock({
    clock,
    models: demoModels(assumptions),
    implicitCacheHitRate: assumptions.implicitCacheHitRate,
  });
  const bare = new BedrockRuntimeClient(bedrock.clientConfig);
  try {
    const client = wrapped(bare, step.config, clock);
    const { result: quality, receipts } = await collectReceipts(async () => {
      const rightAnswers = await serveCustomers(client, clock, assumptions.secondsBetweenQuestions);
      const rightTopics = await enrichAll(client);
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
