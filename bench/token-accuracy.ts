/**
 * How far token estimates are off on real prompts, beside tiktoken's count, before and after calibration:
 *
 *     npx tsx --conditions=@costkit/source bench/token-accuracy.ts [prompts.jsonl …]
 *
 * Ends with exit code 1 where a limit is broken. Reads the prompts from ../shared/data beside the repository (questions
 * that people have asked, in English, with code, in Chinese, Japanese, Korean and others); without them it says so and
 * ends. Further files hold more prompts, one JSON object a line with `turns` or a `question`, as benchmarks publish them.
 */
import { readFileSync } from 'node:fs';
import { createCalibration, estimateTokens } from '@costkit/tokens';
import { get_encoding } from 'tiktoken';
import { categorise, chatPrompts, type Sample } from '../packages/tokens/scripts/corpus.js';

const CALLS_BEFORE = 50;
const SEEDS = 40;
/** After {@link CALLS_BEFORE} calls, for what {@link LIMITED} names. */
const LIMITS = { medianError: 0.05, withinHigh: 0.999 };
const LIMITED: readonly string[] = ['english', 'code', 'cjk'];

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
/** Prompts of a file that somebody has published. */
function promptsIn(path: string): Sample[] {
  const lines = readFileSync(path, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => {
    const { turns, question } = JSON.parse(line) as { turns?: string[]; question?: string };
    const text = turns?.join('\n') ?? question ?? '';
    return { category: categorise(text), source: path, text };
  });
}

const prompts = [...chatPrompts(), ...process.argv.slice(2).flatMap(promptsIn)].map((sample) => ({
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

const broken: string[] = [];

/** @param limited - whether the limits hold for it. */
function report(title: string, outcomes: readonly [string, Outcome][], limited = false): void {
  process.stdout.write(`\n${title}\n`);
  for (const category of ['english', 'code', 'cjk', 'otherLanguages']) {
    const own = outcomes.filter(([name]) => name === category).map(([, outcome]) => outcome);
    if (own.length === 0) continue;
    const share = (test: (outcome: Outcome) => boolean): number => own.filter(test).length / own.length;
    const medianError = median(own.map(({ error }) => error));
    const withinHigh = share((outcome) => outcome.withinHigh);
    const withinLow = share((outcome) => outcome.withinLow);
    const highRatio = median(own.map((outcome) => outcome.highRatio));
    process.stdout.write(
      `  ${category.padEnd(15)} n ${String(own.length).padStart(6)}  median error ${percent(medianError, 2)}` +
        `  within high ${percent(withinHigh, 3)}  within low ${percent(withinLow, 3)}` +
        `  median high/actual ${highRatio.toFixed(2)}\n`,
    );
    if (!limited || !LIMITED.includes(category)) continue;
    // A token too many on twenty is a twentieth, whatever the division leaves behind it.
    if (medianError > LIMITS.medianError + Number.EPSILON)
      broken.push(`${title}, ${category}: median error ${percent(medianError, 2)}`);
    if (withinHigh < LIMITS.withinHigh)
      broken.push(`${title}, ${category}: within high ${percent(withinHigh, 3)}`);
  }
}

const seeds = Array.from({ length: SEEDS }, (_, index) => index + 1);
/** A model, and whether what is believed of its tokenizer is right. */
const MODELS = [
  { model: 'openai.gpt-oss-120b-1:0', what: 'a model that uses o200k', isRight: true },
  {
    model: 'us.anthropic.claude-opus-5-5',
    what: 'a model whose family is believed to use 1.5 times the tokens it then reports',
    isRight: false,
  },
];
for (const { model, what, isRight } of prompts.length === 0 ? [] : MODELS) {
  process.stdout.write(`\n== ${model}: ${what} ==\n`);
  report('before any response', run(model, 1, false));
  report(
    `after ${CALLS_BEFORE} calls of all kinds`,
    seeds.flatMap((seed) => run(model, seed, true)),
    // Of the 50, two or three are in Chinese, Japanese or Korean: too few to correct a belief that is wrong.
    isRight,
  );
  report(
    `after ${CALLS_BEFORE} calls of the same kind`,
    ['english', 'code', 'cjk', 'otherLanguages'].flatMap((only) =>
      seeds.flatMap((seed) => run(model, seed, true, only)),
    ),
    true,
  );
}
encoding.free();
for (const line of broken) process.stderr.write(`${line}\n`);
process.exitCode = broken.length > 0 ? 1 : 0;
