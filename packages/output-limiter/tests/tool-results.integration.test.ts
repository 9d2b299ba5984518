import {
  type BedrockRuntimeClient,
  ConverseCommand,
  type ConverseCommandInput,
  ConverseStreamCommand,
  type Message,
} from '@aws-sdk/client-bedrock-runtime';
import { collectReceipts, deriveClient, InvalidOptionError, Money, type Receipt } from '@costkit/core';
import { describe, expect, it } from 'vitest';
import {
  type OutputLimitOptions,
  outputLimitPlugin,
  type ToolResultOptions,
  withOutputLimit,
} from '../src/index.js';
import { answeringBedrock, asEstimated } from './answering-bedrock.js';

const SONNET = 'us.anthropic.claude-sonnet-4-5-20250929-v1:0';
const UNCACHED = 'meta.llama3-3-70b-instruct-v1:0';
const COMPACTED = 'compacted tool results';
const KEPT = 'kept tool results as they are';

const local = answeringBedrock(asEstimated(SONNET), () => 'Done.');

const toolConfig = {
  tools: [
    { toolSpec: { name: 'find', description: 'Finds orders.', inputSchema: { json: { type: 'object' } } } },
  ],
};
const rowsOf = (turn: number, rows: number): object[] =>
  Array.from({ length: rows }, (_, id) => ({ id: turn * 100 + id, customer: `Customer ${id}`, open: true }));

/** A question, a call of the tool, and its result. */
function turnOf(talk: string, turn: number, rows: number): Message[] {
  const toolUseId = `${talk}-${turn}`;
  return [
    { role: 'user', content: [{ text: `Talk ${talk}, question ${turn}: which orders are open?` }] },
    { role: 'assistant', content: [{ toolUse: { toolUseId, name: 'find', input: {} } }] },
    {
      role: 'user',
      content: [
        { toolResult: { toolUseId, content: [{ text: JSON.stringify(rowsOf(turn, rows), undefined, 2) }] } },
      ],
    },
  ];
}

/** With a cache point behind each of the last two turns of the user. */
function marked(messages: readonly Message[]): Message[] {
  const ends = messages.flatMap(({ role }, index) => (role === 'user' ? [index] : [])).slice(-2);
  return messages.map((message, index) =>
    ends.includes(index)
      ? { ...message, content: [...(message.content ?? []), { cachePoint: { type: 'default' as const } }] }
      : message,
  );
}

interface Talk {
  readonly receipts: readonly Receipt[];
  readonly usd: number;
  /** Messages of each request, as the server saw them, without cache points. */
  readonly sent: readonly (readonly string[])[];
  readonly messages: Message[];
}

let talks = 0;

interface TalkOptions {
  readonly turns: number;
  readonly rows?: number;
  readonly modelId?: string;
  readonly messages?: Message[];
}

async function talk(client: BedrockRuntimeClient, options: TalkOptions): Promise<Talk> {
  const { turns, rows = 20, modelId = SONNET, messages = [] } = options;
  const [billed, seen] = [local.bedrock.bill().total.usd, local.bedrock.requests().length];
  talks += 1;
  const { receipts } = await collectReceipts(async () => {
    for (let turn = 0; turn < turns; turn += 1) {
      messages.push(...turnOf(`${talks}`, turn, rows));
      const input: ConverseCommandInput = {
        modelId,
        toolConfig,
        messages: modelId === SONNET ? marked(messages) : [...messages],
      };
      const { output } = await client.send(new ConverseCommand(input));
      messages.push(output?.message as Message);
    }
  });
  const sent = local.bedrock
    .requests()
    .slice(seen)
    .map(({ body }) =>
      (body as { messages: Message[] }).messages.map(({ role, content = [] }) =>
        JSON.stringify([role, content.filter((block) => !('cachePoint' in block))]),
      ),
    );
  return { receipts, usd: local.bedrock.bill().total.usd - billed, sent, messages };
}

const compacting = (
  toolResults: ToolResultOptions = {},
  more: OutputLimitOptions = {},
): BedrockRuntimeClient =>
  deriveClient(local.bare, outputLimitPlugin({ toolResults, learn: false, ...more }));
const said = (receipts: readonly Receipt[], action: string): Receipt[] =>
  receipts.filter(({ decisions }) => decisions.some((decision) => decision.action === action));
const dollars = (receipts: readonly Receipt[], of: 'cost' | 'baseline' | 'saved'): number =>
  Money.sum(receipts.map((receipt) => receipt[of] as Money)).usd;

describe('withOutputLimit with toolResults', () => {
  it('compacts results from their first time on, leaves every prefix as it is, and costs less', async () => {
    const whole = await talk(local.bare, { turns: 8, rows: 60 });
    const { receipts, usd, sent } = await talk(compacting(), { turns: 8, rows: 60 });
    expect(usd).toBeLessThan(0.5 * whole.usd);
    expect(said(receipts, COMPACTED)).toHaveLength(8);
    for (const [index, messages] of sent.slice(1).entries())
      expect(messages.slice(0, sent[index]?.length)).toEqual(sent[index]);
    expect(sent.at(-1)?.join('')).toContain('{id,customer,open}');
    expect(receipts.at(-1)?.attempts[0]?.usage.cacheRead).toBeGreaterThan(1_000);
    expect(dollars(receipts, 'cost')).toBeCloseTo(usd, 10);
    expect(receipts.at(-1)?.baselineQuality).toBe('estimated');
    expect(dollars(receipts, 'baseline') / whole.usd).toBeGreaterThan(0.9);
    expect(dollars(receipts, 'baseline') / whole.usd).toBeLessThan(1.1);
  });

  it('leaves results as they are in a prefix that was sent without it, where that costs less, and says so', async () => {
    const before = await talk(local.bare, { turns: 3, rows: 4 });
    const messages = structuredClone(before.messages);
    // Not JSON, so that what stands behind the first results is much and stays so.
    messages.push(
      { role: 'user', content: [{ text: 'These are the rules. '.repeat(1_500) }] },
      { role: 'assistant', content: [{ text: 'Understood.' }] },
    );
    const { receipts, sent } = await talk(compacting(), { turns: 3, rows: 4, messages });
    const [first] = said(receipts, KEPT);
    expect(first).toBe(receipts[0]);
    expect(first?.decisions[0]?.reason).toMatch(
      /^3 tool results were sent as they are: .* would cost \$0\.\d+ more over \d+ requests to come/,
    );
    // The old ones are what they were, to the byte; the new ones are compacted.
    expect(sent[0]?.slice(0, before.sent.at(-1)?.length)).toEqual(before.sent.at(-1));
    expect(sent[0]?.at(-1)).toContain('{id,customer,open}');
    expect(sent[1]?.slice(0, sent[0]?.length)).toEqual(sent[0]);
  });

  it('compacts results in a cached prefix where that pays, once', async () => {
    const before = await talk(local.bare, { turns: 6, rows: 40 });
    const { receipts, sent } = await talk(compacting(), { turns: 2, messages: before.messages });
    expect(said(receipts, KEPT)).toEqual([]);
    expect(sent[0]?.join('').match(/\{id,customer,open\}/g)).toHaveLength(7);
    expect(sent[1]?.slice(0, sent[0]?.length)).toEqual(sent[0]);
  });

  it('compacts all of it at once where nothing is cached, or where it always does', async () => {
    const before = await talk(local.bare, { turns: 2, rows: 4, modelId: UNCACHED });
    const { receipts, sent } = await talk(compacting(), {
      turns: 1,
      modelId: UNCACHED,
      messages: before.messages,
    });
    expect(sent[0]?.join('').match(/\{id,customer,open\}/g)).toHaveLength(3);
    const [{ decisions, saved } = {}] = receipts;
    expect((decisions?.[0]?.estimatedSaving?.usd as number) / (saved?.usd as number)).toBeCloseTo(1, 1);
    const always = await talk(compacting({ always: true, toon: false }), {
      turns: 1,
      rows: 2,
      messages: (await talk(local.bare, { turns: 1, rows: 2 })).messages,
    });
    expect(always.sent[0]?.join('')).not.toContain('\\n');
  });

  it('changes nothing in observe, and says what it would have done', async () => {
    const whole = await talk(local.bare, { turns: 1 });
    const { receipts, sent } = await talk(compacting({}, { mode: 'observe' }), { turns: 2 });
    expect(sent[0]?.join('').length).toBe(whole.sent[0]?.join('').length);
    expect(said(receipts, `would have ${COMPACTED}`)).toHaveLength(2);
    expect(receipts.every(({ saved }) => saved?.usd === 0)).toBe(true);
  });

  it('counts what it and a window leave out together', async () => {
    const window = { maxTokens: 1_500 };
    const whole = await talk(local.bare, { turns: 8, modelId: UNCACHED });
    const { receipts } = await talk(compacting({}, { window }), { turns: 8, modelId: UNCACHED });
    expect(said(receipts, 'left out earlier turns').length).toBeGreaterThan(2);
    expect(dollars(receipts, 'baseline') / whole.usd).toBeGreaterThan(0.9);
    expect(dollars(receipts, 'baseline') / whole.usd).toBeLessThan(1.1);
  });

  it('compacts what is streamed too', async () => {
    const client = compacting();
    const messages = turnOf('streamed', 0, 20);
    const { stream } = await client.send(
      new ConverseStreamCommand({ modelId: SONNET, toolConfig, messages }),
    );
    for await (const _ of stream ?? []);
    expect(JSON.stringify(local.bedrock.requests()[0]?.body)).toContain('{id,customer,open}');
  });

  it.each([{ yaml: true }, { toon: 'yes' }, 5])('refuses %o at construction', (toolResults) => {
    expect(() => withOutputLimit(local.bare, { toolResults: toolResults as ToolResultOptions })).toThrow(
      InvalidOptionError,
    );
  });
});
