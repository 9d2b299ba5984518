import { type BedrockRuntimeClient, InvokeModelCommand, type Message } from '@aws-sdk/client-bedrock-runtime';
import { deriveClient, type Receipt } from '@costkit/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { type OutputLimitOptions, outputLimitPlugin, type WindowOptions } from '../src/index.js';
import { answeringBedrock, byCharacters } from './answering-bedrock.js';
import { anthropicBody } from './anthropic-body.js';
import { dollars, type OwnBody, SONNET, said, talk } from './anthropic-talk.js';

const SENTENCE = 'The parcel left the house on Monday and is on its way to the customer. ';
const LEFT_OUT = 'left out earlier turns';
const KEPT_WHOLE = 'kept the conversation whole';

let answer: string;
beforeEach(() => {
  answer = SENTENCE.repeat(10);
});
const local = answeringBedrock(byCharacters, () => answer);

let talks = 0;

/** Questions of some 400 tokens a turn. */
function questions(count: number): Message[][] {
  talks += 1;
  return Array.from({ length: count }, (_, turn) => [
    { role: 'user', content: [{ text: `Talk ${talks}, question ${turn}. ${SENTENCE.repeat(20)}` }] },
  ]);
}

const windowed = (window: WindowOptions, more: OutputLimitOptions = {}): BedrockRuntimeClient =>
  deriveClient(local.bare, outputLimitPlugin({ window, learn: false, ...more }));

/** Trims a little, and so at nearly every turn: what it leaves is written anew again and again. */
const LITTLE: WindowOptions = { maxTokens: 2_000, cutBackTo: 0.95 };
/** Trims much, and so seldom. */
const MUCH: WindowOptions = { maxTokens: 3_000, cutBackTo: 0.5 };

describe('withOutputLimit with a window on Anthropic Messages bodies', () => {
  it('does not make a trim that would cost more, says so on the receipt, and sends what the caller sent', async () => {
    const whole = await talk(local.bedrock, local.bare, { turns: questions(5) });
    const { receipts, usd, sent, own } = await talk(local.bedrock, windowed(LITTLE), { turns: questions(5) });
    expect(said(receipts, LEFT_OUT)).toEqual([]);
    expect(usd).toBeCloseTo(whole.usd, 10);
    expect(sent).toEqual(own);
    expect(said(receipts, KEPT_WHOLE)[0]?.decisions[0]?.reason).toMatch(
      /would cost \$0\.\d+ more over \d+ requests to come/,
    );
  });

  it('trims in steps that pay, and costs less than the conversation as it is', async () => {
    const whole = await talk(local.bedrock, local.bare, { turns: questions(18) });
    const { receipts, usd, texts, isBilled } = await talk(local.bedrock, windowed(MUCH), {
      turns: questions(18),
    });
    expect(usd).toBeLessThan(whole.usd);
    expect(isBilled).toBe(true);
    const trimmed = said(receipts, LEFT_OUT);
    expect(trimmed.length).toBeGreaterThan(3);
    // Once made, a cut stays, and what is cached moves a few times only.
    expect(said(receipts.slice(receipts.indexOf(trimmed[0] as Receipt)), LEFT_OUT)).toHaveLength(
      receipts.length - receipts.indexOf(trimmed[0] as Receipt),
    );
    const moves = texts
      .slice(1)
      .filter((messages, index) => !texts[index]?.every((message, at) => message === messages[at])).length;
    expect(moves).toBeGreaterThan(0);
    expect(moves).toBeLessThan(6);
    expect(receipts.at(-1)?.attempts[0]?.usage.cacheRead).toBeGreaterThan(1_000);
  });

  it('trims at once where nothing is cached, on streams too, and counts what was not sent in the baseline', async () => {
    // Few chunks.
    answer = SENTENCE;
    const asked = { turns: questions(6), cached: false, streaming: true };
    const whole = await talk(local.bedrock, local.bare, asked);
    const { receipts, usd, isBilled } = await talk(
      local.bedrock,
      windowed({ maxTokens: 1_000, cached: false }),
      asked,
    );
    expect(usd).toBeLessThan(0.8 * whole.usd);
    expect(isBilled).toBe(true);
    expect(said(receipts, KEPT_WHOLE)).toEqual([]);
    expect(dollars(receipts, 'baseline').usd / whole.usd).toBeGreaterThan(0.9);
    expect(dollars(receipts, 'baseline').usd / whole.usd).toBeLessThan(1.1);
  });

  it.each([
    { streaming: false, cached: true },
    { streaming: true, cached: false },
  ])(
    'puts notes in the place of turns, by the request that costs least: %o',
    async ({ streaming, cached }) => {
      if (streaming) answer = SENTENCE;
      const client = windowed({
        maxTokens: 1_500,
        cutBackTo: 0.3,
        always: true,
        cached,
        // Not one of those that takes these bodies.
        summarize: { models: ['us.amazon.nova-micro-v1:0'], maxTokens: 100 },
      });
      const seen = local.bedrock.requests().length;
      const more = { system: 'Be kind.', stop_sequences: ['###'], temperature: 0.5 };
      const { receipts, isBilled } = await talk(local.bedrock, client, {
        turns: questions(18),
        streaming,
        cached,
        more,
      });
      expect(isBilled).toBe(true);
      const notes = receipts.flatMap(({ attempts }) => attempts.filter(({ purpose }) => purpose === 'check'));
      expect(notes.length).toBeGreaterThan(1);
      expect(notes.every(({ modelId }) => modelId === SONNET)).toBe(true);
      const bodies = local.bedrock
        .requests()
        .slice(seen)
        .map(
          ({ body }) =>
            body as unknown as OwnBody & { readonly system?: string; readonly temperature?: number },
        );
      const asked = bodies.filter(({ messages }) =>
        JSON.stringify(messages.at(-1)).includes('Summarise what was said'),
      );
      expect(asked).toHaveLength(notes.length);
      for (const { system, temperature } of asked) {
        // Behind the conversation, to read it from the cache, or by itself.
        expect(system).toBe(cached ? 'Be kind.' : undefined);
        expect(temperature).toBeUndefined();
      }
      if (cached) expect(notes.at(-1)?.usage.cacheRead).toBeGreaterThan(1_000);
      expect(JSON.stringify(asked[0])).not.toContain('Notes on earlier turns');
      expect(JSON.stringify(asked[1])).toContain('Notes on earlier turns');
      const last = bodies.at(-1)?.messages ?? [];
      expect(last.map(({ role }) => role)).toEqual(
        last.map((_, at) => (at % 2 === 0 ? 'user' : 'assistant')),
      );
      expect(JSON.stringify(last).match(/Notes on earlier turns/g)).toHaveLength(1);
    },
  );

  it('changes nothing in observe, and says what it would have left out', async () => {
    const { receipts, sent, own } = await talk(
      local.bedrock,
      windowed({ maxTokens: 1_000, always: true }, { mode: 'observe' }),
      { turns: questions(6) },
    );
    expect(sent).toEqual(own);
    expect(said(receipts, `would have ${LEFT_OUT}`).length).toBeGreaterThan(1);
    expect(receipts.every(({ saved }) => saved?.usd === 0)).toBe(true);
  });

  it('does not take the bytes of an image in a tool result for text', async () => {
    const image = {
      type: 'image',
      source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo'.repeat(5_000) },
    };
    const look = [
      { role: 'user', content: 'What is on the screen?' },
      { role: 'assistant', content: [{ type: 'tool_use', id: 'one', name: 'look', input: {} }] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'one', content: [image] }] },
      { role: 'assistant', content: 'A window.' },
    ];
    const again = JSON.parse(JSON.stringify(look).replaceAll('"one"', '"two"')) as typeof look;
    const body = {
      ...anthropicBody([]),
      messages: [...look, ...again, { role: 'user', content: 'And now?' }],
    };
    const client = windowed({ maxTokens: 4_000, always: true });
    await client.send(new InvokeModelCommand({ modelId: SONNET, body: JSON.stringify(body) }));
    expect(local.bedrock.requests()[0]?.body).toEqual(body);
  });

  it('leaves a conversation alone that the service shortens itself, or that is guarded', async () => {
    const messages = questions(4).flatMap((turn) => [
      ...turn,
      { role: 'assistant' as const, content: [{ text: 'Yes.' }] },
    ]);
    const client = windowed({ maxTokens: 10, always: true });
    for (const more of [
      { context_management: { edits: [] } },
      { 'amazon-bedrock-guardrailConfig': { tagSuffix: 'xyz' } },
    ]) {
      const body = anthropicBody(messages.slice(0, -1), more);
      await client.send(new InvokeModelCommand({ modelId: SONNET, body: JSON.stringify(body) }));
      expect(local.bedrock.requests().at(-1)?.body as unknown as OwnBody).toEqual(body);
    }
  });
});
