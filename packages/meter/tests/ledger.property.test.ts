import { Money } from '@costkit/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLedger } from '../src/ledger.js';
import { aReceipt } from './a-receipt.js';

const money = fc.option(
  fc.bigInt({ min: 0n, max: 10n ** 15n }).map((pico) => Money.fromPicoUsd(pico)),
  { nil: undefined },
);
const receipt = fc
  .record({
    cost: money,
    baseline: money,
    quality: fc.constantFrom('measured' as const, 'estimated' as const),
    baselineQuality: fc.constantFrom('exact' as const, 'estimated' as const),
    tags: fc.dictionary(
      fc.constantFrom('feature', 'team', 'user', '(other)', '__proto__'),
      fc.string({ maxLength: 3 }),
      { maxKeys: 3 },
    ),
    requestedModel: fc.constantFrom('a', 'b', 'c'),
    mode: fc.constantFrom('standard', 'flex'),
    startedAt: fc.date({ min: new Date('2026-01-01'), max: new Date('2026-12-31'), noInvalidDate: true }),
  })
  .map((fields) => aReceipt(fields));

const dimensions = fc.subarray(['feature', 'team', 'user', 'model', 'mode', 'day', 'hour', 'nothing']);

describe('createLedger', () => {
  it('has rows whose sums are the sums of the receipts, to the pico-dollar, whatever the grouping and however full', () => {
    fc.assert(
      fc.property(
        fc.array(receipt, { maxLength: 300 }),
        dimensions,
        fc.constantFrom(100, 10_000),
        (receipts, by, maxRows) => {
          const ledger = createLedger({ maxRows });
          for (const one of receipts) ledger.add(one);
          const { rows, total } = ledger.report({ by });
          const cost = Money.sum(receipts.flatMap((one) => one.cost ?? []));
          const saved = Money.sum(receipts.flatMap((one) => one.saved ?? []));
          expect(Money.sum(rows.map((row) => row.cost)).picoUsd).toBe(cost.picoUsd);
          expect(Money.sum(rows.map((row) => row.saved)).picoUsd).toBe(saved.picoUsd);
          expect(total.cost.picoUsd).toBe(cost.picoUsd);
          expect(rows.reduce((sum, row) => sum + row.calls, 0)).toBe(receipts.length);
          expect(total.unpriced).toBe(receipts.filter((one) => one.cost === undefined).length);
          expect(new Set(rows.map(({ group }) => JSON.stringify(group))).size).toBe(rows.length);
        },
      ),
    );
  });
});
