import type { TracedPrompt } from './prefix-traces.js';

/** Pico-dollars per token. */
export interface ClairvoyantPrices {
  readonly input: number;
  readonly cacheRead: number;
  readonly cacheWrite5m: number;
  readonly cacheWrite1h: number;
}

const LIFETIMES = [
  { ttlMs: 300_000, write: 'cacheWrite5m' },
  { ttlMs: 3_600_000, write: 'cacheWrite1h' },
] as const;

/**
 * What the input of requests costs at least: every piece is written, by the better lifetime, exactly where reads that
 * are known to come pay for it. No number of points, no minimum, no look-back and no way to know: a limit, not a target.
 */
export function clairvoyantUsd(prompts: readonly TracedPrompt[], prices: ClairvoyantPrices): number {
  const arrivals = new Map<string, { readonly tokens: number; readonly atMs: number[] }>();
  for (const { atMs, pieces } of prompts) {
    let path = '';
    for (const { key, role, tokens } of pieces) {
      path = `${role} ${key}`;
      const known = arrivals.get(path) ?? { tokens, atMs: [] };
      known.atMs.push(atMs);
      arrivals.set(path, known);
    }
  }
  let picoUsd = 0;
  for (const { tokens, atMs } of arrivals.values()) picoUsd += tokens * cheapest(atMs, prices);
  return picoUsd / 1e12;
}

/** Pico-dollars per token of one piece, by its arrivals, from the last one back. */
function cheapest(atMs: readonly number[], prices: ClairvoyantPrices): number {
  /** The least that the arrivals from an index on cost, nothing being cached there; and being cached for a lifetime. */
  let cold = 0;
  let warm = LIFETIMES.map(() => 0);
  for (let index = atMs.length - 1; index >= 0; index -= 1) {
    const gapMs = (atMs[index + 1] ?? Number.POSITIVE_INFINITY) - (atMs[index] as number);
    const after = LIFETIMES.map(({ ttlMs }, which) => (gapMs <= ttlMs ? (warm[which] as number) : cold));
    const nextWarm = after.map((rest) => prices.cacheRead + rest);
    cold = Math.min(
      prices.input + cold,
      ...LIFETIMES.map(({ write }, which) => prices[write] + (after[which] as number)),
    );
    warm = nextWarm;
  }
  return cold;
}
