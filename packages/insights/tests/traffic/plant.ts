import { type Rates, ratesFor } from '@costkit/pricing';
import type { RecommendationKind } from '../../src/types.js';
import type { LoggedCall } from './log-record.js';
import type { Random } from './random.js';

export const DAY_MS = 86_400_000;
export const HOUR_MS = 3_600_000;
export const MINUTE_MS = 60_000;

/** When the traffic runs. */
export interface Span {
  readonly start: number;
  readonly days: number;
}

/** Planted waste: its calls, and what they cost too much, by arithmetic of its own. */
export interface PlantedWaste {
  readonly kind: RecommendationKind;
  readonly feature: string;
  readonly calls: readonly LoggedCall[];
  /** Dollars in the span. */
  readonly usd: number;
  /** Lines of a bill that belong to it. */
  readonly bill?: readonly BilledLine[];
}

/** A line of a bill (CUR). */
export interface BilledLine {
  /** ISO date. */
  readonly day: string;
  readonly usageType: string;
  readonly service: string;
  readonly usd: number;
}

/** Puts waste into a span of traffic. */
export type Plant = (span: Span, random: Random) => PlantedWaste;

/** The catalogue's rates in us-east-1 on the day that the traffic begins. */
export const rates = (modelId: string, batch = false): Required<Rates> =>
  ratesFor({ model: modelId, region: 'us-east-1', batch, at: new Date('2026-10-20') }) as Required<Rates>;
/** Dollars of pico-dollars. */
export const usd = (picoUsd: number): number => picoUsd / 1e12;
/** Midnights. */
export const dayStarts = ({ start, days }: Span): readonly number[] =>
  Array.from({ length: days }, (_, day) => start + day * DAY_MS);

/** Arrivals in the open hours of each day. */
export function arrivals(span: Span, random: Random, aDay: number, meanGapMs: number): readonly number[] {
  return dayStarts(span).flatMap((day) => {
    let at = day + random.between(8, 10) * HOUR_MS;
    return Array.from({ length: aDay }, () => {
      at += random.gap(meanGapMs);
      return Math.round(at);
    });
  });
}
