import { createManualClock, type LocalBedrock, proseModel, startLocalBedrock } from '@costkit/local';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collectReceipts, deriveClient, leverPlugin, Money, settingsPlugin } from '../src/index.js';
import { HTTP_VERSIONS, localClient } from './local-client.js';
import { anyCall, GUARDRAIL } from './random-calls.js';

const DAY = '2026-11-22';
const RUNS = 40;
const LAST = Date.parse(`${DAY}T12:00:00Z`) + 3 * 86_400_000;

/** Waits for all, also where one fails: the next case must not meet their lines. */
async function allOf(sending: readonly Promise<unknown>[]): Promise<void> {
  for (const sent of await Promise.allSettled(sending)) if (sent.status === 'rejected') throw sent.reason;
}

describe.each(HTTP_VERSIONS)('receipts over %s', (version) => {
  const clock = createManualClock(Date.parse(`${DAY}T12:00:00Z`));
  let bedrock: LocalBedrock;
  let bare: ReturnType<typeof localClient>;

  beforeAll(async () => {
    bedrock = await startLocalBedrock({
      clock,
      models: { '*': proseModel({ tokens: { mean: 60 } }) },
      implicitCacheHitRate: 0.3,
      guardrails: { [GUARDRAIL]: { policies: ['content', 'word', 'sensitiveInformation'] } },
    });
    bare = localClient(bedrock, version, { maxAttempts: 1 });
  });
  afterAll(async () => {
    bare.destroy();
    await bedrock.stop();
  });

  it('agree with the bill to the last digit, call by call, whatever is called', async () => {
    const client = deriveClient(
      bare,
      leverPlugin('nothing', []),
      settingsPlugin({ clock: { now: () => clock.now(), monotonicMs: () => clock.now() } }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyCall(DAY), { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 0, max: 4_000_000 }),
        fc.boolean(),
        async (calls, pauseMs, atOnce) => {
          // Models reach the end of their lives: the test stays within three days.
          await clock.advance(Math.max(0, Math.min(pauseMs, LAST - clock.now())));
          const before = bedrock.bill().lines.length;
          const { receipts } = await collectReceipts(async () => {
            if (atOnce) await allOf(calls.map((call) => call.send(client)));
            else for (const call of calls) await call.send(client);
          });
          const lines = new Map(
            bedrock
              .bill()
              .lines.slice(before)
              .map((line) => [line.requestId, line]),
          );
          expect(lines.size).toBe(calls.length);
          expect(receipts).toHaveLength(calls.length);
          for (const receipt of receipts) {
            const [attempt] = receipt.attempts;
            const line = lines.get(attempt?.requestId ?? '');
            expect(receipt).toMatchObject({ settled: true, attempts: { length: 1 } });
            expect({
              model: attempt?.servedModel,
              scope: attempt?.scope,
              tokens: attempt?.usage,
              picoUsd: attempt?.cost?.picoUsd,
            }).toEqual({
              model: line?.model,
              scope: line?.scope,
              tokens: {
                ...line?.tokens,
                ...(Object.keys(line?.units ?? {}).length === 0 ? {} : { units: line?.units }),
              },
              picoUsd: line?.picoUsd,
            });
            expect(receipt.cost?.picoUsd).toBe(attempt?.cost?.picoUsd);
            // Nothing was changed: the call is its own baseline.
            expect(receipt.baseline?.picoUsd).toBe(receipt.cost?.picoUsd);
            if (receipt.cost !== undefined) expect(receipt.saved).toEqual(Money.zero);
          }
        },
      ),
      { numRuns: Number(process.env['COSTKIT_FUZZ_RUNS'] ?? RUNS) },
    );
  });
});
