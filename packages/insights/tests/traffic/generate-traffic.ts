import { cleanTraffic } from './clean-traffic.js';
import { type BilledLine, dayStarts, type PlantedWaste, type Span } from './plant.js';
import { PLANTS } from './plants.js';
import { randomOf } from './random.js';
import { writeBill, writeLogs } from './write-logs.js';

/** Where a month of traffic begins. */
const START = Date.UTC(2026, 9, 20);

/** Generated traffic, and the waste that was planted in it. */
export interface Traffic {
  readonly span: Span;
  readonly calls: number;
  /** The dearest first. */
  readonly planted: readonly PlantedWaste[];
}

/** Vectors where they cost least, and a database that may hold anything. */
const cleanBill = (span: Span): readonly BilledLine[] =>
  dayStarts(span).flatMap((start) => {
    const day = new Date(start).toISOString().slice(0, 10);
    return [
      { day, usageType: 'Vectors-TimedStorage-ByteHrs', service: 'Amazon Simple Storage Service', usd: 0.05 },
      {
        day,
        usageType: 'Aurora:ServerlessV2Usage',
        service: 'Amazon Relational Database Service',
        usd: 1.44,
      },
    ];
  });

/** Writes traffic into a folder: clean, and with every kind of waste if asked. All of it follows from the seed. */
export function generateTraffic(folder: string, seed: number, days: number, isClean = false): Traffic {
  const random = randomOf(seed);
  const span = { start: START, days };
  const clean = cleanTraffic(span, random);
  const planted = isClean ? [] : PLANTS.map((plant) => plant(span, random));
  const calls = [...clean, ...planted.flatMap((waste) => waste.calls)];
  writeLogs(folder, calls, random);
  writeBill(folder, [...cleanBill(span), ...planted.flatMap(({ bill = [] }) => bill)]);
  return { span, calls: calls.length, planted: [...planted].sort((one, other) => other.usd - one.usd) };
}
