import { Money, promptTokens, type Receipt } from '@costkit/core';
import type { Usage } from '@costkit/pricing';

const COUNTS = [
  'calls',
  'failed',
  'unpriced',
  'estimated',
  'attempts',
  'comparable',
  'latencyMs',
  'firstChunkMs',
  'streams',
] as const;
const AMOUNTS = ['cost', 'estimatedCost', 'baseline', 'saved', 'estimatedSaved'] as const;
const TOKEN_KINDS = [
  'input',
  'output',
  'cacheRead',
  'cacheWrite5m',
  'cacheWrite1h',
  'cacheWrite30m',
] as const;

/** What the ledger holds of all calls that agree in every dimension; amounts in pico-dollars. Changed in place. */
export type LedgerRow = Record<(typeof COUNTS)[number], number> &
  Record<(typeof AMOUNTS)[number], bigint> & {
    readonly usage: Record<(typeof TOKEN_KINDS)[number], number>;
    readonly units: Record<string, number>;
  };

const fill = <K extends string, V>(names: readonly K[], value: V): Record<K, V> =>
  Object.fromEntries(names.map((name) => [name, value])) as Record<K, V>;

export function emptyRow(): LedgerRow {
  return { ...fill(COUNTS, 0), ...fill(AMOUNTS, 0n), usage: fill(TOKEN_KINDS, 0), units: {} };
}

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
    row.cost += receipt.cost.picoUsd;
    if (receipt.quality === 'estimated') row.estimatedCost += receipt.cost.picoUsd;
  }
  if (receipt.saved === undefined || receipt.baseline === undefined) return;
  row.comparable += 1;
  row.baseline += receipt.baseline.picoUsd;
  row.saved += receipt.saved.picoUsd;
  if (receipt.baselineQuality === 'estimated' || receipt.quality === 'estimated') {
    row.estimatedSaved += receipt.saved.picoUsd;
  }
}

/** Adds one row to another. */
export function addRow(row: LedgerRow, other: LedgerRow): void {
  for (const name of COUNTS) row[name] += other[name];
  for (const name of AMOUNTS) row[name] += other[name];
  addUsage(row, { ...other.usage, units: other.units });
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
  const { calls, failed, unpriced, estimated, attempts, comparable, streams } = row;
  const mean = (sum: number, count: number): number | undefined => (count === 0 ? undefined : sum / count);
  const amounts = Object.fromEntries(AMOUNTS.map((name) => [name, Money.fromPicoUsd(row[name])])) as Record<
    (typeof AMOUNTS)[number],
    Money
  >;
  return {
    calls,
    failed,
    unpriced,
    estimated,
    attempts,
    comparable,
    usage: { ...row.usage, ...(Object.keys(row.units).length === 0 ? {} : { units: { ...row.units } }) },
    ...amounts,
    meanLatencyMs: mean(row.latencyMs, calls),
    meanFirstChunkMs: mean(row.firstChunkMs, streams),
    cacheHitRate: mean(row.usage.cacheRead, promptTokens(row.usage)),
  };
}
