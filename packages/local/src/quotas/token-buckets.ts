import { BedrockFault } from '../wire/bedrock-fault.js';

/** Quotas of one model. */
export interface ModelQuota {
  readonly requestsPerMinute?: number;
  readonly tokensPerMinute?: number;
  readonly tokensPerDay?: number;
}

/** What a call takes from the quotas, and gives back. */
interface QuotaReservation {
  /** Replaces the reservation by what was really used. */
  settle(usedTokens: number): void;
}

/** The quotas of an account in one Region. */
export interface Quotas {
  /**
   * Takes a call's tokens: input + cache write + `max_tokens`.
   *
   * @throws {@link BedrockFault} 429 when a quota is used up.
   */
  reserve(modelIds: readonly string[], partition: string, tokens: number): QuotaReservation;
}

interface Bucket {
  level: number;
  at: number;
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const NO_RESERVATION: QuotaReservation = { settle() {} };

/**
 * Makes the quotas. Each is a bucket that holds a full period's worth and refills evenly (assumed: the service
 * does not say how it spreads a minute).
 *
 * @param limits - By model id (as called or foundation model), `*` for every other model.
 */
export function createQuotas(limits: Readonly<Record<string, ModelQuota>>, now: () => number): Quotas {
  const buckets = new Map<string, Bucket>();

  const bucketOf = (name: string, capacity: number, periodMs: number): Bucket => {
    const bucket = buckets.get(name) ?? { level: capacity, at: now() };
    bucket.level = Math.min(capacity, bucket.level + ((now() - bucket.at) / periodMs) * capacity);
    bucket.at = now();
    buckets.set(name, bucket);
    return bucket;
  };

  return {
    reserve(modelIds, partition, tokens) {
      const limit = modelIds.map((id) => limits[id]).find((found) => found !== undefined) ?? limits['*'];
      if (limit === undefined) return NO_RESERVATION;
      const bounded = (
        [
          [
            'requests',
            limit.requestsPerMinute,
            MINUTE_MS,
            1,
            'Too many requests, please wait before trying again.',
          ],
          [
            'tokens',
            limit.tokensPerMinute,
            MINUTE_MS,
            tokens,
            'Too many tokens, please wait before trying again.',
          ],
          [
            'daily',
            limit.tokensPerDay,
            DAY_MS,
            tokens,
            'Too many tokens per day, please wait before trying again.',
          ],
        ] as const
      ).flatMap(([kind, capacity, periodMs, amount, message]) =>
        capacity === undefined
          ? []
          : [{ kind, amount, message, bucket: bucketOf(`${partition}/${kind}`, capacity, periodMs) }],
      );
      for (const { bucket, amount, message } of bounded) {
        if (bucket.level < amount) throw new BedrockFault('ThrottlingException', message);
      }
      for (const { bucket, amount } of bounded) bucket.level -= amount;
      return {
        settle(usedTokens) {
          for (const { kind, bucket } of bounded)
            if (kind !== 'requests') bucket.level += tokens - usedTokens;
        },
      };
    },
  };
}
