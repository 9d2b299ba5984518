/**
 * How far token estimates are off on real prompts, beside tiktoken's count, before and after calibration:
 *
 *     npx tsx --conditions=@costkit/source bench/token-accuracy.ts
 *
 * Reads the prompts from ../shared/data beside the repository; without them it says so and ends.
 */
import { createCalibration, estimateTokens } from '@costkit/tokens';
import { get_encoding } from 'tiktoken';
import { chatPrompts, type Sample } from '../packages/tokens/scripts/corpus.js';

const CALLS_BEFORE = 50;
const SEEDS = 40;

/** Deterministic shuffle: mulberry32 behind Fisher-Yates. */
function shuffled<T>(values: readonly T[], seed: number): T[] {
  let state = seed;
  const random = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const result = [...values];
  for (let index = result.length - 1; index > 0; index--) {
    const other = Math.floor(random() * (index + 1));
    [result[index], result[other]] = [result[other] as T, result[index] as T];
  }
  return result;
}

interface Outcome {
  readonly error: number;
  readonly withinHigh: boolean;
  readonly withinLow: boolean;
  readonly highRatio: number;
}

const encoding = get_encoding('o200k_base');
const prompts = chatPrompts().map((sample) => ({
  ...sample,
  actual: encoding.encode_ordinary(sample.text).length + 7,
}));
if (prompts.length === 0) process.stdout.write('no prompts: ../shared/data is not beside the repository\n');

const requestOf = ({ text }: Sample): { messages: { role: string; content: object[] }[] } => ({
  messages: [{ role: 'user', content: [{ text }] }],
});

/** Estimates every prompt of a run, learning from each when asked to. */
function run(model: string, seed: number, learn: boolean, only?: string): [string, Outcome][] {
  const calibration = createCalibration();
  const own = only === undefined ? prompts : prompts.filter(({ category }) => category === only);
  // Small sets are passed through again in another order until there were enough calls to judge.
  const rounds = Math.ceil((CALLS_BEFORE + 100) / own.length);
  const order = Array.from({ length: rounds }, (_, round) => shuffled(own, seed * 100 + round)).flat();
  return order.flatMap((prompt, index): [string, Outcome][] => {
    const estimate = estimateTokens(requestOf(prompt), { model, calibration });
    const { actual } = prompt;
    if (learn) calibration.observe(model, estimate, actual);
    if (learn && index < CALLS_BEFORE) return [];
    return [
      [
        prompt.category,
        {
          error: Math.abs(estimate.tokens / actual - 1),
          withinHigh: actual <= estimate.high,
          withinLow: actual >= estimate.low,
          highRatio: estimate.high / actual,
        },
      ],
    ];
  });
}

const median = (values: readonly number[]): number =>
  [...values].sort((one, two) => one - two)[Math.floor(values.length / 2)] ?? Number.NaN;
const percent = (value: number, digits = 1): string => `${(value * 100).toFixed(digits)}%`.padStart(8);

function report(title: string, outcomes: readonly [string, Outcome][]): void {
  process.stdout.write(`\n${title}\n`);
  for (const category of ['english', 'code', 'cjk', 'otherLanguages']) {
    const own = outcomes.filter(([name]) => name === category).map(([, outcome]) => outcome);
    if (own.length === 0) continue;
    const share = (test: (outcome: Outcome) => boolean): number => own.filter(test).length / own.length;
    process.stdout.write(
      `  ${category.padEnd(15)} n ${String(own.length).padStart(6)}  median error ${percent(median(own.map(({ error }) => error)))}` +
        `  within high ${percent(
          share(({ withinHigh }) => withinHigh),
          3,
        )}  within low ${percent(
          share(({ withinLow }) => withinLow),
          3,
        )}` +
        `  median high/actual ${median(own.map(({ highRatio }) => highRatio)).toFixed(2)}\n`,
    );
  }
}

const seeds = Array.from({ length: SEEDS }, (_, index) => index + 1);
for (const [model, what] of [
  ['openai.gpt-oss-120b-1:0', 'a model that uses o200k'],
  [
    'us.anthropic.claude-opus-5-5',
    'a model whose family is believed to use 1.5 times the tokens it then reports',
  ],
] as const) {
  if (prompts.length === 0) break;
  process.stdout.write(`\n== ${model}: ${what} ==\n`);
  report('before any response', run(model, 1, false));
  report(
    `after ${CALLS_BEFORE} calls of all kinds`,
    seeds.flatMap((seed) => run(model, seed, true)),
  );
  report(
    `after ${CALLS_BEFORE} calls of the same kind`,
    ['english', 'code', 'cjk', 'otherLanguages'].flatMap((only) =>
      seeds.flatMap((seed) => run(model, seed, true, only)),
    ),
  );
}
encoding.free();
