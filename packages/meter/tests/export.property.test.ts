import { type Attempt, Money, type Receipt } from '@costkit/core';
import { costOf, resolveModel } from '@costkit/pricing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvRecord } from '../src/export/csv.js';
import { FOCUS_COLUMNS, focusCsv, focusExport, readReceipts, reportCsv, reportOf } from '../src/export.js';
import { receiptToJson } from '../src/receipt-json.js';
import { aReceipt } from './a-receipt.js';
import { focusProblems } from './focus-rules.js';
import { csvRows, parseCsv } from './parse-csv.js';

const count = fc.oneof(fc.constant(0), fc.nat({ max: 3_000_000 }));
const MODELS = [
  'us.anthropic.claude-haiku-4-5-20251001-v1:0',
  'global.amazon.nova-2-lite-v1:0',
  'us.amazon.nova-lite-v1:0',
];
const attempt = fc
  .record({
    model: fc.constantFrom(...MODELS),
    usage: fc.record({
      input: count,
      output: count,
      cacheRead: count,
      cacheWrite5m: fc.constant(0),
      cacheWrite1h: fc.constant(0),
      cacheWrite30m: fc.constant(0),
    }),
    price: fc.constantFrom('catalogue' as const, 'other' as const, 'unknown' as const),
    quality: fc.constantFrom('measured' as const, 'estimated' as const),
    startedAt: fc.date({ min: new Date('2026-10-30'), max: new Date('2026-12-02'), noInvalidDate: true }),
    region: fc.constantFrom('us-east-1', 'us-west-2', 'unknown'),
  })
  .map(({ model, usage, price, quality, startedAt, region }): Attempt => {
    const resolved = resolveModel(model)!;
    const known = costOf(usage, {
      model: resolved,
      at: startedAt,
      ...(region === 'unknown' ? {} : { region }),
    });
    const cost = {
      catalogue: known.complete ? known.total : undefined,
      other: Money.fromUsd('0.017'),
      unknown: undefined,
    };
    return {
      purpose: 'answer',
      modelId: model,
      servedModel: resolved.model.id,
      scope: resolved.scope,
      region,
      mode: 'standard',
      startedAt,
      latencyMs: 5,
      usage,
      cost: cost[price],
      quality,
      complete: true,
    };
  });
/** Characters that formats and terminals care about, and others. */
const odd = fc.constantFrom(
  'a',
  'B',
  '7',
  ',',
  '"',
  '=',
  '-',
  '\n',
  '\t',
  '\u0000',
  'ä',
  '漢',
  '😀',
  '_proto_',
  ' ',
);
const receipts = fc.array(
  fc
    .record({
      attempts: fc.array(attempt, { maxLength: 3 }),
      tags: fc.dictionary(
        fc.string({ unit: odd, minLength: 1, maxLength: 3 }),
        fc.string({ unit: odd, maxLength: 4 }),
        { maxKeys: 2 },
      ),
      startedAt: fc.date({ min: new Date('2026-10-30'), max: new Date('2026-12-02'), noInvalidDate: true }),
    })
    .map(({ attempts, ...fields }): Receipt => {
      const costs = attempts.map(({ cost }) => cost);
      const cost = costs.includes(undefined) ? undefined : Money.sum(costs as Money[]);
      return aReceipt({ ...fields, attempts, cost });
    }),
  { maxLength: 30 },
);

describe('csvRecord', () => {
  it('is read back as it was, whatever the texts', () => {
    const text = fc.string({ unit: fc.constantFrom('a', ',', '"', '\r', '\n', ' ', 'ä', '=') });
    fc.assert(
      fc.property(fc.array(fc.array(text, { minLength: 2, maxLength: 4 })), (records) => {
        expect(parseCsv(records.map(csvRecord).join(''))).toEqual(records);
      }),
    );
  });
});

describe('exports', () => {
  it('add up to what the receipts cost and used, by valid rows, whatever they hold', async () => {
    await fc.assert(
      fc.asyncProperty(receipts, async (all) => {
        const attempts = all.flatMap((receipt) => receipt.attempts);
        const { rows, unpricedRows } = await focusExport(all, { billingAccountId: '1' });
        expect(rows.flatMap(focusProblems)).toEqual([]);
        expect(Money.sum(rows.map((row) => Money.fromUsd(row.BilledCost ?? '0'))).picoUsd).toBe(
          Money.sum(attempts.flatMap(({ cost }) => cost ?? [])).picoUsd,
        );
        const consumed = rows
          .filter((row) => row.ConsumedUnit === 'Tokens')
          .reduce((sum, row) => sum + Number(row.ConsumedQuantity), 0);
        expect(consumed).toBe(
          attempts.reduce((sum, { usage }) => sum + usage.input + usage.output + usage.cacheRead, 0),
        );
        expect(unpricedRows > 0).toBe(attempts.some(({ cost }) => cost === undefined));
        const [head, ...records] = parseCsv([...focusCsv(rows)].join(''));
        expect(head).toEqual(FOCUS_COLUMNS);
        expect(records).toHaveLength(rows.length);
      }),
    );
  });

  it('say the same of receipts that were written to a file and read again', async () => {
    await fc.assert(
      fc.asyncProperty(receipts, async (all) => {
        const lines = all.map((receipt) => `${JSON.stringify(receiptToJson(receipt))}\n`).join('');
        async function* file(): AsyncGenerator<Uint8Array> {
          yield Buffer.from(lines);
        }
        const read = readReceipts(file(), ({ reason }) => expect.fail(reason));
        const names = [...new Set(all.flatMap(({ tags }) => Object.keys(tags)))].slice(0, 2);
        const by = ['month', ...names];
        const csv = reportCsv(await reportOf(read, { by }));
        expect(csv).toBe(reportCsv(await reportOf(all, { by })));
        const sum = Money.sum(csvRows(csv).map((row) => Money.fromUsd(row['cost_usd'] || '0')));
        expect(sum.picoUsd).toBe(Money.sum(all.flatMap(({ cost }) => cost ?? [])).picoUsd);
      }),
    );
  });
});
