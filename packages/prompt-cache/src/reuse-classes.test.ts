import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createReuseClasses, PREFIX_LEVELS, type PrefixKind } from './reuse-classes.js';

const MINUTE = 60_000;
const OPENING: PrefixKind = { level: 'opening', turn: 1, newTokens: 300 };

/** Prefixes of a kind that come again within five minutes, or do not. */
function observe(
  classes: ReturnType<typeof createReuseClasses>,
  kind: PrefixKind,
  returned: number,
  failed: number,
) {
  for (let index = 0; index < returned + failed; index++) {
    classes.open(kind, index);
    if (index < returned) classes.returned(kind, index);
    else classes.failed(kind, index);
  }
}

describe('createReuseClasses', () => {
  it('learns the share that comes again', () => {
    const classes = createReuseClasses();
    observe(classes, OPENING, 60, 140);
    expect(classes.next(OPENING, MINUTE).within5m).toBeCloseTo(0.3, 1);
  });

  it('tells long prompts from short ones, and later turns from first ones', () => {
    const classes = createReuseClasses();
    const long: PrefixKind = { ...OPENING, newTokens: 20_000 };
    observe(classes, OPENING, 90, 10);
    observe(classes, long, 5, 95);
    expect(classes.next(OPENING, 0).within5m).toBeGreaterThan(0.75);
    expect(classes.next(long, 0).within5m).toBeLessThan(0.2);
    observe(classes, { level: 'growing', turn: 5, newTokens: 300 }, 95, 5);
    observe(classes, { level: 'growing', turn: 2, newTokens: 300 }, 5, 95);
    expect(classes.next({ level: 'growing', turn: 5, newTokens: undefined }, 0).within5m).toBeGreaterThan(
      0.7,
    );
    expect(classes.next({ level: 'growing', turn: 2, newTokens: undefined }, 0).within5m).toBeLessThan(0.3);
  });

  it('counts what has not come again the more, the longer it is out', () => {
    const classes = createReuseClasses();
    for (let index = 0; index < 50; index++) classes.open(OPENING, 0);
    const chances = [0, 30_000, 90_000, 600_000].map((now) => classes.next(OPENING, now).within5m);
    expect(chances).toEqual([...chances].sort((one, other) => other - one));
    expect(chances.at(-1)).toBeLessThan(0.02);
    for (let index = 0; index < 50; index++) classes.forget(OPENING, 0);
    expect(classes.next(OPENING, 600_000).within5m).toBeCloseTo(0.1, 5);
  });

  it('learns what comes again only within the hour', () => {
    const classes = createReuseClasses();
    observe(classes, OPENING, 0, 100);
    for (let index = 0; index < 80; index++) classes.late(OPENING);
    const { within5m, within1h } = classes.next(OPENING, 0);
    expect(within5m).toBeLessThan(0.05);
    expect(within1h).toBeGreaterThan(0.6);
  });

  it('always says a chance, whatever it was told', () => {
    const anyKind = fc.record({
      level: fc.constantFrom(...PREFIX_LEVELS),
      turn: fc.nat(100),
      newTokens: fc.option(fc.nat(3_000_000), { nil: undefined }),
    });
    const anyEvent = fc.tuple(
      fc.constantFrom('open', 'returned', 'failed', 'late', 'forget' as const),
      anyKind,
      fc.nat(10_000_000),
    );
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 60 }), anyKind, (events, kind) => {
        const classes = createReuseClasses();
        for (const [event, of, now] of events) classes[event](of, now);
        const { within5m, within1h } = classes.next(kind, 10_000_000);
        expect(within5m).toBeGreaterThanOrEqual(0);
        expect(within1h).toBeGreaterThanOrEqual(within5m);
        expect(within1h).toBeLessThanOrEqual(1);
        const copy = createReuseClasses();
        copy.replace(JSON.parse(JSON.stringify(classes.save())));
        expect(copy.save()).toEqual(classes.save());
      }),
    );
  });
});
