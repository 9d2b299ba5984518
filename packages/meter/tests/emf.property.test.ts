import { Writable } from 'node:stream';
import { Money } from '@costkit/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emfSink } from '../src/emf.js';
import { aReceipt } from './a-receipt.js';
import { emfProblems } from './emf-rules.js';

const tag = fc.string({
  unit: fc.constantFrom('a', 'b', ' ', ':', '\u0007', '\n', 'ä', '漢', '😀', '(', '\u007f'),
  maxLength: 1_500,
});
const count = fc.nat({ max: 1_000_000 });
const receipt = fc
  .record({
    cost: fc.option(
      fc.bigInt({ min: 0n, max: 10n ** 15n }).map((pico) => Money.fromPicoUsd(pico)),
      {
        nil: undefined,
      },
    ),
    tags: fc.record({ feature: tag, tenant: tag }, { requiredKeys: [] }),
    latencyMs: fc.double({ min: 0, max: 900_000, noNaN: true }),
    usage: fc.record({
      input: count,
      output: count,
      cacheRead: count,
      cacheWrite5m: count,
      cacheWrite1h: count,
      cacheWrite30m: count,
    }),
  })
  .map((fields) => aReceipt(fields));

describe('emfSink', () => {
  it('writes valid lines and no more values than allowed, whatever the tags', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(receipt, { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 1, max: 5 }),
        async (receipts, maxValues) => {
          const lines: string[] = [];
          const stream = new Writable({
            decodeStrings: false,
            write: (line: string, _encoding, callback) => {
              lines.push(line);
              callback();
            },
          });
          const sink = emfSink({
            stream,
            maxValues,
            dimensions: [[], ['feature'], ['feature', 'tenant', 'servedModel']],
            propertyTags: ['tenant'],
          });
          for (const one of receipts) await sink.write(one);
          expect(lines.flatMap(emfProblems)).toEqual([]);
          for (const dimension of ['feature', 'tenant']) {
            const values = new Set(
              lines.map((line) => (JSON.parse(line) as Record<string, string>)[dimension]),
            );
            for (const extra of ['(other)', '(none)']) values.delete(extra);
            expect(values.size).toBeLessThanOrEqual(maxValues);
          }
        },
      ),
    );
  });
});
