import { describe, expect, it } from 'vitest';
import type { Find } from './finds/find.js';
import { cellOf, type RankContext, rankFinds } from './rank.js';
import type { RecommendationKind } from './types.js';

const PICO = 1_000_000_000_000n;
const DAYS = 30.437_5;

/** A find in one task that saves so many dollars a month. */
function aFind(kind: RecommendationKind, usd: number, task = 'search', more: Partial<Find> = {}): Find {
  const savedPicoUsd = BigInt(usd) * PICO;
  return {
    kind,
    variant: 'stable_5m',
    parts: [{ task, modelId: 'model', calls: 10, savedPicoUsd, daily: new Map(), evidence: ['a'] }],
    facts: {},
    ...more,
  };
}

const context = (more: Partial<RankContext> = {}): RankContext => ({
  days: DAYS,
  wholeDays: [],
  costs: new Map([
    [cellOf('search', 'model'), 1_000n * PICO],
    [cellOf('chat', 'model'), 1_000n * PICO],
  ]),
  totalPicoUsd: 2_000n * PICO,
  engineerDayUsd: 0,
  minUsdPerMonth: 1,
  minShare: 0.005,
  allowGlobal: false,
  ...more,
});

const ranked = (finds: readonly Find[], more: Partial<RankContext> = {}) =>
  rankFinds(finds, context(more)).recommendations.map(({ kind, perMonthAfterOthers, alternativeTo }) => [
    kind,
    perMonthAfterOthers.usd,
    alternativeTo,
  ]);

describe('rankFinds', () => {
  it('multiplies what several levers save in one task, and adds up over tasks', () => {
    expect(
      ranked([aFind('global-profile', 100), aFind('prompt-caching', 500), aFind('output-cap', 300, 'chat')]),
    ).toEqual([
      ['prompt-caching', 500, undefined],
      ['output-cap', 300, undefined],
      ['global-profile', 50, undefined],
    ]);
  });

  it('counts the larger of two that exclude each other, and ranks the other behind it', () => {
    expect(ranked([aFind('batch', 400), aFind('prompt-caching', 500)])).toEqual([
      ['prompt-caching', 500, undefined],
      ['batch', 0, 1],
    ]);
  });

  it('counts calls that disappear before calls that get cheaper', () => {
    expect(ranked([aFind('prompt-caching', 600), aFind('runaway-loop', 500)])).toEqual([
      ['runaway-loop', 500, undefined],
      ['prompt-caching', 300, undefined],
    ]);
  });

  it('ranks by what the first year leaves after the work, and measuring first', () => {
    const finds = [
      aFind('smaller-model', 220),
      aFind('global-profile', 100, 'chat'),
      aFind('measure', 0, '*'),
    ];
    expect(ranked(finds, { engineerDayUsd: 600 }).map(([kind]) => kind)).toEqual([
      'measure',
      'global-profile',
      'smaller-model',
    ]);
    expect(ranked(finds, { engineerDayUsd: 0 }).map(([kind]) => kind)).toEqual([
      'measure',
      'smaller-model',
      'global-profile',
    ]);
  });

  it('leaves out what is noise, also what others have left of it', () => {
    const { recommendations, belowNoise } = rankFinds(
      [aFind('runaway-loop', 995), aFind('prompt-caching', 500), aFind('output-cap', 9, 'chat')],
      context(),
    );
    expect(recommendations.map(({ kind }) => kind)).toEqual(['runaway-loop']);
    expect(belowNoise).toBe(2);
  });

  it('widens the interval by how much the days differ, and promises nothing of an upper bound', () => {
    const daily = new Map([
      ['2026-10-20', 10n * PICO],
      ['2026-10-21', 10n * PICO],
      ['2026-10-22', 40n * PICO],
    ]);
    const wholeDays = [...daily.keys()];
    const find = aFind('prompt-caching', 600);
    const part = { ...find.parts[0], daily } as Find['parts'][number];
    const wide = rankFinds([{ ...find, parts: [part] }], context({ wholeDays })).recommendations[0]?.perMonth;
    expect(wide?.low.usd).toBe(0);
    expect(wide?.high.usd).toBe(1_200);
    const steady = rankFinds([aFind('prompt-caching', 600)], context({ wholeDays: [] })).recommendations[0];
    expect(steady?.perMonth.high.usd).toBe(1_200);
    const bound = rankFinds([aFind('retrieval', 600)], context({ wholeDays })).recommendations[0]?.perMonth;
    expect([bound?.low.usd, bound?.high.usd]).toEqual([0, 600]);
  });

  it('asks before data leaves its geography', () => {
    const patchOf = (allowGlobal: boolean): string | undefined =>
      rankFinds([aFind('global-profile', 100)], context({ allowGlobal })).recommendations[0]?.patch;
    expect(patchOf(false)).toMatch(/^\/\/ Ask first/);
    expect(patchOf(true)).not.toMatch(/Ask first/);
  });

  it('has both errors in an interval: of days that differ, and of a sample', () => {
    const wholeDays = ['2026-10-20', '2026-10-21', '2026-10-22'];
    const intervalOf = (saved: readonly bigint[], samplingShare: number): number => {
      const [part] = aFind('prompt-caching', 300).parts;
      const daily = new Map(wholeDays.map((day, index) => [day, (saved[index] ?? 0n) * PICO]));
      const find = aFind('prompt-caching', 300, 'search', {
        parts: part === undefined ? [] : [{ ...part, daily }],
        samplingShare,
      });
      const [found] = rankFinds([find], context({ wholeDays })).recommendations;
      return found === undefined ? Number.NaN : found.perMonth.high.usd - 300;
    };
    expect(intervalOf([100n, 100n, 100n], 0)).toBe(0);
    expect(intervalOf([100n, 100n, 100n], 0.1)).toBeCloseTo(30, 9);
    const ofDays = intervalOf([90n, 100n, 110n], 0);
    expect(ofDays).toBeCloseTo((300 * 2.92 * 10) / Math.sqrt(3) / 100, 6);
    expect(intervalOf([90n, 100n, 110n], 0.1)).toBeCloseTo(Math.hypot(ofDays, 30), 6);
  });
});
