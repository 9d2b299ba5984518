import type { CachePrices } from './cache-prices.js';
import type { PointChoice } from './choose-points.js';
import type { PrefixEntry } from './prefix-table.js';
import type { SentRequest } from './sent-request.js';

/** What to do with a request that comes while another writes the prefix that it needs. */
interface ParallelAdvice {
  /** Points before this one can be read or are nobody's; the others would be written twice. */
  readonly from: number;
  /** Milliseconds until the prefix can be read, if that is worth waiting for. */
  readonly waitMs: number | undefined;
}

/** Which prefixes are being written by requests that nobody has answered yet. */
export interface ParallelWrites {
  /** A request that writes is on its way. */
  begin(sent: SentRequest, now: number): void;
  /** It was answered, or failed. */
  end(sent: SentRequest): void;
  /** How long a model takes until it begins to answer. */
  learn(modelId: string, beganAfterMs: number): void;
  /** `undefined`: nothing stands in the way. */
  advise(modelId: string, choice: PointChoice, prices: CachePrices, now: number): ParallelAdvice | undefined;
  /** Resolves once the prefix is written, the time is over, or the caller gives up. */
  wait(entry: PrefixEntry, ms: number, signal: AbortSignal | undefined): Promise<void>;
}

interface Writer {
  readonly sent: SentRequest;
  readonly startedAt: number;
  readonly waiting: Set<() => void>;
}

/** Until a model has answered; an assumption. */
const FIRST_GUESS_MS = 2_000;
/** How much the last answer counts. */
const NEWEST_SHARE = 0.3;
/** Models that are remembered; an application calls a handful. */
const MAX_MODELS = 100;
/** Requests that are answered at one time are fewer. */
const MAX_WRITERS = 10_000;

/**
 * A prefix can be read once the request that writes it begins to be answered. What comes before that would write it
 * once more: it waits, where that is not for long, or goes without a point, where a write costs more than input.
 *
 * @param maxWaitMs - longest that a request waits
 */
export function createParallelWrites(maxWaitMs: number): ParallelWrites {
  const writers = new Map<PrefixEntry, Writer>();
  const beginsAfterMs = new Map<string, number>();

  return {
    begin: (sent, now) => {
      // One that was never told its end must not stay for ever.
      if (writers.size >= MAX_WRITERS) writers.clear();
      for (const { entry } of sent.points) {
        // Who comes behind a writer that is still being answered reads what that has written.
        const isReading = writers.has(entry) && entry.cachedUntil > now;
        if (entry.confirmedUntil <= now && !isReading)
          writers.set(entry, { sent, startedAt: now, waiting: new Set() });
      }
    },
    end: (sent) => {
      for (const { entry } of sent.points) {
        const writer = writers.get(entry);
        if (writer?.sent !== sent) continue;
        writers.delete(entry);
        for (const go of writer.waiting) go();
      }
    },
    learn: (modelId, ms) => {
      if (beginsAfterMs.size >= MAX_MODELS) beginsAfterMs.clear();
      const before = beginsAfterMs.get(modelId) ?? ms;
      beginsAfterMs.set(modelId, before + NEWEST_SHARE * (ms - before));
    },
    advise: (modelId, { points }, prices, now) => {
      if (writers.size === 0) return undefined;
      const takes = beginsAfterMs.get(modelId) ?? FIRST_GUESS_MS;
      for (const [from, { entry, ttl }] of points.entries()) {
        const writer = entry === undefined ? undefined : writers.get(entry);
        if (writer === undefined) continue;
        const leftMs = Math.ceil(writer.startedAt + takes - now);
        if (leftMs <= 0) continue;
        if (leftMs <= maxWaitMs) return { from, waitMs: leftMs };
        // A second write that costs no more than input does no harm.
        const write = (ttl === '1h' ? prices.write['1h'] : undefined) ?? prices.write['5m'];
        if (write > prices.input) return { from, waitMs: undefined };
      }
      return undefined;
    },
    wait: (entry, ms, signal) =>
      new Promise((resolve) => {
        const writer = writers.get(entry);
        const go = (): void => {
          clearTimeout(timer);
          writer?.waiting.delete(go);
          signal?.removeEventListener('abort', go);
          resolve();
        };
        const timer = setTimeout(go, ms);
        writer?.waiting.add(go);
        signal?.addEventListener('abort', go);
        if (writer === undefined || signal?.aborted === true) go();
      }),
  };
}
