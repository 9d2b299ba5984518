/**
 * Fits the coefficients of the text estimator against o200k and writes `src/coefficients.generated.ts`.
 *
 *     npx tsx --conditions=@costkit/source packages/tokens/scripts/fit.ts [--write] [folder …]
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { get_encoding } from 'tiktoken';
import { FEATURE_COUNT, FEATURE_NAMES } from '../src/features.js';
import { createCounts, scanText } from '../src/scan-text.js';
import { type Category, chatPrompts, type Sample, trainingSamples } from './corpus.js';

const write = process.argv.includes('--write');
const folders = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const encoding = get_encoding('o200k_base');

interface Row {
  readonly category: Category;
  readonly source: string;
  readonly counts: Float64Array;
  readonly tokens: number;
}

const toRow = (sample: Sample): Row => {
  const counts = createCounts();
  scanText(sample.text, counts);
  return {
    category: sample.category,
    source: sample.source,
    counts,
    tokens: encoding.encode_ordinary(sample.text).length,
  };
};

/** Non-negative least squares by coordinate descent on the normal equations, with a ridge towards `prior`. */
function nonNegativeLeastSquares(
  rows: readonly Row[],
  weights: readonly number[],
  prior: Float64Array,
  ridge: number,
): Float64Array {
  const gram = Array.from({ length: FEATURE_COUNT }, () => new Float64Array(FEATURE_COUNT));
  const target = new Float64Array(FEATURE_COUNT);
  rows.forEach((row, index) => {
    const weight = weights[index] as number;
    for (let one = 0; one < FEATURE_COUNT; one++) {
      const value = (row.counts[one] as number) * weight;
      if (value === 0) continue;
      (target[one] as number) += value * row.tokens;
      const line = gram[one] as Float64Array;
      for (let two = 0; two < FEATURE_COUNT; two++)
        line[two] = (line[two] as number) + value * (row.counts[two] as number);
    }
  });
  for (let one = 0; one < FEATURE_COUNT; one++) {
    (gram[one] as Float64Array)[one] = ((gram[one] as Float64Array)[one] as number) + ridge;
    target[one] = (target[one] as number) + ridge * (prior[one] as number);
  }
  const solution = Float64Array.from(prior);
  for (let sweep = 0; sweep < 4000; sweep++) {
    let change = 0;
    for (let one = 0; one < FEATURE_COUNT; one++) {
      const line = gram[one] as Float64Array;
      let rest = target[one] as number;
      for (let two = 0; two < FEATURE_COUNT; two++)
        if (two !== one) rest -= (line[two] as number) * (solution[two] as number);
      const next = Math.max(0, rest / (line[one] as number));
      change = Math.max(change, Math.abs(next - (solution[one] as number)));
      solution[one] = next;
    }
    if (change < 1e-7) break;
  }
  return solution;
}

const dot = (counts: Float64Array, coefficients: Float64Array): number =>
  counts.reduce((sum, count, index) => sum + count * (coefficients[index] as number), 0);

const quantile = (sorted: readonly number[], at: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * at))] as number;

function report(title: string, rows: readonly Row[], coefficients: Float64Array): void {
  process.stdout.write(`\n${title}\n`);
  for (const category of ['english', 'code', 'json', 'cjk', 'otherLanguages'] as const) {
    const own = rows.filter((row) => row.category === category && row.tokens >= 10);
    if (own.length === 0) continue;
    const ratios = own.map((row) => dot(row.counts, coefficients) / row.tokens).sort((one, two) => one - two);
    const errors = ratios.map((ratio) => Math.abs(ratio - 1)).sort((one, two) => one - two);
    const sum = own.reduce((total, row) => total + row.tokens, 0);
    const estimated = own.reduce((total, row) => total + dot(row.counts, coefficients), 0);
    const percent = (value: number): string => `${(value * 100).toFixed(1)}%`.padStart(7);
    process.stdout.write(
      `${category.padEnd(15)} n ${String(own.length).padStart(5)}  total ${percent(estimated / sum - 1)}  median |e| ${percent(quantile(errors, 0.5))}  p95 ${percent(quantile(errors, 0.95))}  ratio p0.1 ${quantile(ratios, 0.001).toFixed(2)} p99.9 ${quantile(ratios, 0.999).toFixed(2)}\n`,
    );
  }
}

const rows = trainingSamples(folders)
  .map(toRow)
  .filter((row) => row.tokens >= 8);
const chat = chatPrompts().map(toRow);
const odd = rows.filter((_, index) => index % 2 === 1);
const even = rows.filter((_, index) => index % 2 === 0);

const counted = new Map<Category, number>();
for (const row of rows) counted.set(row.category, (counted.get(row.category) ?? 0) + 1);
const weightOf = (row: Row): number =>
  1 / (row.tokens + 40) ** 2 / Math.sqrt(counted.get(row.category) as number);
const prior = new Float64Array(FEATURE_COUNT).fill(0.5);
const fit = (own: readonly Row[]): Float64Array =>
  nonNegativeLeastSquares(own, own.map(weightOf), prior, 1e-6);

report('fitted on one half, judged on the other', odd, fit(even));
const coefficients = fit(rows);
report('training, all', rows, coefficients);
report('chat prompts, whole, not fitted on', chat, coefficients);
process.stdout.write(
  `\n${FEATURE_NAMES.map((name, index) => `${name} ${(coefficients[index] as number).toFixed(3)}`).join('\n')}\n`,
);

if (write) {
  const lines = FEATURE_NAMES.map(
    (name, index) => `  ${(coefficients[index] as number).toFixed(3)}, // ${name}`,
  );
  writeFileSync(
    fileURLToPath(new URL('../src/coefficients.generated.ts', import.meta.url)),
    `// Written by scripts/fit.ts: tokens (o200k) per occurrence of each feature.\n/** @internal */\nexport const COEFFICIENTS: Float64Array = Float64Array.of(\n${lines.join('\n')}\n);\n`,
  );
}
encoding.free();
