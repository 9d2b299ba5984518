import { type BedrockRuntimeClient, InvokeModelCommand, type Message } from '@aws-sdk/client-bedrock-runtime';
import { deriveClient } from '@costkit/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { type OutputLimitOptions, outputLimitPlugin } from '../src/index.js';
import { answeringBedrock, asEstimated } from './answering-bedrock.js';
import { anthropicTools } from './anthropic-body.js';
import { dollars, type Json, type OwnBody, SONNET, said, talk } from './anthropic-talk.js';

const COMPACTED = 'compacted tool results';
const KEPT_RESULTS = 'kept tool results as they are';

let answer: string;
beforeEach(() => {
  answer = 'Done.';
});
const local = answeringBedrock(asEstimated(SONNET), () => answer);

const limited = (options: OutputLimitOptions): BedrockRuntimeClient =>
  deriveClient(local.bare, outputLimitPlugin({ learn: false, ...options }));
let talks = 0;

/** Questions, each with a call of a tool and its result. */
function withResults(count: number, rows: number): Message[][] {
  talks += 1;
  return Array.from({ length: count }, (_, turn) => {
    const toolUseId = `${talks}-${turn}`;
    const found = Array.from({ length: rows }, (__, id) => ({
      id: turn * 100 + id,
      customer: `Customer ${id}`,
      open: true,
    }));
    return [
      { role: 'user', content: [{ text: `Talk ${talks}, question ${turn}: which orders are open?` }] },
      { role: 'assistant', content: [{ toolUse: { toolUseId, name: 'find', input: {} } }] },
      {
        role: 'user',
        content: [{ toolResult: { toolUseId, content: [{ text: JSON.stringify(found, undefined, 2) }] } }],
      },
    ];
  });
}

const FIND = {
  tools: anthropicTools([
    { toolSpec: { name: 'find', description: 'Finds orders.', inputSchema: { json: { type: 'object' } } } },
  ]),
};

const bodyOf = (messages: readonly object[], more: Json = {}): string =>
  JSON.stringify({ anthropic_version: 'bedrock-2023-05-31', max_tokens: 9, ...more, messages }, undefined, 1);

const withGuardedResult = [
  { role: 'user', content: 'Which orders are open?' },
  { role: 'assistant', content: [{ type: 'tool_use', id: 'one', name: 'find', input: {} }] },
  {
    role: 'user',
    content: [{ type: 'tool_result', tool_use_id: 'one', content: '{  "open":  [ 1, 2, 3 ]  }' }],
  },
];

describe('withOutputLimit with toolResults on Anthropic Messages bodies', () => {
  it.each([{ streaming: false }, { streaming: true }])(
    'compacts results from their first time on, leaves every prefix as it is, and costs less: %o',
    async ({ streaming }) => {
      const asked = { more: FIND, streaming };
      const whole = await talk(local.bedrock, local.bare, { ...asked, turns: withResults(4, 60) });
      const { receipts, usd, texts, isBilled } = await talk(local.bedrock, limited({ toolResults: {} }), {
        ...asked,
        turns: withResults(4, 60),
      });
      expect(usd).toBeLessThan(0.6 * whole.usd);
      expect(said(receipts, COMPACTED)).toHaveLength(4);
      for (const [index, messages] of texts.slice(1).entries())
        expect(messages.slice(0, texts[index]?.length)).toEqual(texts[index]);
      expect(
        texts
          .at(-1)
          ?.join('')
          .match(/\{id,customer,open\}/g),
      ).toHaveLength(4);
      expect(receipts.at(-1)?.attempts[0]?.usage.cacheRead).toBeGreaterThan(1_000);
      expect(isBilled).toBe(true);
      expect(dollars(receipts, 'baseline').usd / whole.usd).toBeGreaterThan(0.9);
      expect(dollars(receipts, 'baseline').usd / whole.usd).toBeLessThan(1.1);
    },
  );

  it('leaves results as they are in a prefix that was sent without it, where that costs less, and says so', async () => {
    const before = await talk(local.bedrock, local.bare, { more: FIND, turns: withResults(3, 4) });
    const rules: Message[][] = [
      [{ role: 'user', content: [{ text: 'These are the rules. '.repeat(1_500) }] }],
    ];
    const { messages } = await talk(local.bedrock, local.bare, {
      more: FIND,
      turns: rules,
      messages: before.messages,
    });
    const { receipts, texts } = await talk(local.bedrock, limited({ toolResults: {} }), {
      more: FIND,
      turns: withResults(2, 4),
      messages,
    });
    expect(receipts[0]?.decisions[0]?.action).toBe(KEPT_RESULTS);
    expect(receipts[0]?.decisions[0]?.reason).toMatch(
      /^3 tool results were sent as they are: .* would cost \$0\.\d+ more over \d+ requests to come/,
    );
    expect(texts[0]?.slice(0, before.texts.at(-1)?.length)).toEqual(before.texts.at(-1));
    expect(texts[0]?.at(-1)).toContain('{id,customer,open}');
    expect(texts[1]?.slice(0, texts[0]?.length)).toEqual(texts[0]);
  });

  it('changes nothing in observe, and says what it would have done', async () => {
    const { receipts, sent, own } = await talk(local.bedrock, limited({ toolResults: {}, mode: 'observe' }), {
      more: FIND,
      turns: withResults(2, 20),
    });
    expect(sent).toEqual(own);
    expect(said(receipts, `would have ${COMPACTED}`)).toHaveLength(2);
    expect(receipts.every(({ saved }) => saved?.usd === 0)).toBe(true);
  });

  it('keeps cache points and images in results, and what else stands beside the text', async () => {
    const rows = JSON.stringify(
      Array.from({ length: 9 }, (_, id) => ({ id, open: true })),
      undefined,
      2,
    );
    const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AQID' } };
    const control = { cache_control: { type: 'ephemeral' } };
    const messages = [
      { role: 'user', content: 'Which orders are open?' },
      { role: 'assistant', content: [{ type: 'tool_use', id: 'one', name: 'find', input: {} }] },
      {
        role: 'user',
        content: [
          {
            type: 'tool_result',
            tool_use_id: 'one',
            is_error: false,
            content: [image, { type: 'text', text: rows, ...control }],
            ...control,
          },
        ],
      },
    ];
    const client = limited({ toolResults: {} });
    await client.send(new InvokeModelCommand({ modelId: SONNET, body: bodyOf(messages, FIND) }));
    const [sent] = local.bedrock.requests().map(({ body }) => body as unknown as OwnBody);
    const [result] = (sent?.messages[2]?.content ?? []) as Json[];
    expect(result).toMatchObject({ is_error: false, ...control });
    expect(result?.['content']).toEqual([
      image,
      { type: 'text', text: expect.stringContaining('[9]{'), ...control },
    ]);
  });

  it('passes on, to the byte, what is guarded by tags and what it cannot read', async () => {
    const bodies = [
      bodyOf(withGuardedResult, { ...FIND, 'amazon-bedrock-guardrailConfig': { tagSuffix: 'xyz' } }),
      bodyOf([{ role: 'user', content: [{ type: 'tool_result', content: '[  1  ]' }, 'Not a block.'] }]),
      '{"anthropic_version": "bedrock-2023-05-31", "messages": "none"}',
      '["no", "object"]',
      'no JSON',
    ];
    const seen: string[] = [];
    const client = limited({ toolResults: {}, mode: 'enforce' });
    client.middlewareStack.add(
      (next) => (args) => {
        const { body } = args.request as { body: string | Uint8Array };
        seen.push(typeof body === 'string' ? body : new TextDecoder().decode(body));
        return next(args);
      },
      { step: 'finalizeRequest' },
    );
    for (const body of bodies)
      await client.send(new InvokeModelCommand({ modelId: SONNET, body })).catch(() => undefined);
    expect(seen).toEqual(bodies);
  });
});
