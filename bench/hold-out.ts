import assert from 'node:assert/strict';
import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { collectReceipts, withTags } from '@costkit/core';
import { BREVITY_INSTRUCTION, withOutputLimit } from '@costkit/output-limiter';
import { holdOutSaving } from '@costkit/output-limiter/output';
import { ratesFor, resolveModel } from '@costkit/pricing';
import {
  converseResponse,
  fakeBedrockClientConfig,
  fakeRequestHandler,
  jsonResponse,
} from '@costkit/testing';

// `npx tsx --conditions=@costkit/source bench/hold-out.ts`: what a hold-out says that brevity saves, beside what it saves.
// The truth is known because the answers are made up: how long each would be without the instruction, and how much of
// that is left with it.

const CALLS = 300;
const RUNS = 10;
const HOLD_OUT = 0.2;
const INPUT_TOKENS = 60;
const INSTRUCTION_TOKENS = 24;
const SHARES_KEPT = [1, 0.8, 0.5] as const;
const MODELS = {
  support: 'us.anthropic.claude-haiku-4-5-20251001-v1:0',
  sort: 'us.amazon.nova-lite-v1:0',
} as const;
type Task = keyof typeof MODELS;

/** Tokens of an answer that nobody asked to be brief: a few are many times as long as most. */
function lengthOf(run: number, call: number): number {
  let state = (run * 1_000_003 + call * 7_919 + 1) >>> 0;
  state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) >>> 0;
  state = Math.imul(state ^ (state >>> 12), 0x297a2d39) >>> 0;
  const draw = ((state ^ (state >>> 15)) >>> 0) / 0x1_0000_0000;
  return Math.round(60 * Math.exp(2.5 * draw));
}

function clientFor(run: number, shareKept: number): BedrockRuntimeClient {
  const handler = fakeRequestHandler({
    keepRequests: 1,
    handler: ({ json }) => {
      const text = JSON.stringify(json);
      const isBrief = text.includes(BREVITY_INSTRUCTION);
      const call = Number(/Question (\d+)/.exec(text)?.[1]);
      const outputTokens = Math.round(lengthOf(run, call) * (isBrief ? shareKept : 1));
      const inputTokens = INPUT_TOKENS + (isBrief ? INSTRUCTION_TOKENS : 0);
      return jsonResponse(converseResponse({ text: 'Done.', usage: { inputTokens, outputTokens } }));
    },
  });
  return withOutputLimit(new BedrockRuntimeClient(fakeBedrockClientConfig(handler)), {
    brevity: true,
    learn: false,
    holdOut: HOLD_OUT,
  });
}

const taskOf = (call: number): Task => (call % 3 === 0 ? 'sort' : 'support');

/** What brevity saves on a call, in dollars. */
function trueSaving(run: number, call: number, shareKept: number): number {
  const model = resolveModel(MODELS[taskOf(call)]);
  const rates = model === undefined ? undefined : ratesFor({ model, region: 'us-east-1' });
  assert(rates?.input !== undefined && rates.output !== undefined);
  const bare = lengthOf(run, call);
  return ((bare - Math.round(bare * shareKept)) * rates.output - INSTRUCTION_TOKENS * rates.input) / 1e12;
}

for (const shareKept of SHARES_KEPT) {
  let [covered, significant] = [0, 0];
  process.stdout.write(
    `answers keep ${100 * shareKept} % of their tokens; ${CALLS} calls, ${100 * HOLD_OUT} % of them held out\n`,
  );
  for (let run = 0; run < RUNS; run += 1) {
    const client = clientFor(run, shareKept);
    let truth = 0;
    const { receipts } = await collectReceipts(async () => {
      for (let call = 0; call < CALLS; call += 1) {
        const messages = [{ role: 'user' as const, content: [{ text: `Question ${call}?` }] }];
        const task = taskOf(call);
        await withTags({ task }, () => client.send(new ConverseCommand({ modelId: MODELS[task], messages })));
      }
    });
    for (const [call, { decisions }] of receipts.entries())
      if (!decisions.some(({ action }) => action === 'held out')) truth += trueSaving(run, call, shareKept);
    const measured = holdOutSaving(receipts);
    assert(measured !== undefined, 'too few calls');
    const [low, high] = measured.totalInterval;
    if (low.usd <= truth && truth <= high.usd) covered += 1;
    if (measured.significant) significant += 1;
    if (run < 3)
      process.stdout.write(
        `  saved $${truth.toFixed(4)}; the hold-out says ${measured.total}, ${low} to ${high}\n`,
      );
  }
  process.stdout.write(
    `  ${covered} of ${RUNS} intervals hold what was saved; ${significant} are clear of zero\n\n`,
  );
}
