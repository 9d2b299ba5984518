import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CachePrices } from './cache-prices.js';
import { type ChoiceConditions, choosePoints, type ForecastPlace } from './choose-points.js';

const CLAUDE: CachePrices = { input: 100, read: 10, write: { '5m': 125, '1h': 200 } };
const FREE_WRITES: CachePrices = { input: 100, read: 25, write: { '5m': 0, '1h': undefined } };

const place = (
  afterBlock: number,
  tokens: number,
  within5m: number,
  rest: Partial<ForecastPlace> & { within1h?: number } = {},
): ForecastPlace => ({
  place: { afterBlock, purpose: 'system', section: 'system', tokens },
  reuse: { within5m, within1h: rest.within1h ?? within5m },
  cached: rest.cached ?? false,
  entry: undefined,
});
const conditions = (changes: Partial<ChoiceConditions> = {}): ChoiceConditions => ({
  tokensBefore: 0,
  prices: CLAUDE,
  freePoints: 4,
  ttls: { '5m': true, '1h': true },
  ...changes,
});
const chosen = (
  places: readonly ForecastPlace[],
  changes: Partial<ChoiceConditions> = {},
): [number, string][] =>
  choosePoints(places, conditions(changes)).points.map(({ place: { afterBlock }, ttl }) => [afterBlock, ttl]);

describe('choosePoints', () => {
  it('writes from the reuse on at which reads pay for writes', () => {
    // Break-even of a write at 1.25 and a read at 0.1: p · 0.1 + (1 − p) · 1.25 = 1, so p = 0.217.
    expect(chosen([place(0, 1000, 0.21)])).toEqual([]);
    expect(chosen([place(0, 1000, 0.23)])).toEqual([[0, '5m']]);
  });

  it('takes an hour when that is cheaper, and only where the model has it', () => {
    const places = [place(0, 1000, 0.1, { within1h: 0.9 })];
    expect(chosen(places)).toEqual([[0, '1h']]);
    expect(chosen(places, { ttls: { '5m': true, '1h': false } })).toEqual([]);
    expect(chosen([place(0, 1000, 0.9, { within1h: 0.92 })])).toEqual([[0, '5m']]);
    expect(chosen([place(0, 1000, 0.9)], { ttls: { '5m': false, '1h': true } })).toEqual([[0, '1h']]);
  });

  it('never puts an hour behind five minutes', () => {
    const places = [place(0, 1000, 0.9), place(1, 5000, 0.1, { within1h: 0.95 })];
    const points = chosen(places);
    expect(points).toEqual([
      [0, '1h'],
      [1, '1h'],
    ]);
    expect(chosen([place(0, 5000, 0.1, { within1h: 0.9 }), place(1, 6000, 0.1, { within1h: 0.3 })])).toEqual([
      [0, '1h'],
    ]);
  });

  it('always writes where a write is free', () => {
    const free = { prices: FREE_WRITES, ttls: { '5m': true, '1h': false } };
    expect(chosen([place(0, 1000, 0)], free)).toEqual([[0, '5m']]);
    // All of it: what is left uncached costs input, and a read costs more than the write that it spares.
    expect(chosen([place(0, 1000, 0.1), place(1, 1200, 0.9)], free)).toEqual([
      [0, '5m'],
      [1, '5m'],
    ]);
  });

  it('reads what is cached already even when it may never come again', () => {
    const { points, readTokens, savedNow } = choosePoints(
      [place(0, 1000, 0.2, { cached: true }), place(1, 1200, 0)],
      conditions(),
    );
    expect(points.map(({ place: { afterBlock } }) => afterBlock)).toEqual([0]);
    expect(readTokens).toBe(1000);
    expect(savedNow).toBe(1000 * (100 - 10));
  });

  it('goes on behind what is cached when the rest will be read', () => {
    const { points, readTokens, savedNow } = choosePoints(
      [place(0, 1000, 0, { cached: true }), place(1, 1200, 0.9)],
      conditions(),
    );
    expect(points.map(({ place: { afterBlock } }) => afterBlock)).toEqual([0, 1]);
    expect(readTokens).toBe(1000);
    expect(savedNow).toBe(1000 * 90 - 200 * 25);
  });

  it('prefers the last place, then what is cached, when points are few', () => {
    const places = [
      place(0, 1000, 1),
      place(1, 2000, 1, { cached: true }),
      place(2, 3000, 1),
      place(3, 4000, 1),
    ];
    expect(chosen(places, { freePoints: 1 })).toEqual([[3, '5m']]);
    expect(chosen(places, { freePoints: 2 })).toEqual([
      [1, '5m'],
      [3, '5m'],
    ]);
    expect(chosen(places, { freePoints: 0 })).toEqual([]);
  });

  it("counts only what comes behind the caller's own points", () => {
    const { savedNow } = choosePoints([place(5, 3000, 1)], conditions({ tokensBefore: 2000 }));
    expect(savedNow).toBe(1000 * (100 - 125));
  });

  it('costs no more at the expected reuse than writing nothing, always keeps the order of lifetimes and the limit', () => {
    const anyPlaces = fc
      .array(
        fc.record({
          step: fc.integer({ min: 1, max: 5000 }),
          within5m: fc.double({ min: 0, max: 1, noNaN: true }),
          more: fc.double({ min: 0, max: 1, noNaN: true }),
        }),
        { minLength: 1, maxLength: 7 },
      )
      .map((steps) => {
        let tokens = 0;
        return steps.map(({ step, within5m, more }, index) => {
          tokens += step;
          return place(index, tokens, within5m, { within1h: within5m + (1 - within5m) * more });
        });
      });
    fc.assert(
      fc.property(anyPlaces, fc.integer({ min: 1, max: 4 }), (places, freePoints) => {
        const points = chosen(places, { freePoints });
        expect(points.length).toBeLessThanOrEqual(freePoints);
        const ttls = points.map(([, ttl]) => ttl);
        expect(ttls).toEqual([...ttls].sort());
        const blocks = points.map(([block]) => block);
        expect(blocks).toEqual([...new Set(blocks)].sort((one, other) => one - other));
      }),
    );
  });
});
