import {
  BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { type LocalBedrock, startLocalBedrock } from '@costkit/local';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BudgetEntry, type BudgetStore, memoryBudgetStore, withMeter } from '../src/index.js';
import { realTexts } from './real-texts.js';

const MODELS = [
  'us.anthropic.claude-haiku-4-5-20251001-v1:0',
  'us.anthropic.claude-opus-5-5',
  'us.amazon.nova-lite-v1:0',
];
const TEXTS = realTexts();

/** A piece of a real text. */
const piece = fc
  .record({
    from: fc.constantFrom(...TEXTS),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.integer({ min: 1, max: 4_000 }),
  })
  .map(({ from: [, text], at, length }) => {
    const start = Math.floor(at * Math.max(0, text.length - length));
    return text.slice(start, start + length);
  })
  .filter((text) => text.trim() !== '');

const request = fc.record({
  modelId: fc.constantFrom(...MODELS),
  system: fc.array(piece, { maxLength: 2 }),
  turns: fc.array(piece, { minLength: 1, maxLength: 5 }),
  cached: fc.boolean(),
  tools: fc.array(piece, { maxLength: 2 }),
  maxTokens: fc.integer({ min: 1, max: 60 }),
  streamed: fc.boolean(),
});
type PlannedRequest = typeof request extends fc.Arbitrary<infer T> ? T : never;

function inputOf({ modelId, system, turns, cached, tools, maxTokens }: PlannedRequest) {
  const point = { cachePoint: { type: 'default' as const } };
  return {
    modelId,
    system: [...system.map((text) => ({ text })), ...(cached && system.length > 0 ? [point] : [])],
    // An odd number: the last word is the user's.
    messages: turns.slice(0, turns.length - ((turns.length + 1) % 2)).map((text, index) => ({
      role: index % 2 === 0 ? ('user' as const) : ('assistant' as const),
      content: [{ text }],
    })),
    ...(tools.length === 0
      ? {}
      : {
          toolConfig: {
            tools: tools.map((description, index) => ({
              toolSpec: { name: `tool${index}`, description, inputSchema: { json: { type: 'object' } } },
            })),
          },
        }),
    inferenceConfig: { maxTokens },
  };
}

describe('reservations', () => {
  let bedrock: LocalBedrock;
  beforeAll(async () => {
    bedrock = await startLocalBedrock();
  });
  afterAll(() => bedrock.stop());

  it('hold what is billed in at least 999 of 1,000 calls, the calibrated ones closely', async () => {
    const memory = memoryBudgetStore();
    const reserved = new Map<BudgetEntry, bigint>();
    const exceeded: string[] = [];
    const ratios: number[] = [];
    let calls = 0;
    const store: BudgetStore = {
      ...memory,
      reserve: (entry) => {
        reserved.set(entry, entry.picoUsd);
        return memory.reserve(entry);
      },
      settle: (entry, spent) => {
        calls += 1;
        ratios.push(Number(spent) / Number(entry.picoUsd));
        if (spent > entry.picoUsd) exceeded.push(`${spent} of ${entry.picoUsd}`);
        return memory.settle(entry, spent);
      },
    };
    const client = withMeter(new BedrockRuntimeClient(bedrock.clientConfig), {
      store,
      budgets: [{ name: 'all', limitUsd: 1_000, period: 'total', onExceed: 'block' }],
    });
    await fc.assert(
      fc.asyncProperty(request, async (planned) => {
        const input = inputOf(planned);
        if (!planned.streamed) {
          await client.send(new ConverseCommand(input));
          return;
        }
        const { stream } = await client.send(new ConverseStreamCommand(input));
        for await (const _ of stream ?? []) void _;
      }),
      { numRuns: 300, endOnFailure: true },
    );
    expect(calls).toBeGreaterThanOrEqual(300);
    expect(exceeded.length).toBeLessThanOrEqual(Math.floor(calls / 1_000));
    const settled = ratios.slice(200).sort((one, other) => one - other);
    expect(settled[settled.length >> 1]).toBeGreaterThan(0.6);
    client.destroy();
  }, 120_000);
});
