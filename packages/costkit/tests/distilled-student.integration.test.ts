import { BedrockClient } from '@aws-sdk/client-bedrock';
import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { S3Client } from '@aws-sdk/client-s3';
import { collectReceipts, Money } from '@costkit/core';
import { createManualClock, type LocalModel, startLocalBedrock } from '@costkit/local';
import { distillationPayback } from '@costkit/planner';
import {
  holdOutCases,
  runDistillation,
  selectTrainingData,
  type TrainingExample,
} from '@costkit/planner/distillation';
import { evaluateTiers, exactGrader, policyFrom } from '@costkit/router/evaluation';
import { expect, it } from 'vitest';
import { costkit } from '../src/index.js';

const TEACHER = 'amazon.nova-pro-v1:0';
const BASE = 'amazon.nova-micro-v1:0';

/** What is asked, and what is right. */
const question = (task: string, index: number): string => `${task}: is order ${index} late?`;
const right = (text: string): string => (Number(/\d+/.exec(text)?.[0]) % 2 === 0 ? 'yes' : 'no');
const answers = (says: (text: string) => string): LocalModel => ({
  kind: 'fixed',
  answer: ({ userText }) => ({ parts: [{ type: 'text', text: says(userText) }] }),
});

it('makes a student whose evaluation gives the policy by which the router sends to its deployment', {
  timeout: 60_000,
}, async () => {
  const clock = createManualClock(Date.UTC(2026, 10, 2));
  const bedrock = await startLocalBedrock({
    clock,
    buckets: ['data'],
    models: {
      [TEACHER]: answers(right),
      // Learnt what late orders are; refunds it has not understood.
      'orders-micro': answers((text) => (text.startsWith('refunds') ? 'perhaps' : right(text))),
    },
  });
  const control = new BedrockClient(bedrock.clientConfig);
  const s3 = new S3Client(bedrock.s3ClientConfig);
  const runtime = new BedrockRuntimeClient(bedrock.clientConfig);
  const examples = ['orders', 'refunds'].flatMap((task) =>
    Array.from(
      { length: 120 },
      (_, index): TrainingExample => ({
        task,
        system: '',
        turns: [{ role: 'user', text: question(task, index) }],
        answer: right(question(task, index)),
      }),
    ),
  );
  const data = await selectTrainingData(examples, { teacher: TEACHER, student: BASE, holdOutShare: 0.4 });
  const { deploymentArn = '' } = await runDistillation({
    bedrock: control,
    s3,
    bucket: 'data',
    roleArn: 'arn:aws:iam::123456789012:role/distil',
    teacher: TEACHER,
    student: `${BASE}:128k`,
    examples: data.train,
    customModelName: 'orders-micro',
    clock: { now: () => clock.now(), sleep: async (ms) => void (await clock.advance(ms)) },
  });

  const tiers = [
    { name: 'student', modelId: deploymentArn, model: BASE },
    { name: 'teacher', modelId: TEACHER },
  ];
  const before = bedrock.bill().lines.length;
  const report = await evaluateTiers({
    client: runtime,
    cases: holdOutCases(data.holdOut),
    tiers,
    grade: exactGrader(),
    bar: { maxLoss: 0.1 },
    maxUsd: 5,
  });
  const paid = bedrock
    .bill()
    .lines.slice(before)
    .reduce((sum, { picoUsd = 0n }) => sum + picoUsd, 0n);
  expect(report.spentUsdExact).toBe(Money.fromPicoUsd(paid).toUsdString());
  const policy = policyFrom(report);
  expect(Object.keys(policy.tasks)).toEqual(['orders']);
  expect(policy.tasks['orders']).toMatchObject({ tier: 'student', evidence: { model: BASE } });

  const client = costkit(runtime, {
    models: { [deploymentArn]: BASE },
    router: { tiers, policy, mode: 'enforce' },
    promptCache: false,
    outputLimit: false,
    clock: { now: () => clock.now(), monotonicMs: () => clock.now() },
  });
  const start = bedrock.bill().lines.length;
  const { receipts } = await collectReceipts(async () => {
    for (const task of ['orders', 'refunds']) {
      await client.send(
        new ConverseCommand({
          modelId: TEACHER,
          messages: [{ role: 'user', content: [{ text: question(task, 7) }] }],
          inferenceConfig: { maxTokens: 20 },
          requestMetadata: { task },
        }),
      );
    }
  });
  const billed = bedrock.bill().lines.slice(start);
  expect(billed.map(({ modelId, scope }) => [modelId, scope])).toEqual([
    [deploymentArn, 'custom'],
    [TEACHER, 'inRegion'],
  ]);
  expect(receipts.map(({ cost }) => cost?.picoUsd)).toEqual(billed.map(({ picoUsd }) => picoUsd));
  expect(receipts[0]).toMatchObject({ servedModel: BASE, scope: 'custom' });
  expect(receipts[0]?.saved?.picoUsd).toBeGreaterThan(0n);

  const payback = distillationPayback({
    teacher: TEACHER,
    student: BASE,
    requestsPerMonth: 5_000_000,
    inputTokens: 400,
    outputTokens: 50,
    studentShare: 0.5,
    training: { prompts: data.train.length, usdPerMillionTokens: '1.5' },
  });
  expect(payback.paybackMonths).toBeLessThan(1);
  for (const one of [control, s3, runtime]) one.destroy();
  await bedrock.stop();
});
