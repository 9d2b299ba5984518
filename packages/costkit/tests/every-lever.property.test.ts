import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { collectReceipts, Money, withTags } from '@costkit/core';
import { createManualClock, type LocalBedrock, proseModel, startLocalBedrock } from '@costkit/local';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anyCall, GUARDRAIL } from '../../core/tests/random-calls.js';
import { costkit } from '../src/index.js';

const DAY = '2026-11-22';
const RUNS = 10;
/** Each case sends up to six calls, and a draft, a continuation or a summary with some of them. */
const MOST_RUNS = 1_000;

describe('costkit with every lever at once', () => {
  const clock = createManualClock(Date.parse(`${DAY}T12:00:00Z`));
  let bedrock: LocalBedrock;
  let bare: BedrockRuntimeClient;

  beforeAll(async () => {
    bedrock = await startLocalBedrock({
      clock,
      models: { '*': proseModel({ tokens: { mean: 60 } }) },
      implicitCacheHitRate: 0.3,
      guardrails: { [GUARDRAIL]: { policies: ['content', 'word', 'sensitiveInformation'] } },
    });
    bare = new BedrockRuntimeClient({ ...bedrock.clientConfig, maxAttempts: 1 });
  });
  afterAll(async () => {
    bare.destroy();
    await bedrock.stop();
  });

  const wrapped = () =>
    costkit(bare, {
      clock: { now: () => clock.now(), monotonicMs: () => clock.now() },
      router: {
        tiers: [
          { name: 'small', modelId: 'us.amazon.nova-2-lite-v1:0' },
          { name: 'cheap', modelId: 'us.anthropic.claude-haiku-4-5-20251001-v1:0' },
          { name: 'strong', modelId: 'us.anthropic.claude-sonnet-4-5-20250929-v1:0' },
        ],
        policy: {
          version: 1,
          createdAt: DAY,
          tasks: { small: { tier: 'small' }, cheap: { tier: 'cheap' }, draft: { tier: 'strong' } },
        },
        cascade: {
          tiers: ['small', 'strong'],
          when: { task: 'draft' },
          check: ({ text }) => text.length % 2 === 0,
          stopWhenLosing: false,
        },
      },
      outputLimit: {
        mode: 'enforce',
        maxTokens: 40,
        brevity: true,
        repair: true,
        holdOut: 0.2,
        window: { maxTokens: 2_000 },
        tools: { maxTools: 2 },
        toolResults: {},
      },
      responseCache: { ttlMs: 60_000 },
      meter: { budgets: [{ name: 'all', limitUsd: 1_000_000, period: 'month', onExceed: 'alert' }] },
    });

  it('has every line of the bill on one receipt, to the last digit, whatever is called', async () => {
    const client = wrapped();
    const calls = fc.array(fc.tuple(anyCall(DAY), fc.constantFrom('small', 'cheap', 'draft', 'other')), {
      minLength: 1,
      maxLength: 6,
    });
    await fc.assert(
      fc.asyncProperty(calls, fc.nat(60_000), fc.boolean(), async (calls, pauseMs, atOnce) => {
        await clock.advance(pauseMs);
        const before = bedrock.bill().lines.length;
        const { receipts } = await collectReceipts(async () => {
          const sending: Promise<object>[] = [];
          for (const [call, task] of calls) {
            const sent = withTags({ task }, () => call.send(client));
            sending.push(sent);
            if (!atOnce) await sent;
          }
          await Promise.all(sending);
        });
        const { lines } = bedrock.bill();
        expect(receipts).toHaveLength(calls.length);
        const attempts = receipts.flatMap((receipt) => receipt.attempts);
        expect(new Map(attempts.map(({ requestId, cost }) => [requestId, cost?.picoUsd]))).toEqual(
          new Map(lines.slice(before).map(({ requestId, picoUsd }) => [requestId, picoUsd])),
        );
        expect(attempts).toHaveLength(lines.length - before);
        for (const { settled, attempts, cost } of receipts) {
          expect(settled).toBe(true);
          const costs = attempts.map((attempt) => attempt.cost);
          if (!costs.includes(undefined)) expect(cost).toEqual(Money.sum(costs as Money[]));
        }
      }),
      { numRuns: Math.min(Number(process.env['COSTKIT_FUZZ_RUNS'] ?? RUNS), MOST_RUNS) },
    );
  }, 600_000);
});
