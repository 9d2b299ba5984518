import {
  BedrockRuntimeClient,
  ConverseCommand,
  type ConverseCommandInput,
  ConverseStreamCommand,
  InvokeModelCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { collectReceipts, Money } from '@costkit/core';
import { createManualClock, startLocalBedrock } from '@costkit/local';
import { CATALOGUE, type CatalogueModel } from '@costkit/pricing/catalogue';
import { describe, expect, it } from 'vitest';
import { type CostkitConfig, costkit } from '../src/index.js';

const OPUS = 'us.anthropic.claude-opus-5';
const HAIKU = 'us.anthropic.claude-haiku-5-5';
const NOVA = 'us.amazon.nova-pro-v1:0';
const NOW = Date.parse('2026-11-16T09:00:00Z');

/** Where a fault sits. Without one, both sides are as they ship. */
interface Sides {
  /** Rows that the local Bedrock bills by. */
  readonly rows?: (model: CatalogueModel) => CatalogueModel;
  /** What the client reads in an answer's usage, as if our normaliser had got it wrong. */
  readonly usage?: (usage: Record<string, unknown>) => Record<string, unknown>;
  /** What the client reads in an answer besides. */
  readonly output?: (output: Record<string, unknown>) => Record<string, unknown>;
  readonly config?: Partial<CostkitConfig>;
  /** Region of the client; the server's stays. */
  readonly region?: string;
}

const long = (words: number): string => 'handbook '.repeat(words);

const ask = (modelId: string, more: Partial<ConverseCommandInput> = {}): ConverseCommandInput => ({
  modelId,
  messages: [{ role: 'user', content: [{ text: 'What is the rule?' }] }],
  ...more,
});

const cachedBy = (ttl: '5m' | '1h'): Partial<ConverseCommandInput> => ({
  system: [{ text: `${ttl} ${long(1_500)}` }, { cachePoint: { type: 'default', ttl } }],
});

/** Calls that touch every kind of price: writes by TTL, reads, tiers, scopes, brackets, streams, other bodies. */
async function talk(client: BedrockRuntimeClient): Promise<void> {
  for (let turn = 0; turn < 2; turn += 1) {
    await client.send(new ConverseCommand(ask(OPUS, cachedBy('5m'))));
    await client.send(new ConverseCommand(ask(OPUS, cachedBy('1h'))));
    await client.send(
      new ConverseCommand(
        ask(NOVA, { system: [{ text: long(1_600) }, { cachePoint: { type: 'default' } }] }),
      ),
    );
  }
  await client.send(new ConverseCommand(ask(OPUS.replace('us.', 'global.'))));
  await client.send(new ConverseCommand(ask(NOVA, { serviceTier: { type: 'flex' } })));
  await client.send(new ConverseCommand(ask(NOVA, { serviceTier: { type: 'priority' } })));
  await client.send(new ConverseCommand(ask(HAIKU, { system: [{ text: long(101_000) }] })));
  const { stream } = await client.send(new ConverseStreamCommand(ask(OPUS, cachedBy('5m'))));
  for await (const _ of stream ?? []) {
  }
  const body = {
    anthropic_version: 'bedrock-2023-05-31',
    max_tokens: 50,
    messages: [{ role: 'user', content: 'Hi' }],
  };
  await client.send(new InvokeModelCommand({ modelId: OPUS, body: JSON.stringify(body) }));
}

/** Whether every receipt has the amount of its bill line, and the sums are the same. */
async function agree({ rows, usage, output, config = {}, region }: Sides): Promise<boolean> {
  const clock = createManualClock(NOW);
  const catalogue =
    rows === undefined
      ? {}
      : { catalogue: new Map([...CATALOGUE.entries()].map(([id, model]) => [id, rows(model)])) };
  const bedrock = await startLocalBedrock({ clock, ...catalogue });
  const bare = new BedrockRuntimeClient({
    ...bedrock.clientConfig,
    ...(region === undefined ? {} : { region }),
  });
  const forge = (answer: Record<string, unknown>): Record<string, unknown> => {
    const read = output?.(answer) ?? answer;
    return usage === undefined || read['usage'] === undefined
      ? read
      : { ...read, usage: usage(read['usage'] as Record<string, unknown>) };
  };
  // Between the SDK's reading of the answer and ours.
  bare.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      return { ...result, output: forge(result.output as unknown as Record<string, unknown>) as never };
    },
    { step: 'build', priority: 'low', name: 'plantedFault' },
  );
  try {
    const client = costkit(bare, {
      promptCache: false,
      clock: { now: () => clock.now(), monotonicMs: () => clock.now() },
      ...config,
    });
    const { receipts } = await collectReceipts(() => talk(client));
    const bill = bedrock.bill();
    const lines = new Map(bill.lines.map((line) => [line.requestId, line.picoUsd]));
    const attempts = receipts.flatMap((receipt) => receipt.attempts);
    const total = Money.sum(attempts.map(({ cost }) => cost ?? Money.zero));
    return (
      attempts.length === lines.size &&
      attempts.every(
        ({ requestId, cost }) => cost !== undefined && lines.get(requestId ?? '') === cost.picoUsd,
      ) &&
      total.picoUsd === bill.total.picoUsd
    );
  } finally {
    bare.destroy();
    await bedrock.stop();
  }
}

type Row = CatalogueModel['prices'][number];

/** A catalogue in which the price rows of one model are wrong. */
const wrongRows =
  (id: string, change: (row: Row) => Row | undefined): NonNullable<Sides['rows']> =>
  (model) =>
    model.id === id ? { ...model, prices: model.prices.flatMap((row) => change(row) ?? []) } : model;

const count = (value: unknown): number => (typeof value === 'number' ? value : 0);

const FAULTS: readonly (readonly [name: string, sides: Sides])[] = [
  [
    'the server bills output at 1.1 times its rate',
    {
      rows: wrongRows('anthropic.claude-opus-5', (row) => ({
        ...row,
        rates: { ...row.rates, output: Math.round((row.rates.output ?? 0) * 1.1) },
      })),
    },
  ],
  [
    'the server bills cache reads at half their rate',
    {
      rows: wrongRows('anthropic.claude-opus-5', (row) => ({
        ...row,
        rates: { ...row.rates, cacheRead: (row.rates.cacheRead ?? 0) / 2 },
      })),
    },
  ],
  [
    'the server bills 1-hour writes at the 5-minute rate',
    {
      rows: wrongRows('anthropic.claude-opus-5', (row) => ({
        ...row,
        rates: {
          ...row.rates,
          ...(row.rates.cacheWrite5m === undefined ? {} : { cacheWrite1h: row.rates.cacheWrite5m }),
        },
      })),
    },
  ],
  [
    'the server bills free cache writes at the input rate',
    {
      rows: wrongRows('amazon.nova-pro-v1:0', (row) => ({
        ...row,
        rates: { ...row.rates, ...(row.rates.input === undefined ? {} : { cacheWrite5m: row.rates.input }) },
      })),
    },
  ],
  [
    'the server knows no long-context bracket',
    {
      rows: wrongRows('anthropic.claude-haiku-5-5', (row) =>
        row.aboveTokens === undefined ? row : undefined,
      ),
    },
  ],
  ['we read 1-hour writes as 5-minute writes', { usage: ({ cacheDetails: _, ...usage }) => usage }],
  [
    'we count cache reads twice',
    {
      usage: (usage) => ({
        ...usage,
        inputTokens: count(usage['inputTokens']) + count(usage['cacheReadInputTokens']),
        totalTokens: undefined,
      }),
    },
  ],
  [
    'we believe in a minimum that the service does not have, and book small reads as input',
    {
      usage: (usage) =>
        count(usage['cacheReadInputTokens']) > 2_048
          ? usage
          : {
              ...usage,
              inputTokens: count(usage['inputTokens']) + count(usage['cacheReadInputTokens']),
              cacheReadInputTokens: 0,
              totalTokens: undefined,
            },
    },
  ],
  [
    'we overlook cache writes',
    {
      usage: ({ cacheWriteInputTokens: _, cacheDetails: __, ...usage }) => ({
        ...usage,
        totalTokens: undefined,
      }),
    },
  ],
  [
    'we price a profile at the global rate',
    { config: { models: { [OPUS]: OPUS.replace('us.', 'global.') } } },
  ],
  [
    'we price the tier that was not served',
    {
      output: (output) =>
        output['serviceTier'] === undefined ? output : { ...output, serviceTier: { type: 'default' } },
    },
  ],
  [
    'we apply a discount that the account does not have',
    { config: { priceOverrides: [{ model: 'anthropic.*', multiplier: '0.93' }] } },
  ],
];

describe('the bill and the receipts', () => {
  it('agree, request by request, when both sides are as they ship', async () => {
    expect(await agree({})).toBe(true);
  });

  it.each(FAULTS)('disagree when %s', async (_, sides) => {
    expect(await agree(sides)).toBe(false);
  });
});
