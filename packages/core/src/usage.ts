import type { CacheRules, CatalogueModel, Usage } from '@costkit/pricing';

/** A usage of nothing. */
export const NO_USAGE: Usage = {
  input: 0,
  output: 0,
  cacheRead: 0,
  cacheWrite5m: 0,
  cacheWrite1h: 0,
  cacheWrite30m: 0,
};

/** Counts as a response reports them, before they are made disjoint. */
export interface ReportedUsage {
  /** Input tokens; whether they hold the cache tokens differs by family. */
  readonly input?: number | undefined;
  /** Output tokens, thinking included. */
  readonly output?: number | undefined;
  /** All tokens, by the response's own sum. */
  readonly total?: number | undefined;
  /** Tokens read from the prompt cache. */
  readonly cacheRead?: number | undefined;
  /** Tokens written to the prompt cache, whatever their time to live. */
  readonly cacheWrite?: number | undefined;
  /** Share of the write that the response attributes to a time to live. */
  readonly writes?: { readonly '5m'?: number; readonly '1h'?: number };
  /** Whether the format itself counts cache tokens as input, as OpenAI's does; absent: the counts must tell. */
  readonly inclusive?: boolean;
  /** The counts are sums over all that is billed, of which totals at the end of a stream may leave some out. */
  readonly isSum?: boolean;
}

/** A usage and how far it can be trusted. */
export interface NormalisedUsage {
  /** The counts, each token in exactly one. */
  readonly usage: Usage;
  /** `false` where the reported counts contradict each other and one reading had to be chosen. */
  readonly certain: boolean;
}

const count = (value: number | undefined): number =>
  typeof value === 'number' && Number.isFinite(value) && value > 0 ? Math.trunc(value) : 0;

/**
 * Whether `input` includes the cache tokens. The counts themselves decide where they can: in a net report
 * `total = input + output + read + write`, in a gross one `total = input + output`. Some families have
 * reported gross input with the cache counted twice in the total, which looks net; for those the catalogue
 * decides, and the reading is not certain.
 */
function isGross(
  reported: ReportedUsage,
  model: CatalogueModel | undefined,
): { gross: boolean; certain: boolean } {
  const input = count(reported.input);
  const output = count(reported.output);
  const cache = count(reported.cacheRead) + count(reported.cacheWrite);
  if (cache === 0 || input < cache) return { gross: false, certain: true };
  const { total, inclusive } = reported;
  if (inclusive !== undefined) return { gross: inclusive, certain: true };
  if (total === input + output) return { gross: true, certain: true };
  if (model?.usageSemantics === 'gross') return { gross: true, certain: false };
  return { gross: false, certain: total === undefined || total === input + output + cache };
}

/**
 * Makes reported counts disjoint: input that is neither read from nor written to the cache, output, reads, and
 * writes by time to live. Never negative.
 *
 * Bedrock reports `totalTokens = inputTokens + outputTokens + cacheReadInputTokens + cacheWriteInputTokens`
 * (22 of 22 recordings with caching).
 *
 * @param reported - counts as the response has them.
 * @param model - the model that answered, where it is known: it decides where the counts contradict each other.
 *
 * @example
 * ```ts
 * normaliseUsage({ input: 9, output: 5, cacheWrite: 11207, total: 11221 }, undefined).usage.cacheWrite5m; // 11207
 * ```
 */
export function normaliseUsage(reported: ReportedUsage, model: CatalogueModel | undefined): NormalisedUsage {
  const { gross, certain } = isGross(reported, model);
  const cacheRead = count(reported.cacheRead);
  const cacheWrite = count(reported.cacheWrite);
  const cacheWrite1h = Math.min(cacheWrite, count(reported.writes?.['1h']));
  const rest = cacheWrite - cacheWrite1h;
  const only30m = isOnly30m(model?.capabilities.cache);
  return {
    usage: {
      input: count(reported.input) - (gross ? cacheRead + cacheWrite : 0),
      output: count(reported.output),
      cacheRead,
      cacheWrite5m: only30m ? 0 : rest,
      cacheWrite1h,
      cacheWrite30m: only30m ? rest : 0,
    },
    certain,
  };
}

// A write whose time to live is not reported is a 5-minute one, except where the family knows 30 minutes only.
function isOnly30m(rules: CacheRules | undefined): boolean {
  return rules !== undefined && rules.ttls.length > 0 && rules.ttls.every((ttl) => ttl === '30m');
}

/** The sum of usages, kind by kind. */
export function sumUsage(usages: readonly Usage[]): Usage {
  const [only] = usages;
  if (only !== undefined && usages.length === 1) return only;
  return usages.reduce(
    (sum, usage) => ({
      input: sum.input + usage.input,
      output: sum.output + usage.output,
      cacheRead: sum.cacheRead + usage.cacheRead,
      cacheWrite5m: sum.cacheWrite5m + usage.cacheWrite5m,
      cacheWrite1h: sum.cacheWrite1h + usage.cacheWrite1h,
      cacheWrite30m: sum.cacheWrite30m + usage.cacheWrite30m,
      ...unitsOf(sum, usage),
    }),
    NO_USAGE,
  );
}

function unitsOf(one: Usage, other: Usage): Pick<Usage, 'units'> {
  if (one.units === undefined && other.units === undefined) return {};
  const units: Record<string, number> = { ...one.units };
  for (const [unit, value] of Object.entries(other.units ?? {})) units[unit] = (units[unit] ?? 0) + value;
  return { units };
}

/** All input tokens of a usage, however they were billed. */
export function promptTokens(usage: Usage): number {
  return usage.input + usage.cacheRead + usage.cacheWrite5m + usage.cacheWrite1h + usage.cacheWrite30m;
}
