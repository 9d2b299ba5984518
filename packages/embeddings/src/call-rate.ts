import type { EmbeddingClock } from './types.js';

/** Quotas of the account, per minute. */
export interface RateLimits {
  /** Requests a minute. @defaultValue no limit */
  readonly requestsPerMinute?: number;
  /** Tokens a minute. @defaultValue no limit */
  readonly tokensPerMinute?: number;
}

const MINUTE_MS = 60_000;

/** Spreads calls over time, so that a quota is used and not overrun. */
export interface CallRate {
  /** Resolves when a call of so many tokens may begin. */
  admit(tokens: number, signal?: AbortSignal): Promise<void>;
}

/** Each call takes its share of a minute; the next begins when that is over. */
export function callRate(limits: RateLimits, clock: EmbeddingClock): CallRate {
  const { requestsPerMinute = Number.POSITIVE_INFINITY, tokensPerMinute = Number.POSITIVE_INFINITY } = limits;
  let freeAt = Number.NEGATIVE_INFINITY;
  return {
    admit: async (tokens, signal) => {
      const now = clock.now();
      const startsAt = Math.max(now, freeAt);
      freeAt = startsAt + MINUTE_MS * Math.max(1 / requestsPerMinute, tokens / tokensPerMinute);
      if (startsAt > now) await clock.sleep(startsAt - now, signal);
    },
  };
}
