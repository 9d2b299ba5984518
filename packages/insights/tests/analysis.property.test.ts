import { normaliseUsage } from '@costkit/core/views';
import { listModels } from '@costkit/pricing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analyzeLogs } from '../src/analyze-logs.js';
import { openDatabase, sqlText } from '../src/database.js';
import { countedCalls, priceCalls, pricingOf } from '../src/price-calls.js';
import { renderReport } from '../src/report/render-report.js';
import { CALLS_TABLE } from '../src/sources/calls-table.js';
import type { AttributionDimension } from '../src/types.js';
import { type AnyRecord, aRecord, HOUR, lines, writeBelow } from './one-record.js';
import { temporaryFolder } from './temporary-folder.js';

const count = fc.option(fc.integer({ min: 0, max: 1_000_000 }), { nil: undefined, freq: 4 });

/** What a log may say of a call's tokens, consistent or not. */
const reported = fc
  .record({
    input: count,
    output: count,
    cacheRead: count,
    cacheWrite: count,
    longWrite: count,
    totals: fc.nat(3),
  })
  .map(({ totals, ...usage }) => {
    const { input = 0, output = 0, cacheRead = 0, cacheWrite = 0 } = usage;
    const total = [undefined, input + output, input + output + cacheRead + cacheWrite, 12_345][totals];
    return { ...usage, total };
  });

const MODELS = listModels().filter(({ kind }) => kind === 'text');
const aModel = fc.constantFrom(...MODELS.map(({ id }) => id));

describe('countedCalls', { timeout: 60_000 }, () => {
  it('makes counts disjoint as the meter does', async () => {
    const database = await openDatabase(256, 1);
    try {
      const calls = fc.sample(fc.tuple(aModel, reported), { numRuns: 400, seed: 1 });
      await database.run(CALLS_TABLE);
      const sql = (value: number | undefined): string => (value === undefined ? 'NULL' : String(value));
      const rows = calls.map(
        ([model, { input, output, total, cacheRead, cacheWrite, longWrite }], index) =>
          `('${index}', ${sqlText(model)}, TIMESTAMP '2026-10-20 10:00:00', 'standard', ${[input, output, total, cacheRead, cacheWrite, longWrite].map(sql).join(', ')}, false, MAP {}::MAP(VARCHAR, VARCHAR))`,
      );
      await database.run(`INSERT INTO calls (request_id, model_id, called_at, tier, input, output, total, cache_read, cache_write,
        cache_write_1h, is_disjoint, tags) VALUES ${rows.join(', ')}`);
      await priceCalls(database, await pricingOf({}, []), { feature: 'feature', team: 'team', task: 'task' });
      expect(countedCalls({ feature: 'a', team: 'b', task: 'c' })).toContain("'a'");
      const read = await database.all<Record<string, unknown>>(
        'SELECT request_id, input, output, cache_read, cache_write_5m, cache_write_1h, cache_write_30m FROM priced ORDER BY request_id::INT',
      );
      const expected = calls.map(([id, { longWrite, ...usage }], index) => {
        const model = MODELS.find((one) => one.id === id);
        const writes = longWrite === undefined ? {} : { writes: { '1h': longWrite } };
        const { usage: own } = normaliseUsage({ ...usage, ...writes }, model);
        return {
          request_id: String(index),
          input: own.input,
          output: own.output,
          cache_read: own.cacheRead,
          cache_write_5m: own.cacheWrite5m,
          cache_write_1h: own.cacheWrite1h,
          cache_write_30m: own.cacheWrite30m,
        };
      });
      const numbers = read.map((row) =>
        Object.fromEntries(
          Object.entries(row).map(([name, value]) => [
            name,
            typeof value === 'bigint' ? Number(value) : value,
          ]),
        ),
      );
      expect(numbers).toEqual(expected);
    } finally {
      await database.close();
    }
  });
});

const HOSTILE = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "'; DROP TABLE calls; --",
  '`1`',
  '&amp;',
  '\u202Eevil',
  '',
  '🧾',
];

/** Calls of any model and tag, some failed, some twice. */
const someCalls = fc.array(
  fc.record({
    id: fc.nat(60),
    model: aModel,
    usage: reported,
    feature: fc.constantFrom(...HOSTILE),
    hour: fc.nat(23),
    failed: fc.boolean(),
  }),
  { minLength: 40, maxLength: 80 },
);

const recordsOf = (calls: Parameters<Parameters<typeof someCalls.map>[0]>[0]): readonly AnyRecord[] =>
  calls.map(({ id, model, usage, feature, hour, failed }) => ({
    ...aRecord(`${id}`, {
      modelId: model,
      feature,
      input: usage.input ?? 0,
      output: usage.output ?? 0,
      at: Date.UTC(2026, 9, 20, hour),
    }),
    ...(failed ? { errorCode: 'ThrottlingException' } : {}),
  }));

/** One call an id: which of two different records with one id counts is not said. */
const unique = (records: readonly AnyRecord[]): readonly AnyRecord[] => [
  ...new Map(records.map((record) => [record.requestId, record])).values(),
];

describe('analyzeLogs', { timeout: 300_000 }, () => {
  it('adds up in every dimension, and does not depend on the order of records and files', async () => {
    await fc.assert(
      fc.asyncProperty(someCalls, async (calls) => {
        const records = unique(recordsOf(calls));
        const [one, other] = [temporaryFolder(), temporaryFolder()];
        writeBelow(one, `${HOUR}/a.json.gz`, lines(...records));
        const middle = Math.floor(records.length / 2);
        writeBelow(
          other,
          `${HOUR}/b.json.gz`,
          lines(...records.slice(middle).reverse(), ...records.slice(0, 3)),
        );
        writeBelow(other, `${HOUR}/z.json.gz`, lines(...records.slice(0, middle).reverse()));
        const analysis = await analyzeLogs({ source: one, threads: 1 });
        for (const dimension of Object.keys(analysis.attribution) as AttributionDimension[]) {
          const rows = analysis.attribution[dimension];
          expect(
            rows.reduce((sum, { cost }) => sum + cost.picoUsd, 0n),
            dimension,
          ).toBe(analysis.total.picoUsd);
          expect(
            rows.reduce((sum, row) => sum + row.calls, 0),
            dimension,
          ).toBe(analysis.calls);
        }
        const again = await analyzeLogs({ source: other });
        expect({ ...again, duplicates: 0 }).toEqual({ ...analysis, duplicates: 0 });
        const page = renderReport(analysis);
        expect(page).not.toMatch(/<script|<img|onerror=alert\(1\)>/);
      }),
      // Each case is two analyses.
      { numRuns: process.env['COSTKIT_FUZZ_RUNS'] === undefined ? 1 : 25 },
    );
  });
});
