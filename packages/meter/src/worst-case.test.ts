import type { RequestView } from '@costkit/core';
import { viewRequest } from '@costkit/core/views';
import { costOf, Money, resolveModel } from '@costkit/pricing';
import { describe, expect, it } from 'vitest';
import { usdOf } from './usd-of.js';
import { type WorstCase, worstCase } from './worst-case.js';

const HAIKU = 'us.anthropic.claude-haiku-4-5-20251001-v1:0';
const call = { region: 'us-east-1', startedAt: new Date('2026-11-22T10:00:00Z'), priceOverrides: [] };
const text = 'A question about the price of tokens. '.repeat(50);

function view(fields: Record<string, unknown> = {}): RequestView {
  return viewRequest('Converse', {
    modelId: HAIKU,
    messages: [{ role: 'user', content: [{ text }] }],
    ...fields,
  });
}
const pico = (bound: WorstCase): bigint => {
  if (!bound.known) throw new Error(bound.problem);
  return bound.picoUsd;
};

describe('worstCase', () => {
  it('stands above what the request can cost: twice the estimated input, the whole cap', () => {
    const bound = pico(worstCase(view(), call, 1_000));
    const usage = {
      input: 500,
      output: 1_000,
      cacheRead: 0,
      cacheWrite5m: 0,
      cacheWrite1h: 0,
      cacheWrite30m: 0,
    };
    const likely = costOf(usage, { model: HAIKU, region: 'us-east-1' }).total.picoUsd;
    expect(bound).toBeGreaterThan(likely);
    expect(usdOf(bound)).toBeLessThan(usdOf(likely) * 1.5);
  });

  it('grows with the cap by the output rate alone', () => {
    const output = resolveModel(HAIKU)?.model.prices.find(
      ({ scope, tier }) => scope === 'geo:us' && tier === 'standard',
    )?.rates.output;
    expect(pico(worstCase(view(), call, 1_001)) - pico(worstCase(view(), call, 1_000))).toBe(
      BigInt(output as number),
    );
  });

  it('reserves the write price where the request has cache points, the 1h one where it asks for that', () => {
    const point = (ttl?: string): RequestView =>
      view({
        messages: [
          {
            role: 'user',
            content: [{ text }, { cachePoint: { type: 'default', ...(ttl === undefined ? {} : { ttl }) } }],
          },
        ],
      });
    const plain = pico(worstCase(view(), call, 0));
    const fiveMinutes = pico(worstCase(point(), call, 0));
    const oneHour = pico(worstCase(point('1h'), call, 0));
    expect(Number(fiveMinutes) / Number(plain)).toBeCloseTo(1.25, 2);
    expect(Number(oneHour) / Number(plain)).toBeCloseTo(2, 2);
  });

  it('counts messages, tools and schemas, which surround the text', () => {
    const plain = pico(worstCase(view(), call, 0));
    const tools = { toolConfig: { tools: [{ toolSpec: { name: 'look', inputSchema: { json: {} } } }] } };
    expect(pico(worstCase(view(tools), call, 0))).toBeGreaterThan(plain);
    const chat = {
      messages: Array.from({ length: 9 }, (_, index) => ({
        role: index % 2 === 0 ? 'user' : 'assistant',
        content: [{ text: '.' }],
      })),
    };
    expect(pico(worstCase(view(chat), call, 0))).toBeGreaterThan(0n);
  });

  it.each([
    ['image', { image: { format: 'png', source: { bytes: new Uint8Array(3) } } }],
    ['document', { document: { format: 'pdf', name: 'one', source: { bytes: new Uint8Array(3) } } }],
  ])('cannot bound %s content until told how many tokens to reserve', (kind, block) => {
    const media = view({ messages: [{ role: 'user', content: [block, block, { text }] }] });
    expect(worstCase(media, call, 0)).toMatchObject({
      known: false,
      advice: expect.stringContaining(`mediaTokens: { ${kind}`),
    });
    const bound = pico(worstCase(media, call, 0, { mediaTokens: { [kind]: 1_000 } }));
    const input = resolveModel(HAIKU)?.model.prices.find(
      ({ scope, tier }) => scope === 'geo:us' && tier === 'standard',
    )?.rates.input;
    expect(bound - pico(worstCase(view(), call, 0))).toBe(BigInt(2_000 * (input as number)));
  });

  it('reserves for every picture inside a tool result, and for none of its bytes', () => {
    const image = { image: { format: 'png', source: { bytes: new Uint8Array(60_000) } } };
    const withResult = (content: readonly object[]) =>
      view({
        messages: [{ role: 'user', content: [{ toolResult: { toolUseId: 'shot', content } }, { text }] }],
      });
    const illustrated = withResult([image, image]);
    expect(worstCase(illustrated, call, 0)).toMatchObject({ known: false });
    const rate = resolveModel(HAIKU)?.model.prices.find(
      ({ scope, tier }) => scope === 'geo:us' && tier === 'standard',
    )?.rates.input as number;
    const more =
      pico(worstCase(illustrated, call, 0, { mediaTokens: { image: 1_000 } })) -
      pico(worstCase(withResult([]), call, 0));
    // The names of the two kinds are text of the result.
    expect(Number(more) / rate).toBeGreaterThanOrEqual(2_000);
    expect(Number(more) / rate).toBeLessThan(2_020);
  });

  it('says so when there is no price', () => {
    expect(worstCase(view({ modelId: 'nobody.knows-v1' }), call, 10)).toMatchObject({
      known: false,
      problem: expect.stringContaining('price'),
    });
  });

  it('asks the call for the model behind an opaque ARN', () => {
    const arn = 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc';
    expect(worstCase(view({ modelId: arn }), call, 10).known).toBe(false);
    const resolve = (): ReturnType<typeof resolveModel> => resolveModel(HAIKU);
    expect(pico(worstCase(view({ modelId: arn }), { ...call, resolve }, 10))).toBe(
      pico(worstCase(view(), call, 10)),
    );
  });

  it('cannot bound a body that no view can read', () => {
    const opaque = viewRequest('InvokeModel', { modelId: 'nobody.knows-v1', body: '{}' });
    expect(worstCase(opaque, call, 10)).toMatchObject({
      known: false,
      problem: expect.stringContaining('cannot be read'),
    });
  });

  it('reserves the dearest write price where cache points stand that no view shows', () => {
    const invoke = (more: object): RequestView =>
      viewRequest('InvokeModel', {
        modelId: HAIKU,
        body: JSON.stringify({
          anthropic_version: 'bedrock-2023-05-31',
          max_tokens: 1,
          messages: [{ role: 'user', content: text }],
          ...more,
        }),
      });
    const plain = pico(worstCase(invoke({}), call, 0));
    const hidden = pico(worstCase(invoke({ cache_control: { type: 'ephemeral' } }), call, 0));
    expect(Number(hidden) / Number(plain)).toBeCloseTo(2, 2);
  });

  it('reserves the standard price of what reserved capacity may have no room for', () => {
    const reserved = worstCase(view({ serviceTier: { type: 'reserved' } }), call, 100);
    expect(reserved).toEqual(worstCase(view(), call, 100));
  });

  it.each([
    ['a picture', 'amazon.titan-embed-image-v1', { inputImage: 'AAAA' }, '0.00006'],
    ['a query', 'cohere.rerank-v3-5:0', { query: text, documents: Array(101).fill('one') }, '0.004'],
  ])('reserves what %s costs that is billed by itself', (_, modelId, body, usd) => {
    const bound = worstCase(viewRequest('InvokeModel', { modelId, body: JSON.stringify(body) }), call, 0);
    const least = Money.fromUsd(usd).picoUsd;
    expect(pico(bound)).toBeGreaterThanOrEqual(least);
    expect(pico(bound)).toBeLessThan(2n * least);
  });

  it.each([
    { images: ['data:image/png;base64,AAAA'] },
    {
      inputs: [
        {
          content: [
            { type: 'text', text },
            { type: 'image_url', image_url: { url: 'data:' } },
          ],
        },
      ],
    },
  ])('cannot bound a picture that is embedded: neither its tokens nor its price are known', (body) => {
    const embedding = viewRequest('InvokeModel', {
      modelId: 'cohere.embed-v4:0',
      body: JSON.stringify({ input_type: 'image', ...body }),
    });
    expect(worstCase(embedding, call, 0)).toMatchObject({
      known: false,
      advice: expect.stringContaining('mediaTokens: { image'),
    });
    // Nor its price, which no source lists.
    expect(worstCase(embedding, call, 0, { mediaTokens: { image: 6_000 } })).toMatchObject({
      known: false,
      problem: 'no price is known for its image tokens',
    });
  });

  it('reserves what a guardrail can charge for conversation and answer, where its trace will tell', () => {
    const guarded = (trace: string): bigint => {
      const guardrailConfig = { guardrailIdentifier: 'g', guardrailVersion: '1', trace };
      return pico(worstCase(view({ guardrailConfig }), call, 1_000));
    };
    const plain = pico(worstCase(view(), call, 1_000));
    expect(guarded('disabled')).toBe(plain);
    // 1,900 characters of the conversation, and 8,000 that the answer may have: 10 units of 4 policies.
    expect(guarded('enabled') - plain).toBe(Money.fromUsd('0.005').picoUsd);
  });

  it('reserves half for batch', () => {
    const [onDemand, batch] = [worstCase(view(), call, 500), worstCase(view(), call, 500, {}, true)];
    expect(pico(batch) * 2n).toBe(pico(onDemand));
  });

  it.each([Number.NaN, -1, 10.5, Number.POSITIVE_INFINITY])('cannot bound a call whose cap is %d', (cap) => {
    expect(worstCase(view(), call, cap)).toMatchObject({
      known: false,
      problem: expect.stringContaining('maxTokens'),
    });
  });
});
