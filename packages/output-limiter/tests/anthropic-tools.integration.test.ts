import {
  type BedrockRuntimeClient,
  InvokeModelCommand,
  type Message,
  type Tool,
} from '@aws-sdk/client-bedrock-runtime';
import { deriveClient } from '@costkit/core';
import { describe, expect, it } from 'vitest';
import { type OutputLimitOptions, outputLimitPlugin, type ToolOptions } from '../src/index.js';
import { answeringBedrock, asEstimated } from './answering-bedrock.js';
import { anthropicBody, anthropicTools } from './anthropic-body.js';
import { dollars, type Json, type OwnBody, SONNET, said, talk } from './anthropic-talk.js';

const SELECTED = 'selected tools';
const KEPT = 'kept all tools';

const local = answeringBedrock(asEstimated(SONNET), () => 'Done.');

const tool = (name: string, description: string): Tool => ({
  toolSpec: { name, description: description.repeat(8), inputSchema: { json: { type: 'object' } } },
});
const OTHERS = ['harbour', 'glacier', 'violin', 'orchard', 'telescope', 'saddle', 'lantern', 'compass'];
const toolsOf = (count: number, cached: boolean): { readonly tools: Json[] } => ({
  tools: anthropicTools([
    tool('findOrder', 'Finds an order of a customer. '),
    tool('bookFlight', 'Books a flight to an airport. '),
    ...Array.from({ length: count }, (_, index) =>
      tool(`tool${index}`, `Looks after one ${OTHERS[index % OTHERS.length]}. `),
    ),
    ...(cached ? [{ cachePoint: { type: 'default' as const } } as Tool] : []),
  ]),
});
const asked = (texts: readonly string[]): Message[][] =>
  texts.map((text) => [{ role: 'user', content: [{ text }] }]);
const namesOf = ({ tools = [] }: OwnBody): unknown[] => tools.map((one) => one['name']);

const choosing = (tools: ToolOptions, more: OutputLimitOptions = {}): BedrockRuntimeClient =>
  deriveClient(local.bare, outputLimitPlugin({ tools, learn: false, ...more }));

const ORDERS = ['Find the order of Ada, please.', 'And the order of Bo?', 'Which customer is that?'];
/** Wants a good part of the tools, every time. */
const BROAD = Array.from(
  { length: 3 },
  () => 'Find an order, book a flight, and see to harbour, glacier and violin.',
);

describe('withOutputLimit with tools on Anthropic Messages bodies', () => {
  it('sends the tools that are asked for where nothing is cached, on streams too, and counts the others in the baseline', async () => {
    const options = { turns: asked(ORDERS), more: toolsOf(40, false), cached: false, streaming: true };
    const whole = await talk(local.bedrock, local.bare, options);
    const { receipts, usd, sent, isBilled } = await talk(
      local.bedrock,
      choosing({ maxTools: 2, cached: false }),
      options,
    );
    expect(sent.map(namesOf)).toEqual([['findOrder'], ['findOrder'], ['findOrder']]);
    expect(usd).toBeLessThan(0.3 * whole.usd);
    expect(isBilled).toBe(true);
    expect(said(receipts, SELECTED)).toHaveLength(3);
    expect(dollars(receipts, 'baseline').usd / whole.usd).toBeGreaterThan(0.9);
    expect(dollars(receipts, 'baseline').usd / whole.usd).toBeLessThan(1.1);
  });

  it('keeps cached tools where another list would cost more, and says what it would have cost', async () => {
    const options = { turns: asked(BROAD), more: toolsOf(40, true), cached: false };
    // Another conversation has written the tools.
    await talk(local.bedrock, local.bare, { ...options, turns: asked(['Good morning.']) });
    const whole = await talk(local.bedrock, local.bare, options);
    const { receipts, usd, sent, own } = await talk(local.bedrock, choosing({ maxTools: 10 }), options);
    expect(sent).toEqual(own);
    expect(said(receipts, KEPT)).toHaveLength(3);
    expect(receipts[0]?.decisions[0]?.reason).toMatch(
      /^10 of 42 tools would do, but to send no others would cost \$0\.\d+ more over 1 requests to come/,
    );
    expect(usd).toBeCloseTo(whole.usd, 10);
  });

  it('sends few of very many tools although all are cached, and the same ones from then on', async () => {
    const options = { turns: asked(ORDERS), more: toolsOf(150, true), cached: false };
    await talk(local.bedrock, local.bare, { ...options, turns: asked(['Good morning.']) });
    const whole = await talk(local.bedrock, local.bare, options);
    const { receipts, usd, sent } = await talk(local.bedrock, choosing({ maxTools: 2 }), options);
    expect(said(receipts, SELECTED)).toHaveLength(3);
    // The caller's own point stays behind them.
    expect(sent.map(({ tools }) => tools)).toEqual(
      Array.from({ length: 3 }, () => [
        expect.objectContaining({ name: 'findOrder', cache_control: { type: 'ephemeral' } }),
      ]),
    );
    expect(usd).toBeLessThan(whole.usd);
  });

  it('changes nothing in observe, and nothing where tools are loaded by a search', async () => {
    const options = { turns: asked(ORDERS), more: toolsOf(40, false), cached: false };
    const client = choosing({ maxTools: 1, always: true }, { mode: 'observe' });
    const { receipts, sent, own } = await talk(local.bedrock, client, options);
    expect(sent).toEqual(own);
    expect(said(receipts, `would have ${SELECTED}`)).toHaveLength(3);
    const { tools } = toolsOf(3, false);
    const body = anthropicBody(asked(ORDERS)[0] ?? [], {
      tools: tools.map((one, index) => (index === 0 ? one : { ...one, defer_loading: true })),
    });
    await choosing({ maxTools: 1, always: true }).send(
      new InvokeModelCommand({ modelId: SONNET, body: JSON.stringify(body) }),
    );
    expect(local.bedrock.requests().at(-1)?.body).toEqual(body);
  });
});
