import type { Rates } from '@costkit/pricing';
import type { FindContext, Part } from './find.js';

/** What a task used on a day. */
export interface DailyUsage {
  readonly task: string;
  readonly model_id: string;
  readonly region: string | null;
  readonly day: string;
  readonly calls: bigint;
  readonly cost: bigint;
  readonly input: bigint;
  readonly output: bigint;
  readonly cache_read: bigint;
  readonly cache_write_5m: bigint;
  readonly cache_write_1h: bigint;
  readonly evidence: readonly string[];
}

/** Tokens and dollars of tasks by day, Region and model: calls at the standard tier, of prompts of usual length. */
export const usageWhere = (where: string): string => `
  SELECT task, model_id, region, strftime(day, '%Y-%m-%d') AS day, sum(call_count)::HUGEINT AS calls, sum(cost)::HUGEINT AS cost,
    sum(input)::HUGEINT AS input, sum(output)::HUGEINT AS output, sum(cache_read)::HUGEINT AS cache_read,
    sum(cache_write_5m)::HUGEINT AS cache_write_5m, sum(cache_write_1h)::HUGEINT AS cache_write_1h,
    max_by(request_id, cost, 3) AS evidence
  FROM priced WHERE cost > 0 AND kind = 'text' AND tier = 'standard' AND bracket = 0 AND ${where}
  GROUP BY ALL ORDER BY task, model_id, day`;

/** What the same tokens cost at other rates; a cache write or read that has no rate there is plain input. */
function costAt(usage: DailyUsage, rates: Rates): bigint | undefined {
  const { input, output, cacheRead = input, cacheWrite5m = input, cacheWrite1h = cacheWrite5m } = rates;
  if (input === undefined || output === undefined) return undefined;
  const kinds: readonly (readonly [bigint, number | undefined])[] = [
    [usage.input, input],
    [usage.output, output],
    [usage.cache_read, cacheRead],
    [usage.cache_write_5m, cacheWrite5m],
    [usage.cache_write_1h, cacheWrite1h],
  ];
  return kinds.reduce((sum, [tokens, rate]) => sum + tokens * BigInt(rate ?? 0), 0n);
}

/** Another model for a task. */
export interface Candidate {
  readonly id: string;
  readonly part: Part;
  /** Rates by which candidates are compared. */
  readonly unitPrice: number;
}

/** The part that a task's calls would save on another model; `undefined` where a rate is unknown. */
export function partOn(
  context: FindContext,
  usages: readonly DailyUsage[],
  id: string,
): Candidate | undefined {
  const [first] = usages;
  if (first === undefined) return undefined;
  const daily = new Map<string, bigint>();
  let savedPicoUsd = 0n;
  let unitPrice = 0;
  for (const usage of usages) {
    const rates = context.pricing.ratesOf(id, {
      at: new Date(`${usage.day}T00:00:00Z`),
      ...(usage.region === null ? {} : { region: usage.region }),
    });
    const cost = rates === undefined ? undefined : costAt(usage, rates);
    if (rates === undefined || cost === undefined) return undefined;
    unitPrice = (rates.input ?? 0) + (rates.output ?? 0);
    savedPicoUsd += usage.cost - cost;
    daily.set(usage.day, (daily.get(usage.day) ?? 0n) + usage.cost - cost);
  }
  return {
    id,
    unitPrice,
    part: {
      task: first.task,
      modelId: first.model_id,
      calls: usages.reduce((sum, { calls }) => sum + Number(calls), 0),
      savedPicoUsd,
      daily,
      evidence: first.evidence,
    },
  };
}

/** Rows of one task on one model together. */
export function byTask(rows: readonly DailyUsage[]): readonly (readonly DailyUsage[])[] {
  const groups = new Map<string, DailyUsage[]>();
  for (const row of rows) {
    const key = JSON.stringify([row.task, row.model_id]);
    const group = groups.get(key) ?? [];
    group.push(row);
    groups.set(key, group);
  }
  return [...groups.values()];
}
