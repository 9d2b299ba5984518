import { createCalibration, estimateText, estimateTokens } from '@costkit/tokens';
import { get_encoding } from 'tiktoken';
import type { Comparison } from './comparison.js';

const SENTENCE =
  'The warranty covers defects in materials and workmanship for 24 months from the date of purchase (order #48213); ' +
  "it doesn't cover normal wear, and a claim needs the receipt and the serial number. ";

// Texts that were seen before are remembered, so each measurement turns through more than are kept.
const TEXTS = Array.from({ length: 512 }, (_, index) => `${index} ${SENTENCE.repeat(60)}`.slice(0, 10_000));
let turn = 0;
const fresh = (): string => TEXTS[turn++ % TEXTS.length] as string;

/** 20 µs where tiktoken takes 1.6 ms: machines differ by more than a factor of four. */
const AT_MOST_RATIO = 20 / 1_600;

/** Estimating 10 kB of English, beside counting it with tiktoken. */
export function comparisons(): readonly Comparison[] {
  const encoding = get_encoding('o200k_base');
  const system = TEXTS[0] as string;
  const request = {
    system: [{ text: system }],
    messages: [
      { role: 'user', content: [{ text: 'How long does the warranty last, and what does it not cover?' }] },
    ],
  };
  const model = 'us.anthropic.claude-haiku-4-5-20251001-v1:0';
  const calibration = createCalibration();
  const estimate = estimateTokens(request, { model, calibration });
  return [
    {
      title: 'tokens of 10 kB of English',
      baseline: 'tiktoken o200k',
      cases: {
        'tiktoken o200k': () => encoding.encode_ordinary(fresh()).length,
        'estimateText, new text': () => estimateText(fresh()),
        'estimateText, text seen before': () => estimateText(system),
        'estimateTokens, 10 kB system prompt seen before': () =>
          estimateTokens(request, { model, calibration }),
        'calibration.observe': () => calibration.observe(model, estimate, estimate.tokens),
      },
      limits: [{ case: 'estimateText, new text', atMostRatio: AT_MOST_RATIO }],
      close: () => encoding.free(),
    },
  ];
}
