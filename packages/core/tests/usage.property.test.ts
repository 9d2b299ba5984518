import { type CatalogueModel, listModels, type Usage } from '@costkit/pricing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normaliseUsage, promptTokens, type ReportedUsage, sumUsage } from '../src/usage.js';

const count = fc.oneof(fc.nat(50), fc.nat(2_000_000));
const models = [undefined, ...listModels().filter(({ kind }) => kind === 'text')];
const model = fc.constantFrom<CatalogueModel | undefined>(...models);

/** What really happened, each token in one part. */
const parts = fc.record({
  input: count,
  output: count,
  cacheRead: fc.oneof(fc.constant(0), count),
  write5m: fc.oneof(fc.constant(0), count),
  write1h: fc.oneof(fc.constant(0), count),
});

const all = (usage: Usage): number => promptTokens(usage) + usage.output;
const kinds = ({ units: _, ...counts }: Usage): number[] => Object.values(counts);

describe('normaliseUsage', () => {
  it('finds the parts of any net report again, which add up to its total', () => {
    fc.assert(
      fc.property(parts, model, fc.boolean(), ({ input, output, cacheRead, write5m, write1h }, of, split) => {
        // A family that counts inclusively has its own shape of report, below.
        fc.pre(of?.usageSemantics !== 'gross');
        const cacheWrite = write5m + write1h;
        const total = input + output + cacheRead + cacheWrite;
        // With nothing but the counts a report of which input equals the cache could be read both ways.
        fc.pre(total !== input + output || cacheRead + cacheWrite === 0);
        const writes = split ? { writes: { '5m': write5m, '1h': write1h } } : {};
        const { usage, certain } = normaliseUsage(
          { input, output, total, cacheRead, cacheWrite, ...writes },
          of,
        );
        expect([usage.input, usage.output, usage.cacheRead]).toEqual([input, output, cacheRead]);
        expect(usage.cacheWrite5m + usage.cacheWrite1h + usage.cacheWrite30m).toBe(cacheWrite);
        if (split) expect(usage.cacheWrite1h).toBe(write1h);
        expect(all(usage)).toBe(total);
        expect(certain).toBe(true);
      }),
    );
  });

  it('finds them again in any gross report that says so', () => {
    fc.assert(
      fc.property(parts, model, fc.boolean(), ({ input, output, cacheRead, write5m }, of, byFormat) => {
        const cache = cacheRead + write5m;
        const total = input + cache + output;
        const { usage, certain } = normaliseUsage(
          {
            input: input + cache,
            output,
            cacheRead,
            cacheWrite: write5m,
            ...(byFormat ? { inclusive: true } : { total }),
          },
          of,
        );
        expect(usage.input).toBe(input);
        expect(all(usage)).toBe(total);
        expect(certain).toBe(true);
      }),
    );
  });

  it('finds them again in a gross report whose total counts the cache twice, by the family', () => {
    const gross = models.filter((one) => one?.usageSemantics === 'gross');
    fc.assert(
      fc.property(parts, fc.constantFrom(...gross), ({ input, output, cacheRead, write5m }, of) => {
        const cache = cacheRead + write5m;
        const reported = { input: input + cache, output, cacheRead, cacheWrite: write5m };
        const { usage } = normaliseUsage({ ...reported, total: input + output + 2 * cache }, of);
        expect(usage.input).toBe(input);
        expect(all(usage)).toBe(input + cache + output);
      }),
    );
  });

  it('is whole, finite and never negative, whatever is reported', () => {
    const anything = fc.option(
      fc.oneof(fc.double(), fc.integer(), fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, -1)),
      { nil: undefined },
    );
    const reported: fc.Arbitrary<ReportedUsage> = fc.record({
      input: anything,
      output: anything,
      total: anything,
      cacheRead: anything,
      cacheWrite: anything,
      writes: fc.record({ '5m': fc.double(), '1h': fc.double() }),
    });
    fc.assert(
      fc.property(reported, model, (counts, of) => {
        for (const value of kinds(normaliseUsage(counts, of).usage)) {
          expect(Number.isInteger(value)).toBe(true);
          expect(value).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });
});

describe('sumUsage', () => {
  const usage: fc.Arbitrary<Usage> = fc.record(
    {
      input: count,
      output: count,
      cacheRead: count,
      cacheWrite5m: count,
      cacheWrite1h: count,
      cacheWrite30m: count,
      units: fc.dictionary(fc.constantFrom('image', 'videoSecond'), fc.nat(9)),
    },
    { requiredKeys: ['input', 'output', 'cacheRead', 'cacheWrite5m', 'cacheWrite1h', 'cacheWrite30m'] },
  );

  it('keeps every token, in any order', () => {
    fc.assert(
      fc.property(fc.array(usage), (usages) => {
        const sum = sumUsage(usages);
        expect(all(sum)).toBe(usages.reduce((total, one) => total + all(one), 0));
        expect(sumUsage([...usages].reverse())).toEqual(sum);
        for (const unit of ['image', 'videoSecond']) {
          expect(sum.units?.[unit] ?? 0).toBe(
            usages.reduce((total, one) => total + (one.units?.[unit] ?? 0), 0),
          );
        }
      }),
    );
  });
});
