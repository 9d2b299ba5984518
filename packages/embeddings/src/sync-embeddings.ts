import { Money, type SpendReservation } from '@costkit/core';
import { defaultStore } from './default-store.js';
import { noSpending, type PendingText, type Spending, textEmbedder } from './embed-texts.js';
import { EmbeddingError } from './errors.js';
import { migrationRecall } from './migration-recall.js';
import { piecesOf } from './pieces-of.js';
import { goesInBulk, type PriceTokens, planWorkload, tokenPrices } from './plan-workload.js';
import { type Placement, readWorkload, type Workload } from './read-workload.js';
import { takeLock } from './sync-lock.js';
import { type CheckedSync, checkSyncOptions, type SyncOptions } from './sync-options.js';
import type { SyncPlan, SyncProgress, SyncReport } from './sync-report.js';
import { systemEmbeddingClock } from './system-embedding-clock.js';
import type { EmbeddingIndex, Vector, VectorSink } from './types.js';

/** Records written at once. */
const WRITE = 100;
/** Ids deleted at once. */
const DELETE = 500;
/** More calls at the same time than there can be: the job answers them all together. */
const ALL_AT_ONCE = 50_000;

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
  const { onProgress = () => undefined, clock = systemEmbeddingClock } = options;
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

async function read(sync: Sync): Promise<{ workload: Workload; plan: SyncPlan }> {
  const { options, sink, index, model, price, tell } = sync;
  const workload = await readWorkload(
    { source: options.source, sink, index, read: (documents) => tell('read', documents) },
    sync,
  );
  return { workload, plan: planWorkload(workload, options, model, price) };
}

/**
 * Says what a sync would do and cost. Nothing is paid, and no record is written.
 *
 * @throws what {@link syncEmbeddings} throws for options and documents that cannot be used.
 *
 * @example
 * ```ts
 * const plan = await planSync({ client, model: 'amazon.titan-embed-text-v2:0', source, sink });
 * console.log(`${plan.embed.texts} texts, ${plan.embed.cost}; all of it anew: ${plan.full.cost}`);
 * ```
 */
export async function planSync(options: SyncOptions): Promise<SyncPlan> {
  const sync = await prepare(options);
  try {
    return (await read(sync)).plan;
  } finally {
    sync.close();
  }
}

/**
 * Brings a vector store in step with its documents, and pays for what changed alone: a chunk is embedded once, wherever
 * and however often it stands, and moving, renaming or reordering costs nothing. What is paid is kept before the next call
 * is made, so a sync that was killed goes on where it was. Two syncs of one sink take turns.
 *
 * @throws `InvalidOptionError` and `UnknownModelError` for options; {@link EmbeddingError} for documents that cannot be
 * used, a source that is empty, a migration that nobody agreed to, a price above `maxUsd`; what a budget or the SDK throws,
 * as the same object. What was paid by then is kept.
 *
 * @example
 * ```ts
 * const report = await syncEmbeddings({
 *   client: new BedrockRuntimeClient({}),
 *   model: 'amazon.titan-embed-text-v2:0',
 *   source: documents,
 *   sink: libsqlStore({ file: 'handbook.db' }),
 * });
 * console.log(`${report.embedded.cost} instead of ${report.full.cost}`);
 * ```
 */
export async function syncEmbeddings(options: SyncOptions): Promise<SyncReport> {
  const sync = await prepare(options);
  const { lockTtlMs = 30_000, lockWaitMs = 600_000, clock = systemEmbeddingClock, signal } = options;
  const times = { ttlMs: lockTtlMs, waitMs: lockWaitMs, clock, signal };
  try {
    const lock = await takeLock(sync.index, sync.sink.name, times, () => sync.tell('wait', 0));
    try {
      const { workload, plan } = await read(sync);
      refuse(plan, options);
      const reservation = await reserve(plan, options);
      try {
        return await write(sync, workload, plan, lock.assertHeld);
      } finally {
        reservation?.settle(sync.spending.cost);
      }
    } finally {
      await lock.release();
    }
  } finally {
    sync.close();
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

async function write(
  sync: Sync,
  workload: Workload,
  plan: SyncPlan,
  assertHeld: () => Promise<void>,
): Promise<SyncReport> {
  const { sink, index, options, model, spending, tell } = sync;
  const before = plan.migration === undefined ? undefined : await migrationRecall(sync, plan.migration.from);
  const byHash = new Map<string, Placement[]>();
  for (const placement of workload.placements) {
    byHash.set(placement.hash, [...(byHash.get(placement.hash) ?? []), placement]);
  }
  await placeKnown(sync, workload, byHash);
  let done = 0;
  const keep = async (vectors: ReadonlyMap<string, Vector>): Promise<void> => {
    await index.put(model.space, vectors);
    await place(sink, vectors, byHash);
    done += vectors.size;
    tell('embed', done, workload.pending.length);
    stopAbove(options.maxUsd, spending);
  };
  await embedPending(sync, workload.pending, keep);
  await assertHeld();
  for (const [piece, ids] of piecesOf(workload.stale, DELETE).entries()) {
    options.signal?.throwIfAborted();
    await sink.delete(ids);
    tell('delete', Math.min((piece + 1) * DELETE, workload.stale.length), workload.stale.length);
  }
  if (sink.index === index) await index.dropUnused?.();
  const { embed, ...rest } = plan;
  const recall = await before?.();
  return {
    ...rest,
    embedded: {
      texts: embed.texts,
      calls: spending.calls,
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

/** Places the records whose vectors are there: they are new, or have moved, and cost nothing. */
async function placeKnown(
  { sink, index, model, options, tell }: Sync,
  { pending, placements }: Workload,
  byHash: ReadonlyMap<string, readonly Placement[]>,
): Promise<void> {
  const missing = new Set(pending.map(({ hash }) => hash));
  const known = [...byHash.keys()].filter((hash) => !missing.has(hash));
  for (const [piece, hashes] of piecesOf(known, WRITE).entries()) {
    options.signal?.throwIfAborted();
    await place(sink, await index.get(model.space, hashes), byHash);
    tell('place', Math.min((piece + 1) * WRITE, known.length), placements.length);
  }
}

async function place(
  sink: VectorSink,
  vectors: ReadonlyMap<string, Vector>,
  byHash: ReadonlyMap<string, readonly Placement[]>,
): Promise<void> {
  const records = [...vectors].flatMap(([hash, vector]) =>
    (byHash.get(hash) ?? []).map((placement) => ({ ...placement, vector })),
  );
  for (const piece of piecesOf(records, WRITE)) await sink.upsert(piece);
}

async function embedPending(
  { options, model, spending }: Sync,
  pending: readonly PendingText[],
  keep: (vectors: ReadonlyMap<string, Vector>) => Promise<void>,
): Promise<void> {
  const { client, bulk, concurrency = 8, maxRetries = 6, retryMs = 1000, signal } = options;
  const { clock = systemEmbeddingClock } = options;
  const inBulk = bulk !== undefined && goesInBulk(options, model, pending.length);
  const calls = {
    concurrency: Math.min(inBulk ? ALL_AT_ONCE : concurrency, pending.length),
    maxRetries,
    retryMs,
    clock,
    signal,
    // A batch job has no quota per minute.
    ...(inBulk || options.requestsPerMinute === undefined
      ? {}
      : { requestsPerMinute: options.requestsPerMinute }),
    ...(inBulk || options.tokensPerMinute === undefined ? {} : { tokensPerMinute: options.tokensPerMinute }),
  };
  await textEmbedder(inBulk ? bulk : client, model, calls, spending).embed(pending, 'document', keep);
}

/** An estimate was wrong: what is over the limit is not begun. */
function stopAbove(maxUsd: number | string | undefined, { cost }: Spending): void {
  if (maxUsd === undefined || (cost !== undefined && cost.compare(Money.fromUsd(maxUsd)) <= 0)) return;
  throw new EmbeddingError(
    'COSTKIT_EMBEDDINGS_TOO_EXPENSIVE',
    `${cost ?? 'an unknown amount'} is spent, which is above the limit of ${Money.fromUsd(maxUsd)}. What was paid is kept; raise "maxUsd" to go on`,
  );
}
