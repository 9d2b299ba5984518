import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { playAnswer } from '../src/models/play-answer.js';
import { createLedger } from '../src/money/ledger.js';
import { type CacheItem, createPromptCache } from '../src/money/prompt-cache.js';
import { createO200kTokenizer, reweigh, weightedPieces } from '../src/money/tokenizer.js';
import { catalogueRow } from './_catalogue-row.js';

const RULES = {
  minTokens: 50,
  maxPoints: 4,
  ttls: ['5m', '1h'],
  sections: ['tools', 'system', 'messages'],
  explicit: true,
  implicit: true,
  certainty: 'assumed',
} as const;

const items: fc.Arbitrary<CacheItem[]> = fc
  .array(
    fc.record({
      section: fc.constant('messages' as const),
      canonical: fc.constantFrom('a', 'b', 'c'),
      tokens: fc.integer({ min: 0, max: 200 }),
      cachePoint: fc.constantFrom(undefined, '5m' as const, '1h' as const),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((drawn) =>
    // Equal bytes have equal counts; otherwise an entry would be read as longer than it was written.
    drawn.map(({ cachePoint, ...item }) => ({
      ...item,
      tokens: item.canonical.charCodeAt(0) - 60,
      ...(cachePoint === undefined ? {} : { cachePoint }),
    })),
  );

describe('createPromptCache', () => {
  it('splits every request into parts that add up to its tokens, and never reads what was not written', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(items, fc.integer({ min: 0, max: 400_000 })), { maxLength: 20 }),
        (requests) => {
          let now = 0;
          let written = 0;
          const cache = createPromptCache({ now: () => now, implicitHitRate: 0, seed: '' });
          for (const [request, pauseMs] of requests) {
            now += pauseMs;
            const lookup = cache.look({
              partition: 'model',
              rules: RULES,
              items: request,
              messageSettings: '',
              lookBackBlocks: 20,
            });
            lookup.commit();
            const { input, cacheRead, cacheWrite5m, cacheWrite1h } = lookup.split;
            const total = request.reduce((sum, { tokens }) => sum + tokens, 0);
            expect(input + cacheRead + cacheWrite5m + cacheWrite1h).toBe(total);
            for (const count of [input, cacheRead, cacheWrite5m, cacheWrite1h])
              expect(count).toBeGreaterThanOrEqual(0);
            if (cacheRead > 0) expect(written).toBeGreaterThan(0);
            written += cacheWrite5m + cacheWrite1h;
          }
        },
      ),
    );
  });

  it('reads all of a prefix it has just written', () => {
    fc.assert(
      fc.property(items, (request) => {
        const cache = createPromptCache({ now: () => 0, implicitHitRate: 0, seed: '' });
        const look = () =>
          cache.look({
            partition: '',
            rules: RULES,
            items: request,
            messageSettings: '',
            lookBackBlocks: 20,
          });
        const first = look();
        first.commit();
        const second = look().split;
        expect(second.cacheRead).toBe(first.split.cacheWrite5m + first.split.cacheWrite1h);
        expect(second.cacheWrite5m + second.cacheWrite1h).toBe(0);
        expect(second.input).toBe(first.split.input);
      }),
    );
  });
});

describe('createLedger', () => {
  it('has a total that is the sum of its lines, whatever was booked', () => {
    const count = fc.integer({ min: 0, max: 1_000_000 });
    const tokens = fc.record({
      input: count,
      output: count,
      cacheRead: count,
      cacheWrite5m: count,
      cacheWrite1h: count,
      cacheWrite30m: fc.constant(0),
    });
    fc.assert(
      fc.property(fc.array(tokens), (requests) => {
        const ledger = createLedger(() => 0);
        for (const used of requests) {
          ledger.book({
            requestId: 'id',
            operation: 'Converse',
            modelId: 'maker.model-v1',
            model: catalogueRow(),
            scope: 'inRegion',
            region: 'us-east-1',
            mode: { batch: false, tier: 'standard', latencyOptimized: false },
            tokens: used,
            units: {},
            billing: 'token',
            answerComplete: true,
          });
        }
        const bill = ledger.bill();
        expect(bill.complete).toBe(true);
        expect(bill.total.picoUsd).toBe(bill.lines.reduce((sum, { picoUsd }) => sum + (picoUsd ?? 0n), 0n));
        expect(bill.total.picoUsd).toBe(
          requests.reduce(
            (sum, used) =>
              sum +
              BigInt(used.input) * 1_000n +
              BigInt(used.output) * 5_000n +
              BigInt(used.cacheRead) * 100n +
              BigInt(used.cacheWrite5m) * 1_250n +
              BigInt(used.cacheWrite1h) * 2_000n,
            0n,
          ),
        );
      }),
      { numRuns: 50 },
    );
  });
});

describe('createO200kTokenizer', () => {
  const tokenizer = createO200kTokenizer();
  const text = fc.string({ unit: 'grapheme', maxLength: 200 });

  it('cuts any text into as many pieces as it counts, and loses no character', () => {
    fc.assert(
      fc.property(text, (sample) => {
        const pieces = weightedPieces(tokenizer, sample, 'model');
        expect(pieces.map((piece) => piece.text).join('')).toBe(sample);
        expect(pieces.reduce((sum, { tokens }) => sum + tokens, 0)).toBe(tokenizer.count(sample, 'model'));
      }),
    );
  });

  it('cuts by words when the tokenizer only counts', () => {
    const wordCounter = { count: (sample: string) => sample.trim().split(/\s+/).filter(Boolean).length };
    fc.assert(
      fc.property(text, (sample) => {
        expect(
          weightedPieces(wordCounter, sample, 'model')
            .map((piece) => piece.text)
            .join(''),
        ).toBe(sample);
      }),
    );
  });

  it('spreads a recorded total over the pieces without remainder', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1 }),
        fc.nat(5_000),
        (weights, total) => {
          const spread = reweigh(
            weights.map((tokens) => ({ text: 'x', tokens })),
            total,
          );
          expect(spread.reduce((sum, { tokens }) => sum + tokens, 0)).toBe(total);
          for (const { tokens } of spread) expect(tokens).toBeGreaterThanOrEqual(0);
        },
      ),
    );
  });
});

describe('playAnswer', () => {
  const tokenizer = createO200kTokenizer();

  it('never spends more than the cap, and all of the answer when the cap allows it', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), fc.integer({ min: 1, max: 120 }), (text, maxTokens) => {
        const events = [
          ...playAnswer(
            { parts: [{ type: 'text', text }] },
            { maxTokens, stopSequences: [] },
            tokenizer,
            'model',
          ),
        ];
        const spent = events.reduce((sum, event) => sum + (event.type === 'delta' ? event.tokens : 0), 0);
        const said = events.map((event) => (event.type === 'delta' ? event.text : '')).join('');
        const whole = tokenizer.count(text, 'model');
        expect(spent).toBe(Math.min(whole, maxTokens));
        expect(text.startsWith(said.replace(/\ufffd+$/, ''))).toBe(true);
        expect(events.at(-1)).toEqual({
          type: 'end',
          stopReason: whole > maxTokens ? 'max_tokens' : 'end_turn',
        });
      }),
    );
  });
});
