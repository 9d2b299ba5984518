import { cleanTraffic } from './clean-traffic.js';
import { PLANTS, type PlantedWaste, type Span } from './plants.js';
import { randomOf } from './random.js';
import { writeLogs } from './write-logs.js';

/** Where a month of traffic begins. */
const START = Date.UTC(2026, 9, 20);

/** Generated traffic, and the waste that was planted in it. */
export interface Traffic {
  readonly span: Span;
  readonly calls: number;
  /** The dearest first. */
  readonly planted: readonly PlantedWaste[];
}

/** Writes traffic into a folder: clean, and with every kind of waste if asked. All of it follows from the seed. */
export function generateTraffic(folder: string, seed: number, days: number, isClean = false): Traffic {
  const random = randomOf(seed);
  const span = { start: START, days };
  const clean = cleanTraffic(span, random);
  const planted = isClean ? [] : PLANTS.map((plant) => plant(span, random));
  const calls = [...clean, ...planted.flatMap((waste) => waste.calls)];
  writeLogs(folder, calls, random);
  return { span, calls: calls.length, planted: [...planted].sort((one, other) => other.usd - one.usd) };
}
