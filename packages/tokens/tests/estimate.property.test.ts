import fc from 'fast-check';
import { get_encoding } from 'tiktoken';
import { afterAll, describe, expect, it } from 'vitest';
import { createCalibration, estimateText, estimateTokens, type TokenEstimate } from '../src/index.js';

const encoding = get_encoding('o200k_base');
afterAll(() => encoding.free());

/** Any UTF-16, lone surrogates included. */
const anyText = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 400 })
  .map((codes) => String.fromCharCode(...codes));

/** Words, numbers, signs and scripts, mixed as prompts mix them. */
const promptText = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        'the ',
        'warranty ',
        'Reykjavík ',
        "doesn't ",
        'HTTPServer',
        'snake_case',
        '\n\n',
        '    ',
        ' = ',
      ),
      fc.constantFrom('保修期为', 'ひらがな', '한국어 ', 'Привет ', 'مرحبا ', '😀', '，', '—'),
      fc.nat().map(String),
      fc.string({ maxLength: 12 }),
    ),
    { maxLength: 120 },
  )
  .map((pieces) => pieces.join(''));

const model = fc.constantFrom(
  'openai.gpt-oss-120b-1:0',
  'us.anthropic.claude-haiku-4-5-20251001-v1:0',
  'us.anthropic.claude-opus-5-5',
  'amazon.nova-lite-v1:0',
  'no.such-model',
);

const inOrder = ({ low, tokens, high }: TokenEstimate): void => {
  expect(low).toBeGreaterThanOrEqual(0);
  expect(low).toBeLessThanOrEqual(tokens);
  expect(tokens).toBeLessThanOrEqual(high);
  expect(Number.isSafeInteger(low) && Number.isSafeInteger(tokens) && Number.isSafeInteger(high)).toBe(true);
};

describe('estimateText', () => {
  it('is finite and not negative for any text, and nothing only for none', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, promptText), (text) => {
        const tokens = estimateText(text);
        expect(Number.isFinite(tokens)).toBe(true);
        expect(tokens).toBeGreaterThanOrEqual(0);
        if (text === '') expect(tokens).toBe(0);
      }),
    );
  });

  it('adds up over concatenation, but for the runs that meet', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, promptText), fc.oneof(anyText, promptText), (one, two) => {
        const difference = estimateText(one + two) - estimateText(one) - estimateText(two);
        expect(Math.abs(difference)).toBeLessThan(8);
      }),
    );
  });

  it('does not shrink when text is added, but for the runs that meet', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, promptText), fc.oneof(anyText, promptText), (one, two) => {
        expect(estimateText(one + two)).toBeGreaterThan(Math.max(estimateText(one), estimateText(two)) - 8);
      }),
    );
  });

  it('depends on nothing that was estimated before', () => {
    fc.assert(
      fc.property(promptText, promptText, (one, two) => {
        const before = estimateText(one);
        estimateText(two);
        estimateText(two.repeat(100));
        expect(estimateText(one)).toBe(before);
      }),
    );
  });

  it('reads long texts from both ends to the same sum', () => {
    fc.assert(
      fc.property(promptText, fc.integer({ min: 20, max: 60 }), (piece, times) => {
        // A blank line at the seams keeps runs apart, so that the whole is the sum of its parts.
        const seam = `${piece}\n`;
        const whole = estimateText(seam.repeat(times));
        expect(Math.abs(whole - times * estimateText(seam))).toBeLessThanOrEqual(1.2 * times);
      }),
      { numRuns: 50 },
    );
  });

  it('takes 10 MB in a time that grows with the length, not faster', () => {
    const sentence = 'The warranty covers 24 months; 保修期为二十四个月。 It does not cover wear.\n';
    const timeOf = (length: number): number => {
      const text = sentence.repeat(Math.ceil(length / sentence.length));
      const startedAt = performance.now();
      expect(estimateText(text)).toBeGreaterThan(length / 10);
      return performance.now() - startedAt;
    };
    timeOf(1_000_000);
    const small = Math.min(timeOf(1_000_000), timeOf(1_000_000), timeOf(1_000_000));
    const large = Math.min(timeOf(10_000_000), timeOf(10_000_000));
    // Ten times the text; the rest is room for a busy machine.
    expect(large).toBeLessThan(60 * Math.max(small, 1));
  });
});

describe('estimateTokens', () => {
  it('keeps low, tokens and high in order for any text and model', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, promptText), model, (text, id) => {
        inOrder(estimateTokens(text, { model: id }));
        inOrder(estimateTokens({ messages: [{ content: [{ text }] }] }, { model: id }));
      }),
    );
  });

  it('holds the real count of any mixed prompt between low and high', () => {
    fc.assert(
      fc.property(promptText, (text) => {
        const { low, high } = estimateTokens(text, { model: 'openai.gpt-oss-120b-1:0' });
        const actual = encoding.encode_ordinary(text).length;
        expect(actual).toBeGreaterThanOrEqual(low - 3);
        expect(actual).toBeLessThanOrEqual(high + 3);
      }),
      { numRuns: 300 },
    );
  });

  it('counts a request at least as high as any of its texts', () => {
    fc.assert(
      fc.property(promptText, promptText, model, (system, text, id) => {
        const request = { system: [{ text: system }], messages: [{ content: [{ text }] }] };
        const whole = estimateTokens(request, { model: id });
        expect(whole.tokens).toBeGreaterThanOrEqual(estimateTokens(system, { model: id }).tokens);
        expect(whole.tokens).toBeGreaterThanOrEqual(estimateTokens(text, { model: id }).tokens);
      }),
    );
  });
});

describe('createCalibration', () => {
  it('keeps estimates in order and finite, whatever is observed', () => {
    const observation = fc.record({
      text: promptText,
      actual: fc.oneof(fc.integer({ min: 1, max: 2_000_000 }), fc.double()),
      id: model,
    });
    fc.assert(
      fc.property(fc.array(observation, { maxLength: 30 }), promptText, (observations, text) => {
        const calibration = createCalibration({ maxModels: 3 });
        for (const { text: seen, actual, id } of observations) {
          calibration.observe(id, estimateTokens(seen, { model: id, calibration }), actual);
          inOrder(estimateTokens(text, { model: id, calibration }));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('holds nearly every later prompt after 50 calls, whatever the tokenizer', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.7, max: 2, noNaN: true }),
        fc.integer({ min: 0, max: 30 }),
        fc.array(promptText, { minLength: 120, maxLength: 120 }),
        (factor, overhead, texts) => {
          const calibration = createCalibration();
          const id = 'us.anthropic.claude-opus-5-5';
          let outside = 0;
          texts.forEach((text, call) => {
            const estimate = estimateTokens(
              { messages: [{ content: [{ text }] }] },
              { model: id, calibration },
            );
            const actual = Math.round(encoding.encode_ordinary(text).length * factor) + overhead + 1;
            if (call >= 50 && actual > estimate.high) outside++;
            calibration.observe(id, estimate, actual);
          });
          expect(outside).toBeLessThanOrEqual(1);
        },
      ),
      { numRuns: 15 },
    );
  });
});
