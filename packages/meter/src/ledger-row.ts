import { Money, type Receipt } from '@costkit/core';
import type { Usage } from '@costkit/pricing';

/** What the ledger holds of all calls that agree in every dimension. Changed in place. */
export interface LedgerRow {
  calls: number;
  failed: number;
  unpriced: number;
  estimated: number;
  attempts: number;
  usage: { -readonly [K in Exclude<keyof Usage, 'units'>]: number };
  units: Record<string, number>;
  costPicoUsd: bigint;
  estimatedCostPicoUsd: bigint;
  comparable: number;
  baselinePicoUsd: bigint;
  savedPicoUsd: bigint;
  estimatedSavedPicoUsd: bigint;
  latencyMs: number;
  firstChunkMs: number;
  streams: number;
}

export function emptyRow(): LedgerRow {
  return {
    calls: 0,
    failed: 0,
    unpriced: 0,
    estimated: 0,
    attempts: 0,
    usage: { input: 0, output: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, cacheWrite30m: 0 },
    units: {},
    costPicoUsd: 0n,
    estimatedCostPicoUsd: 0n,
    comparable: 0,
    baselinePicoUsd: 0n,
    savedPicoUsd: 0n,
    estimatedSavedPicoUsd: 0n,
    latencyMs: 0,
    firstChunkMs: 0,
    streams: 0,
  };
}

const TOKEN_KINDS = [
  'input',
  'output',
  'cacheRead',
  'cacheWrite5m',
  'cacheWrite1h',
  'cacheWrite30m',
] as const;

function addUsage(row: LedgerRow, usage: Usage): void {
  for (const kind of TOKEN_KINDS) row.usage[kind] += usage[kind];
  for (const [unit, count] of Object.entries(usage.units ?? {}))
    row.units[unit] = (row.units[unit] ?? 0) + count;
}

/** Books one receipt. A call whose price is unknown counts as `unpriced`, never as $0. */
export function addReceipt(row: LedgerRow, receipt: Receipt): void {
  row.calls += 1;
  row.attempts += receipt.attempts.length;
  row.latencyMs += receipt.latencyMs;
  if (receipt.error !== undefined) row.failed += 1;
  if (receipt.quality === 'estimated') row.estimated += 1;
  if (receipt.firstChunkMs !== undefined) {
    row.streams += 1;
    row.firstChunkMs += receipt.firstChunkMs;
  }
  addUsage(row, receipt.usage);
  if (receipt.cost === undefined) row.unpriced += 1;
  else {
    row.costPicoUsd += receipt.cost.picoUsd;
    if (receipt.quality === 'estimated') row.estimatedCostPicoUsd += receipt.cost.picoUsd;
  }
  if (receipt.saved === undefined || receipt.baseline === undefined) return;
  row.comparable += 1;
  row.baselinePicoUsd += receipt.baseline.picoUsd;
  row.savedPicoUsd += receipt.saved.picoUsd;
  if (receipt.baselineQuality === 'estimated' || receipt.quality === 'estimated') {
    row.estimatedSavedPicoUsd += receipt.saved.picoUsd;
  }
}

/** Adds one row to another. */
export function addRow(row: LedgerRow, other: LedgerRow): void {
  row.calls += other.calls;
  row.failed += other.failed;
  row.unpriced += other.unpriced;
  row.estimated += other.estimated;
  row.attempts += other.attempts;
  addUsage(row, { ...other.usage, units: other.units });
  row.costPicoUsd += other.costPicoUsd;
  row.estimatedCostPicoUsd += other.estimatedCostPicoUsd;
  row.comparable += other.comparable;
  row.baselinePicoUsd += other.baselinePicoUsd;
  row.savedPicoUsd += other.savedPicoUsd;
  row.estimatedSavedPicoUsd += other.estimatedSavedPicoUsd;
  row.latencyMs += other.latencyMs;
  row.firstChunkMs += other.firstChunkMs;
  row.streams += other.streams;
}

/** Sums over calls: what a report shows of a group. */
export interface Totals {
  readonly calls: number;
  /** Calls that ended with an error. */
  readonly failed: number;
  /** Calls whose price is unknown: they are in no amount of this row. */
  readonly unpriced: number;
  /** Calls whose usage the service did not report, e.g. after a broken stream. */
  readonly estimated: number;
  /** Paid attempts behind the calls, cascades and repairs included. */
  readonly attempts: number;
  readonly usage: Usage;
  /** Exact sum of the costs that are known. */
  readonly cost: Money;
  /** The part of `cost` that rests on estimated usage. */
  readonly estimatedCost: Money;
  /** Calls with both a cost and a baseline: those behind `baseline` and `saved`. */
  readonly comparable: number;
  /** What the callers' own requests would have cost. */
  readonly baseline: Money;
  /** `baseline` less the cost of the same calls; negative where the levers cost more than they saved. */
  readonly saved: Money;
  /** The part of `saved` that rests on an estimate: another model, another answer, implicit caching. */
  readonly estimatedSaved: Money;
  /** Mean over all calls; `undefined` when there are none. */
  readonly meanLatencyMs: number | undefined;
  /** Mean over the streams that delivered something. */
  readonly meanFirstChunkMs: number | undefined;
  /** Share of the prompt tokens that were read from the cache; `undefined` when there were none. */
  readonly cacheHitRate: number | undefined;
}

/** A row as a report shows it. */
export function totalsOf(row: LedgerRow): Totals {
  const { input, cacheRead, cacheWrite5m, cacheWrite1h, cacheWrite30m } = row.usage;
  const promptTokens = input + cacheRead + cacheWrite5m + cacheWrite1h + cacheWrite30m;
  return {
    calls: row.calls,
    failed: row.failed,
    unpriced: row.unpriced,
    estimated: row.estimated,
    attempts: row.attempts,
    usage: { ...row.usage, ...(Object.keys(row.units).length === 0 ? {} : { units: { ...row.units } }) },
    cost: Money.fromPicoUsd(row.costPicoUsd),
    estimatedCost: Money.fromPicoUsd(row.estimatedCostPicoUsd),
    comparable: row.comparable,
    baseline: Money.fromPicoUsd(row.baselinePicoUsd),
    saved: Money.fromPicoUsd(row.savedPicoUsd),
    estimatedSaved: Money.fromPicoUsd(row.estimatedSavedPicoUsd),
    meanLatencyMs: row.calls === 0 ? undefined : row.latencyMs / row.calls,
    meanFirstChunkMs: row.streams === 0 ? undefined : row.firstChunkMs / row.streams,
    cacheHitRate: promptTokens === 0 ? undefined : cacheRead / promptTokens,
  };
}
