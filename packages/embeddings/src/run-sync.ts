import { Money, type SpendReservation } from '@costkit/core';
import { systemWaitingClock } from '@costkit/core/waiting-clock';
import { defaultStore } from './default-store.js';
import { type Bulk, embedInBulk, resumeBulk } from './embed-in-bulk.js';
import { noSpending, type Spending, textEmbedder } from './embed-texts.js';
import { EmbeddingError } from './errors.js';
import { migrationRecall } from './migration-recall.js';
import { placeChunks } from './place-chunks.js';
import { type PriceTokens, planWorkload, tokenPrices } from './plan-workload.js';
import { type Placement, readWorkload, type Workload } from './read-workload.js';
import { createSpool, type Spool } from './spool.js';
import { takeLock } from './sync-lock.js';
import { type CheckedSync, checkSyncOptions, type SyncOptions } from './sync-options.js';
import type { SyncPlan, SyncProgress, SyncReport } from './sync-report.js';
import type { EmbeddingIndex, VectorSink } from './types.js';

/** Ids deleted at once. */
const DELETE = 500;
const DAY_MS = 86_400_000;
const KEEP_UNUSED_MS = 30 * DAY_MS;

/** What a sync works on. */
interface Sync extends CheckedSync {
  readonly options: SyncOptions;
  readonly sink: VectorSink;
  readonly index: EmbeddingIndex;
  readonly price: PriceTokens;
  readonly tell: (phase: SyncProgress['phase'], done: number, total?: number) => void;
  readonly spending: Spending;
}

async function prepare(options: SyncOptions): Promise<Sync & { close(): void }> {
  const checked = checkSyncOptions(options);
  const stores = defaultStore(options);
  const { model } = checked;
  await stores.sink.open({ model: model.resolved.model.id, dimensions: model.dimensions });
  const { onProgress = () => undefined, clock = systemWaitingClock } = options;
  const spending = noSpending();
  return {
    ...checked,
    ...stores,
    options,
    spending,
    price: await tokenPrices(options, model, new Date(clock.now())),
    tell: (phase, done, total) => onProgress({ phase, done, total, cost: spending.cost }),
  };
}

async function read(
  sync: Sync,
  changed: (piece: readonly Placement[]) => Promise<void>,
): Promise<{ workload: Workload; plan: SyncPlan }> {
  const { options, sink, index, model, price, tell } = sync;
  const workload = await readWorkload(
    { source: options.source, sink, index, changed, read: (documents) => tell('read', documents) },
    sync,
  );
  return { workload, plan: planWorkload(workload, options, model, price) };
}

/** What `planSync` does. */
export async function runPlan(options: SyncOptions): Promise<SyncPlan> {
  const sync = await prepare(options);
  try {
    return (await read(sync, () => Promise.resolve())).plan;
  } finally {
    sync.close();
  }
}

/** What `syncEmbeddings` does. */
export async function runSync(options: SyncOptions): Promise<SyncReport> {
  const sync = await prepare(options);
  const { lockTtlMs = 30_000, lockWaitMs = 600_000, clock = systemWaitingClock, signal } = options;
  const times = { ttlMs: lockTtlMs, waitMs: lockWaitMs, clock, signal };
  const spool = createSpool<Placement>();
  try {
    // An index of the sink's own knows one sink, by whatever path or schema it was named.
    const lockName = sync.sink.index === sync.index ? 'sync' : sync.sink.name;
    const target = { index: sync.index, lockName, sinkName: sync.sink.name };
    const lock = await takeLock(target, times, () => sync.tell('wait', 0));
    try {
      const resumed = await goOn(sync);
      const { workload, plan } = await read(sync, spool.append);
      refuse(plan, options);
      const before = sync.spending.cost;
      // What an earlier sync began is paid: limits are for what this one begins.
      const spent = (): Money | undefined =>
        before === undefined ? undefined : sync.spending.cost?.minus(before);
      const reservation = await reserve(plan, options);
      try {
        return await write(sync, { workload, plan, spool, resumed, spent, assertHeld: lock.assertHeld });
      } finally {
        reservation?.settle(spent());
      }
    } finally {
      await lock.release();
    }
  } finally {
    sync.close();
    await spool.close();
  }
}

function bulkOf({ options, sink, index, model, spending, tell }: Sync): Bulk | undefined {
  const { bulk, signal } = options;
  if (bulk === undefined) return undefined;
  const work = {
    name: `${sink.name} ${model.space}`,
    modelId: model.modelId,
    ...(signal === undefined ? {} : { signal }),
  };
  return { invoker: bulk, work, index, model, spending, answered: (phase, texts) => tell(phase, texts) };
}

/** Keeps what jobs have answered that a killed sync had begun: it is paid, wanted or not. @returns how many texts */
async function goOn(sync: Sync): Promise<number> {
  const bulk = bulkOf(sync);
  if (bulk === undefined) return 0;
  const { budget, tags } = sync.options;
  try {
    return await resumeBulk(bulk);
  } finally {
    const { cost: amount, calls } = sync.spending;
    if (budget !== undefined && amount !== undefined && calls > 0) {
      const spend = { amount, committed: true, ...(tags === undefined ? {} : { tags }) };
      (await budget.reserve(spend)).settle(amount);
    }
  }
}

function refuse(plan: SyncPlan, { migrate = false, allowEmpty = false, maxUsd }: SyncOptions): void {
  if (plan.documents === 0 && plan.deleted > 0 && !allowEmpty) {
    throw new EmbeddingError(
      'COSTKIT_EMBEDDINGS_SOURCE_EMPTY',
      `the source holds no document and the sink holds ${plan.deleted} chunks. Check the source, or set "allowEmpty" to empty the sink`,
    );
  }
  if (plan.migration !== undefined && !migrate) {
    const { from, records } = plan.migration;
    throw new EmbeddingError(
      'COSTKIT_EMBEDDINGS_MIGRATION',
      `the sink holds ${records} chunks in ${from.join(', ')}; embedding all of the corpus in ${plan.space} costs about ${plan.embed.cost ?? 'an unknown amount'}. Set "migrate" to do it, or keep the model and the dimensions`,
    );
  }
  if (maxUsd === undefined || plan.embed.texts === 0) return;
  const { highest } = plan.embed;
  if (highest === undefined || highest.compare(Money.fromUsd(maxUsd)) > 0) {
    throw new EmbeddingError(
      'COSTKIT_EMBEDDINGS_TOO_EXPENSIVE',
      highest === undefined
        ? 'the price of the model is unknown, so "maxUsd" cannot be kept. Give it in "priceOverrides"'
        : `it may cost ${highest}, above the limit of ${Money.fromUsd(maxUsd)}. Raise "maxUsd", or choose a cheaper model`,
    );
  }
}

async function reserve(plan: SyncPlan, { budget, tags }: SyncOptions): Promise<SpendReservation | undefined> {
  if (budget === undefined || plan.embed.texts === 0) return undefined;
  const { highest: amount } = plan.embed;
  if (amount === undefined) {
    throw new EmbeddingError(
      'COSTKIT_EMBEDDINGS_TOO_EXPENSIVE',
      'the price of the model is unknown, so no "budget" can hold it. Give it in "priceOverrides"',
    );
  }
  return budget.reserve(tags === undefined ? { amount } : { amount, tags });
}

interface Writing {
  readonly workload: Workload;
  readonly plan: SyncPlan;
  readonly spool: Spool<Placement>;
  readonly resumed: number;
  /** By this sync, so far. */
  readonly spent: () => Money | undefined;
  readonly assertHeld: () => Promise<void>;
}

async function write(sync: Sync, writing: Writing): Promise<SyncReport> {
  const { workload, plan, spool, resumed, assertHeld } = writing;
  const { sink, index, options, spending } = sync;
  const recallAfter =
    plan.migration === undefined ? undefined : await migrationRecall(sync, plan.migration.from);
  const bulk = plan.embed.bulk ? bulkOf(sync) : undefined;
  if (bulk !== undefined) await embedInBulk(bulk, spool);
  // What no job has answered goes one by one.
  await placeAll(sync, writing);
  await assertHeld();
  await deleteStale(sync, workload.stale);
  const { clock = systemWaitingClock, keepUnusedMs = KEEP_UNUSED_MS } = options;
  if (sink.index === index) await index.dropUnused?.({ now: clock.now(), keepMs: keepUnusedMs });
  const { embed, ...rest } = plan;
  const recall = await recallAfter?.();
  return {
    ...rest,
    embedded: {
      texts: embed.texts,
      calls: spending.calls,
      resumed,
      tokens: spending.tokens,
      cost: spending.cost,
      quality: spending.quality,
    },
    avoided: {
      tokens: Math.max(0, plan.full.tokens - spending.tokens),
      cost: spending.cost === undefined ? undefined : plan.full.cost?.minus(spending.cost),
    },
    ...(recall === undefined ? {} : { recall }),
  };
}

async function deleteStale({ sink, options, tell }: Sync, { size, rest }: Workload['stale']): Promise<void> {
  let ids: string[] = [];
  let deleted = 0;
  const deleteThem = async (): Promise<void> => {
    options.signal?.throwIfAborted();
    await sink.delete(ids);
    deleted += ids.length;
    ids = [];
    tell('delete', deleted, size);
  };
  for (const id of rest()) {
    ids.push(id);
    if (ids.length === DELETE) await deleteThem();
  }
  if (ids.length > 0) await deleteThem();
}

async function placeAll(sync: Sync, { workload, spool, spent }: Writing): Promise<void> {
  const { pending, changed } = workload;
  const { sink, index, options, model, spending, tell } = sync;
  const { client, concurrency = 8, maxRetries = 6, retryMs = 1000, signal, maxUsd } = options;
  const { requestsPerMinute, tokensPerMinute, clock = systemWaitingClock } = options;
  const calls = {
    maxRetries,
    retryMs,
    clock,
    signal,
    ...(requestsPerMinute === undefined ? {} : { requestsPerMinute }),
    ...(tokensPerMinute === undefined ? {} : { tokensPerMinute }),
  };
  let [placed, embedded] = [0, 0];
  stopAbove(maxUsd, spent());
  await placeChunks(spool.read(), {
    sink,
    index,
    model,
    embedder: textEmbedder(client, model, calls, spending),
    concurrency,
    signal,
    placed: (records) => {
      placed += records;
      tell('place', placed, changed);
    },
    embedded: (texts) => {
      embedded += texts;
      tell('embed', embedded, pending.texts);
      stopAbove(maxUsd, spent());
    },
  });
}

/** An estimate was wrong: what is over the limit is not begun. */
function stopAbove(maxUsd: number | string | undefined, spent: Money | undefined): void {
  if (maxUsd === undefined || (spent !== undefined && spent.compare(Money.fromUsd(maxUsd)) <= 0)) return;
  throw new EmbeddingError(
    'COSTKIT_EMBEDDINGS_TOO_EXPENSIVE',
    `${spent ?? 'an unknown amount'} is spent, which is above the limit of ${Money.fromUsd(maxUsd)}. What was paid is kept; raise "maxUsd" to go on`,
  );
}
