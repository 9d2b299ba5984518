import type { SyncOptions } from './sync-options.js';
import type { SyncPlan, SyncReport } from './sync-report.js';

// What does the work is loaded with the first sync: who only asks questions needs none of it.
const load = () => import('./run-sync.js');

/**
 * Says what a sync would do and cost. Nothing is paid, and no record is written. Texts that batch jobs of a killed sync will
 * have answered count as to be embedded.
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
  return (await load()).runPlan(options);
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
  return (await load()).runSync(options);
}
