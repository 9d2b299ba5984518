import {
  type BedrockRuntimeClient,
  ConverseCommand,
  type ConverseCommandInput,
  type Message,
  type Tool,
} from '@aws-sdk/client-bedrock-runtime';
import { collectReceipts, deriveClient, InvalidOptionError, Money, type Receipt } from '@costkit/core';
import { describe, expect, it } from 'vitest';
import {
  type OutputLimitOptions,
  outputLimitPlugin,
  type ToolOptions,
  withOutputLimit,
} from '../src/index.js';
import { answeringBedrock, asEstimated } from './answering-bedrock.js';

const SONNET = 'us.anthropic.claude-sonnet-4-5-20250929-v1:0';
const UNCACHED = 'meta.llama3-3-70b-instruct-v1:0';
const SELECTED = 'selected tools';
const KEPT = 'kept all tools';

const local = answeringBedrock(asEstimated(SONNET), () => 'Done.');

const point = { cachePoint: { type: 'default' as const } };
const tool = (name: string, description: string): Tool => ({
  toolSpec: { name, description: description.repeat(8), inputSchema: { json: { type: 'object' } } },
});
const OTHERS = ['harbour', 'glacier', 'violin', 'orchard', 'telescope', 'saddle', 'lantern', 'compass'];
const toolsOf = (count: number): Tool[] => [
  tool('findOrder', 'Finds an order of a customer. '),
  tool('bookFlight', 'Books a flight to an airport. '),
  ...Array.from({ length: count }, (_, index) =>
    tool(`tool${index}`, `Looks after one ${OTHERS[index % OTHERS.length]}. `),
  ),
];

interface Talk {
  readonly receipts: readonly Receipt[];
  readonly usd: number;
  /** Names of the tools of each request, as the server saw them. */
  readonly sent: readonly (readonly string[])[];
}

interface TalkOptions {
  readonly questions: readonly string[];
  readonly tools?: number;
  readonly modelId?: string;
  readonly toolChoice?: NonNullable<ConverseCommandInput['toolConfig']>['toolChoice'];
}

async function talk(client: BedrockRuntimeClient, options: TalkOptions): Promise<Talk> {
  const { questions, tools = 40, modelId = SONNET, toolChoice } = options;
  const cached = modelId === SONNET;
  const [billed, seen] = [local.bedrock.bill().total.usd, local.bedrock.requests().length];
  const messages: Message[] = [];
  const { receipts } = await collectReceipts(async () => {
    for (const question of questions) {
      messages.push({ role: 'user', content: [{ text: question }] });
      const toolConfig = {
        tools: [...toolsOf(tools), ...(cached ? [point] : [])],
        ...(toolChoice === undefined ? {} : { toolChoice }),
      };
      const { output } = await client.send(
        new ConverseCommand({ modelId, toolConfig, messages: [...messages] }),
      );
      messages.push(output?.message as Message);
    }
  });
  const sent = local.bedrock
    .requests()
    .slice(seen)
    .map(({ body }) =>
      (body as { toolConfig: { tools: Tool[] } }).toolConfig.tools.map((one) =>
        'cachePoint' in one ? '|' : (one.toolSpec?.name ?? ''),
      ),
    );
  return { receipts, usd: local.bedrock.bill().total.usd - billed, sent };
}

const choosing = (tools: ToolOptions, more: OutputLimitOptions = {}): BedrockRuntimeClient =>
  deriveClient(local.bare, outputLimitPlugin({ tools, learn: false, ...more }));
const said = (receipts: readonly Receipt[], action: string): Receipt[] =>
  receipts.filter(({ decisions }) => decisions.some((decision) => decision.action === action));
const dollars = (receipts: readonly Receipt[], of: 'cost' | 'baseline'): number =>
  Money.sum(receipts.map((receipt) => receipt[of] as Money)).usd;

const ORDERS = ['Find the order of Ada, please.', 'And the order of Bo?', 'Which customer is that?'];
/** Wants a good part of the tools, every time. */
const BROAD = Array.from(
  { length: 3 },
  () => 'Find an order, book a flight, and see to harbour, glacier and violin.',
);
const FLIGHTS = ['Now book a flight.', 'To which airport is the flight?'];

describe('withOutputLimit with tools', () => {
  it('sends the tools that are asked for where nothing is cached, and counts the others in the baseline', async () => {
    const asked = { questions: [...ORDERS, ...FLIGHTS], modelId: UNCACHED };
    const whole = await talk(local.bare, asked);
    const { receipts, usd, sent } = await talk(choosing({ maxTools: 2 }), asked);
    expect(sent[0]).toEqual(['findOrder']);
    expect(sent.slice(3).every((names) => names.includes('bookFlight'))).toBe(true);
    expect(usd).toBeLessThan(0.3 * whole.usd);
    expect(said(receipts, SELECTED)).toHaveLength(5);
    expect(dollars(receipts, 'cost')).toBeCloseTo(usd, 10);
    expect(dollars(receipts, 'baseline') / whole.usd).toBeGreaterThan(0.9);
    expect(dollars(receipts, 'baseline') / whole.usd).toBeLessThan(1.1);
    const [{ decisions, saved } = {}] = receipts;
    expect((decisions?.[0]?.estimatedSaving?.usd as number) / (saved?.usd as number)).toBeCloseTo(1, 1);
  });

  it('keeps cached tools where another list would cost more, and says what it would have cost', async () => {
    // Another conversation has written the tools.
    await talk(local.bare, { questions: ['Good morning.'] });
    const whole = await talk(local.bare, { questions: BROAD });
    const { receipts, usd, sent } = await talk(choosing({ maxTools: 10 }), {
      questions: BROAD,
    });
    expect(sent.every((names) => names.length === 43)).toBe(true);
    expect(said(receipts, SELECTED)).toEqual([]);
    expect(said(receipts, KEPT)).toHaveLength(3);
    expect(receipts[0]?.decisions[0]?.reason).toMatch(
      /^10 of 42 tools would do, but to send no others would cost \$0\.\d+ more over 1 requests to come/,
    );
    expect(usd).toBeCloseTo(whole.usd, 10);
    const always = await talk(choosing({ maxTools: 10, always: true }), {
      questions: BROAD,
    });
    expect(always.usd).toBeGreaterThan(usd);
  });

  it('sends few of very many tools although all are cached, and the same ones from then on', async () => {
    await talk(local.bare, { questions: ['Good morning.'], tools: 200 });
    const whole = await talk(local.bare, { questions: ORDERS, tools: 200 });
    const { receipts, usd, sent } = await talk(choosing({ maxTools: 2 }), { questions: ORDERS, tools: 200 });
    expect(said(receipts, SELECTED)).toHaveLength(3);
    expect(sent).toEqual([sent[0], sent[0], sent[0]]);
    // The caller's own point stays behind them.
    expect(sent[0]).toEqual(['findOrder', '|']);
    expect(usd).toBeLessThan(whole.usd);
  });

  it('has kept tools, forced ones and those that were called in every request', async () => {
    const { sent } = await talk(choosing({ maxTools: 1, keep: ['tool3'] }), {
      questions: ORDERS.slice(0, 1),
      modelId: UNCACHED,
    });
    expect(sent[0]).toEqual(['tool3', 'findOrder']);
    const forced = await talk(choosing({ maxTools: 1 }), {
      questions: ORDERS.slice(0, 1),
      toolChoice: { tool: { name: 'tool7' } },
      modelId: UNCACHED,
    });
    expect(forced.sent[0]).toEqual(['tool7', 'findOrder']);
  });

  it('sends all tools where the question says nothing of any, and changes nothing in observe', async () => {
    const { sent, receipts } = await talk(choosing({ maxTools: 1 }), {
      questions: ['Hello!'],
      modelId: UNCACHED,
    });
    expect(sent[0]).toHaveLength(42);
    expect(receipts[0]?.decisions).toEqual([]);
    const observed = await talk(choosing({ maxTools: 1 }, { mode: 'observe' }), {
      questions: ORDERS,
      modelId: UNCACHED,
    });
    expect(observed.sent[0]).toHaveLength(42);
    expect(said(observed.receipts, `would have ${SELECTED}`)).toHaveLength(3);
    expect(observed.receipts.every(({ saved }) => saved?.usd === 0)).toBe(true);
  });

  it.each([{}, { maxTools: 0 }, { maxTools: 2, most: 3 }, 5])('refuses %o at construction', (tools) => {
    expect(() => withOutputLimit(local.bare, { tools: tools as ToolOptions })).toThrow(InvalidOptionError);
  });
});
