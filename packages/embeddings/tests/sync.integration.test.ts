import { setTimeout as delay } from 'node:timers/promises';
import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { collectReceipts, Money, type PlannedSpend, type SpendGuard } from '@costkit/core';
import { type LocalBedrock, startLocalBedrock, type TroubleRule } from '@costkit/local';
import { afterEach, describe, expect, it } from 'vitest';
import {
  createQueryEmbedder,
  memoryStore,
  planSync,
  type SyncOptions,
  type SyncProgress,
  syncEmbeddings,
  type VectorStore,
} from '../src/index.js';
import { aCorpus } from './a-corpus.js';

const TITAN = 'amazon.titan-embed-text-v2:0';

let bedrock: LocalBedrock;
let client: BedrockRuntimeClient;
async function start(trouble: TroubleRule[] = []): Promise<void> {
  // Counting as tiktoken does would take most of the time of these tests.
  const tokenizer = { count: (text: string) => Math.ceil(text.length / 4) };
  bedrock = await startLocalBedrock({ trouble, tokenizer });
  client = new BedrockRuntimeClient({ ...bedrock.clientConfig, maxAttempts: 1 });
}
afterEach(async () => {
  client.destroy();
  await bedrock.stop();
});

const billed = (): Money => Money.fromPicoUsd(bedrock.bill().total.picoUsd);
const optionsOf = (sink: VectorStore, more: Partial<SyncOptions> = {}): SyncOptions => ({
  client,
  model: TITAN,
  source: aCorpus(6),
  sink,
  retryMs: 1,
  ...more,
});

describe('syncEmbeddings', () => {
  it('costs what the bill and the receipts say, to the last digit', async () => {
    await start();
    const { result, receipts } = await collectReceipts(() => syncEmbeddings(optionsOf(memoryStore())));
    expect(result.embedded.cost?.equals(billed())).toBe(true);
    expect(Money.sum(receipts.map(({ cost }) => cost ?? Money.zero)).equals(billed())).toBe(true);
    expect(result).toMatchObject({ documents: 6, unchanged: 0, embedded: { quality: 'measured' } });
    expect(result.embedded.calls).toBe(result.chunks);
  });

  it('says beforehand, for nothing, what it will cost at most', async () => {
    await start();
    const sink = memoryStore();
    const plan = await planSync(optionsOf(sink));
    expect(bedrock.requests()).toHaveLength(0);
    const report = await syncEmbeddings(optionsOf(sink));
    expect(report.embedded.texts).toBe(plan.embed.texts);
    expect(plan.embed.highest?.compare(billed())).toBe(1);
    expect(plan.full.cost?.equals(plan.embed.cost ?? Money.zero)).toBe(true);
  });

  it('moves, renames and reorders for nothing, and finds what it has moved', async () => {
    await start();
    const sink = memoryStore();
    await syncEmbeddings(optionsOf(sink));
    const paid = billed();
    const source = aCorpus(6)
      .reverse()
      .map((document) => ({ ...document, id: document.id.replace('handbook', 'archive') }));
    const report = await syncEmbeddings(optionsOf(sink, { source }));
    expect(billed().equals(paid)).toBe(true);
    expect(report).toMatchObject({ unchanged: 0, reused: report.chunks, deleted: report.chunks });
    const { embed, space } = createQueryEmbedder({ client, model: TITAN });
    const [first] = await sink.query(await embed('Rule 77 says that'), { space, limit: 1 });
    expect(first).toMatchObject({ document: 'archive/1.md', metadata: { chapter: 1 } });
    expect(first?.text).toContain('Rule 77 says');
  });

  it.each([
    ['cohere.embed-english-v3', 1024],
    ['cohere.embed-v4:0', 512],
    ['amazon.nova-2-multimodal-embeddings-v1:0', 384],
    ['amazon.titan-embed-text-v1', 1536],
    ['amazon.titan-embed-image-v1', 256],
  ])('embeds with %s', async (model, dimensions) => {
    await start();
    const sink = memoryStore();
    // Two requests of Cohere's; of the others each text is one, and few will do.
    const source = model.startsWith('cohere') ? aCorpus(6) : aCorpus(1, 20);
    const report = await syncEmbeddings(
      optionsOf(sink, { model, dimensions, source, chunk: { maxTokens: 90 } }),
    );
    expect(report.embedded.cost?.equals(billed())).toBe(true);
    const calls = model.startsWith('cohere') ? Math.ceil(report.embedded.texts / 96) : report.embedded.texts;
    expect(report.embedded.calls).toBe(calls);
    const { embed, space } = createQueryEmbedder({ client, model, dimensions });
    expect(await sink.query(await embed('Rule 7'), { space, limit: 1 })).toHaveLength(1);
  });

  it('makes throttled and broken calls again', async () => {
    await start([
      { operation: 'InvokeModel', calls: [1, 3, 4], action: { type: 'throttle' } },
      {
        operation: 'InvokeModel',
        calls: [7],
        action: { type: 'error', code: 'ServiceUnavailableException' },
      },
    ]);
    const report = await syncEmbeddings(optionsOf(memoryStore()));
    expect(report.embedded.calls).toBe(report.chunks);
    expect(report.embedded.cost?.equals(billed())).toBe(true);
  });

  it('throws what the SDK throws, keeps what was paid, and goes on from there', async () => {
    await start([
      { operation: 'InvokeModel', calls: [5], action: { type: 'error', code: 'AccessDeniedException' } },
    ]);
    const sink = memoryStore();
    await expect(syncEmbeddings(optionsOf(sink, { concurrency: 2 }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
    const paid = bedrock.bill().lines.length;
    expect(paid).toBeGreaterThanOrEqual(5);
    const report = await syncEmbeddings(optionsOf(sink));
    expect(report.embedded.calls).toBe(report.chunks - paid);
  });

  it('begins nothing that may cost more than maxUsd', async () => {
    await start();
    await expect(syncEmbeddings(optionsOf(memoryStore(), { maxUsd: '0.00001' }))).rejects.toMatchObject({
      code: 'COSTKIT_EMBEDDINGS_TOO_EXPENSIVE',
    });
    expect(bedrock.requests()).toHaveLength(0);
    await syncEmbeddings(optionsOf(memoryStore(), { maxUsd: 1 }));
  });

  it('holds the most in a budget, and books what it has cost', async () => {
    await start();
    const held: PlannedSpend[] = [];
    const spent: (Money | undefined)[] = [];
    const budget: SpendGuard = {
      reserve: (spend) => {
        held.push(spend);
        return Promise.resolve({ id: 'one', settle: (money) => spent.push(money) });
      },
    };
    const sink = memoryStore();
    const plan = await planSync(optionsOf(sink));
    await syncEmbeddings(optionsOf(sink, { budget, tags: { team: 'docs' } }));
    expect(held).toEqual([{ amount: plan.embed.highest, tags: { team: 'docs' } }]);
    expect(spent[0]?.equals(billed())).toBe(true);
    await syncEmbeddings(optionsOf(sink, { budget }));
    expect(held).toHaveLength(1);
    const full: SpendGuard = { reserve: () => Promise.reject(new Error('no room')) };
    await expect(syncEmbeddings(optionsOf(sink, { budget: full, source: aCorpus(7) }))).rejects.toThrow(
      'no room',
    );
    expect(spent[0]?.equals(billed())).toBe(true);
  });

  it('migrates only when asked to, with the recall before and after', async () => {
    await start();
    const sink = memoryStore();
    await syncEmbeddings(optionsOf(sink, { dimensions: 256 }));
    const paid = billed();
    const anew = optionsOf(sink, { dimensions: 1024 });
    await expect(syncEmbeddings(anew)).rejects.toMatchObject({
      code: 'COSTKIT_EMBEDDINGS_MIGRATION',
      message: expect.stringMatching(
        /holds \d+ chunks in amazon.titan-embed-text-v2:0\/256.*costs about \$0\.000/,
      ),
    });
    expect(await planSync(anew)).toMatchObject({ migration: { from: [`${TITAN}/256`] } });
    expect(billed().equals(paid)).toBe(true);
    const queries = [7, 130, 299].map((rule) => ({
      query: `Rule ${rule} says that`,
      evidence: [{ document: `handbook/${Math.floor(rule / 60)}.md` }],
    }));
    const report = await syncEmbeddings({ ...anew, migrate: true, queries });
    expect(report.recall?.before).toBeGreaterThan(0.6);
    expect(report.recall?.after).toBeGreaterThanOrEqual(report.recall?.before ?? 1);
    const all = report.embedded.cost?.plus(report.recall?.cost ?? Money.zero).plus(paid);
    expect(all?.equals(billed())).toBe(true);
    expect(await syncEmbeddings(anew)).toMatchObject({ unchanged: report.chunks, embedded: { calls: 0 } });
  });

  it('does not empty a store because a folder was', async () => {
    await start();
    const sink = memoryStore();
    await syncEmbeddings(optionsOf(sink));
    await expect(syncEmbeddings(optionsOf(sink, { source: [] }))).rejects.toMatchObject({
      code: 'COSTKIT_EMBEDDINGS_SOURCE_EMPTY',
    });
    const report = await syncEmbeddings(optionsOf(sink, { source: [], allowEmpty: true }));
    expect(report.deleted).toBeGreaterThan(0);
    for await (const entry of sink.list()) expect(entry).toBeUndefined();
  });

  it('lets two syncs of one sink take turns, and pays once', async () => {
    await start();
    const sink = memoryStore();
    const told: SyncProgress['phase'][] = [];
    // Looks at the lock often, and lets it last long: a busy machine must not lose it.
    const clock = {
      now: () => Date.now(),
      sleep: (_: number, signal?: AbortSignal) => delay(20, undefined, { signal }),
    };
    const reports = await Promise.all(
      [0, 1].map(() =>
        syncEmbeddings(optionsOf(sink, { clock, onProgress: ({ phase }) => told.push(phase) })),
      ),
    );
    expect(told).toContain('wait');
    expect(reports.map(({ embedded }) => embedded.calls).sort()).toEqual([0, reports[0]?.chunks]);
  });

  it.each([
    [{ source: [{ id: '', text: 'a' }] }, 'COSTKIT_EMBEDDINGS_SOURCE_INVALID'],
    [{ source: [{ id: 'a' }] }, 'COSTKIT_EMBEDDINGS_SOURCE_INVALID'],
    [
      {
        source: [
          { id: 'a', text: 'x' },
          { id: 'a', text: 'y' },
        ],
      },
      'COSTKIT_EMBEDDINGS_SOURCE_INVALID',
    ],
    [{ model: 'amazon.nova-lite-v1:0' }, 'COSTKIT_EMBEDDINGS_MODEL_UNSUPPORTED'],
    [{ model: 'nobody.knows-this' }, 'COSTKIT_UNKNOWN_MODEL'],
    [{ dimensions: 777 }, 'COSTKIT_INVALID_OPTION'],
    [{ chunk: { maxTokens: 100_000 } }, 'COSTKIT_INVALID_OPTION'],
    [{ overlap: 1 }, 'COSTKIT_INVALID_OPTION'],
    [{ maxUsd: Number.NaN }, 'COSTKIT_INVALID_OPTION'],
    [{ client: {} }, 'COSTKIT_INVALID_OPTION'],
    [{ source: 'text' }, 'COSTKIT_INVALID_OPTION'],
  ])('refuses %j', async (wrong, code) => {
    await start();
    await expect(syncEmbeddings(optionsOf(memoryStore(), wrong as never))).rejects.toMatchObject({ code });
    expect(bedrock.requests()).toHaveLength(0);
  });
});

describe('createQueryEmbedder', () => {
  it('pays a question once, in this process and with a store beyond it', async () => {
    await start();
    const kept = new Map<string, string>();
    const store = {
      get: (key: string) => Promise.resolve(kept.get(key)),
      set: (key: string, value: string) => {
        kept.set(key, value);
        return Promise.resolve();
      },
      delete: () => Promise.resolve(),
    };
    const first = createQueryEmbedder({ client, model: TITAN, store });
    const [one, other] = await Promise.all([first.embed('Who pays?'), first.embed(' Who pays? ')]);
    expect(other).toEqual(one);
    const second = createQueryEmbedder({ client, model: TITAN, store });
    expect(await second.embed('Who pays?')).toEqual(one);
    expect(bedrock.bill().lines).toHaveLength(1);
    expect([...kept.keys()].join()).not.toContain('Who');
    await expect(second.embed('')).rejects.toMatchObject({ code: 'COSTKIT_INVALID_OPTION' });
  });

  it('forgets the question that was not asked for longest', async () => {
    await start();
    const { embed } = createQueryEmbedder({ client, model: TITAN, cacheSize: 2 });
    for (const query of ['a', 'b', 'a', 'c', 'a', 'b']) await embed(query);
    expect(bedrock.bill().lines).toHaveLength(4);
  });

  it('answers while its store is down, and gives everybody a vector of their own', async () => {
    await start();
    const down = () => Promise.reject(new Error('the store is down'));
    const { embed } = createQueryEmbedder({
      client,
      model: TITAN,
      store: { get: down, set: down, delete: down },
    });
    const first = await embed('Who pays?');
    const expected = first.slice();
    first.fill(0);
    expect(await embed('Who pays?')).toEqual(expected);
    expect(bedrock.bill().lines).toHaveLength(1);
  });
});
