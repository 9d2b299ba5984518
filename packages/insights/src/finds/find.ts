import type { Database } from '../database.js';
import type { EvaluationLike } from '../evaluation-like.js';
import type { Pricing } from '../price-calls.js';
import type { MoneyInterval, RecommendationKind } from '../types.js';

/** What a find would save in one task on one model. */
export interface Part {
  readonly task: string;
  readonly modelId: string;
  readonly calls: number;
  /** In the time the logs cover. */
  readonly savedPicoUsd: bigint;
  /** By day (ISO date). */
  readonly daily: ReadonlyMap<string, bigint>;
  readonly evidence: readonly string[];
}

/** Something that costs more than it must. */
export interface Find {
  readonly kind: RecommendationKind;
  /** One of {@link FindTexts} by which it is described, e.g. how to cache. */
  readonly variant: string;
  readonly parts: readonly Part[];
  /** Half of the 90 % interval that comes from looking at a sample of the requests, as a share; absent: at all. */
  readonly samplingShare?: number;
  /** An evaluation on the task's own cases has shown that quality holds. */
  readonly isMeasured?: boolean;
  /** Dollars a month with their interval, where it does not come from how much the days differ. */
  readonly perMonth?: MoneyInterval;
  /** What the texts name: numbers of the traffic, never text of it. */
  readonly facts: Readonly<Record<string, string | number>>;
}

/** What a find looks at. */
export interface FindContext {
  readonly database: Database;
  readonly pricing: Pricing;
  /** When the last call was: what lies ahead of it is the future. */
  readonly lastDay: string;
  /** Prompts of single requests, read again from the logs, by request id. */
  samples(requestIds: readonly string[]): Promise<ReadonlyMap<string, SampledRequest>>;
  readonly provisionedUsdPerHour: Readonly<Record<string, string>>;
  /** Dollars per million training tokens, by the base model of a student. */
  readonly trainingUsdPerMillionTokens: Readonly<Record<string, string>>;
  readonly evaluation: EvaluationLike | undefined;
  /** Hours from the first call to the last. */
  readonly hours: number;
  /** The same in days, at least one. */
  readonly days: number;
}

/** A request as it was sent. Its content is looked at, and never kept. */
export interface SampledRequest {
  readonly modelId: string;
  readonly operation: string;
  readonly body: object;
}

interface PartRow {
  readonly task: string;
  readonly model_id: string;
  readonly day: string;
  readonly calls: bigint;
  readonly [column: string]: unknown;
}

/**
 * Sums savings of single calls by task and model.
 *
 * @param sql - a query of `task, model_id, day, request_id, call_count` and a column `saved_<variant>` (pico-dollars) each.
 * @returns the parts of every variant; a part without a saving is left out.
 */
export async function sumSavings(
  database: Database,
  sql: string,
  variants: readonly string[],
): Promise<ReadonlyMap<string, readonly Part[]>> {
  const sums = variants.map(
    (
      variant,
    ) => `sum(saved_${variant})::HUGEINT AS total_${variant}, coalesce(sum(call_count) FILTER (saved_${variant} <> 0), 0)::HUGEINT AS calls_${variant},
      max_by(request_id, saved_${variant}, 3) AS evidence_${variant}`,
  );
  const rows = await database.all<PartRow>(`WITH savings AS (${sql})
    SELECT task, model_id, strftime(day, '%Y-%m-%d') AS day, ${sums.join(', ')} FROM savings
    GROUP BY ALL ORDER BY task, model_id, day`);
  return new Map(variants.map((variant) => [variant, partsOf(rows, variant)]));
}

function partsOf(rows: readonly PartRow[], variant: string): readonly Part[] {
  const parts = new Map<
    string,
    { -readonly [K in keyof Part]: Part[K] } & { daily: Map<string, bigint>; best: bigint }
  >();
  for (const row of rows) {
    const saved = (row[`total_${variant}`] as bigint | null) ?? 0n;
    const calls = Number(row[`calls_${variant}`] ?? 0);
    if (calls === 0) continue;
    const key = JSON.stringify([row.task, row.model_id]);
    const part = parts.get(key) ?? {
      task: row.task,
      modelId: row.model_id,
      calls: 0,
      savedPicoUsd: 0n,
      daily: new Map<string, bigint>(),
      evidence: [],
      best: 0n,
    };
    parts.set(key, part);
    part.calls += calls;
    part.savedPicoUsd += saved;
    part.daily.set(row.day, saved);
    if (saved > part.best) {
      part.best = saved;
      part.evidence = ((row[`evidence_${variant}`] as readonly string[] | null) ?? []).filter(
        (id) => id !== null,
      );
    }
  }
  return [...parts.values()]
    .filter(({ savedPicoUsd }) => savedPicoUsd > 0n)
    .map(({ best: _, ...part }) => part);
}

/** One find a task and model, by the variant that saves most there. */
export function bestVariants(
  kind: RecommendationKind,
  byVariant: ReadonlyMap<string, readonly Part[]>,
  factsOf: (part: Part, variant: string) => Find['facts'] = () => ({}),
): readonly Find[] {
  const best = new Map<string, { readonly variant: string; readonly part: Part }>();
  for (const [variant, parts] of byVariant) {
    for (const part of parts) {
      const key = JSON.stringify([part.task, part.modelId]);
      const known = best.get(key);
      if (known === undefined || part.savedPicoUsd > known.part.savedPicoUsd)
        best.set(key, { variant, part });
    }
  }
  return [...best.values()].map(({ variant, part }) => ({
    kind,
    variant,
    parts: [part],
    facts: factsOf(part, variant),
  }));
}
