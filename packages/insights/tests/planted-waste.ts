import { expect } from 'vitest';
import type { Analysis } from '../src/types.js';
import type { Traffic } from './traffic/generate-traffic.js';

const DAYS_PER_MONTH = 30.4375;

/** Holds an analysis to what was planted: every kind found in its place, dollars within a tenth. */
export function expectPlantsFound(analysis: Analysis, { planted }: Traffic): void {
  const found = planted.map(({ kind, feature }) =>
    analysis.recommendations.find((one) => one.kind === kind && one.task === feature),
  );
  expect(planted.filter((_, index) => found[index] === undefined).map(({ kind }) => kind)).toEqual([]);
  const ratios = planted.map(({ kind, usd }, index) => ({
    kind,
    ratio: (found[index]?.perMonth.expected.usd ?? 0) / ((usd * DAYS_PER_MONTH) / analysis.days),
  }));
  expect(ratios.filter(({ ratio }) => ratio < 0.9 || ratio > 1.1)).toEqual([]);
  // Dearest first, but for neighbours that are nearer to each other than dollars are known.
  const order = planted
    .map((waste, index) => ({ usd: waste.usd, rank: found[index]?.rank ?? 0 }))
    .sort((one, other) => one.rank - other.rank);
  const outOfOrder = order.filter((one, index) =>
    order.slice(index + 1).some((later) => later.usd > 1.1 * one.usd),
  );
  expect(outOfOrder).toEqual([]);
  expect(analysis.perMonthAfter.picoUsd).toBeGreaterThan(0n);
}
