import { ConverseCommand, type Message } from '@aws-sdk/client-bedrock-runtime';
import { type Receipt, receiptOf } from '@costkit/core';
import { describe, expect, it } from 'vitest';
import { withOutputLimit } from '../src/index.js';
import { answeringBedrock, byCharacters } from './answering-bedrock.js';

const SENTENCE = 'The parcel left the house on Monday and is on its way to the customer. ';
const messages = Array.from(
  { length: 41 },
  (_, index): Message => ({
    role: index % 2 === 0 ? 'user' : 'assistant',
    content: [{ text: `Turn ${index}. ${SENTENCE.repeat(20)}` }],
  }),
);
const local = answeringBedrock(byCharacters, () => 'yes '.repeat(200));

describe('what a receipt says was saved', () => {
  it.each(['default', 'flex', 'priority'] as const)('is at the rates of the tier: %s', async (type) => {
    const client = withOutputLimit(local.bare, {
      window: { maxTokens: 4_000, always: true, cached: false },
      maxTokens: 100,
      holdOut: 0.4,
      repair: false,
      learn: false,
    });
    const input = { modelId: 'us.amazon.nova-2-lite-v1:0', messages, serviceTier: { type } };
    const receipts: Receipt[] = [];
    // Until what the cap saves is known from 20 answers that had none.
    for (let call = 0; call < 70; call += 1)
      receipts.push(receiptOf(await client.send(new ConverseCommand(input))) as Receipt);
    const { saved, decisions } = receipts.findLast(({ decisions: { length } }) =>
      receipts.every((other) => other.decisions.length <= length),
    ) as Receipt;
    expect(decisions).toHaveLength(2);
    const said = decisions.reduce((sum, { estimatedSaving }) => sum + (estimatedSaving?.usd ?? 0), 0);
    expect(said / (saved?.usd ?? 0)).toBeCloseTo(1, 1);
  });
});
