/**
 * Fits the coefficients of the text estimator against o200k and writes `src/coefficients.generated.ts`.
 *
 *     npx tsx --conditions=@costkit/source packages/tokens/scripts/fit.ts [--write] [folder …]
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { get_encoding } from 'tiktoken';
import { COMMON_HAN_BASE, COMMON_HAN_GAP, FIRST_COMMON_HAN } from '../src/character-classes.js';
import { FEATURE_COUNT, listFeatures, SERIES } from '../src/features.js';
import { GROUP_COUNT, loadCoefficients, scanText } from '../src/scan-text.js';
import { type Category, chatPrompts, type Sample, trainingSamples } from './corpus.js';
import { nonNegativeLeastSquares } from './least-squares.js';

const write = process.argv.includes('--write');
const folders = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const FEATURE_NAMES = listFeatures();
const encoding = get_encoding('o200k_base');

/** Characters per piece: short enough that a rare feature is not drowned, long enough to hold several. */
const PIECE_LENGTH = 300;
/** Weight of the prior beside an average text. */
const RIDGE = 1e-3;

interface Row {
  readonly category: Category;
  readonly source: string;
  readonly counts: Float64Array;
  readonly tokens: number;
}

/**
 * How often each feature occurs in each text: the scan is linear, so a single 1 among zeros counts one of them.
 */
function toRows(samples: readonly Sample[]): Row[] {
  const rows = samples.map((sample) => ({
    category: sample.category,
    source: sample.source,
    counts: new Float64Array(FEATURE_COUNT),
    tokens: encoding.encode_ordinary(sample.text).length,
  }));
  const groups = new Float64Array(GROUP_COUNT);
  for (let feature = 0; feature < FEATURE_COUNT; feature++) {
    const oneHot = new Float64Array(FEATURE_COUNT);
    oneHot[feature] = 1;
    loadCoefficients(oneHot);
    samples.forEach((sample, index) => {
      groups.fill(0);
      scanText(sample.text, groups);
      (rows[index] as Row).counts[feature] = groups.reduce((sum, group) => sum + group, 0);
    });
  }
  return rows;
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

const rows = toRows(trainingSamples(folders, PIECE_LENGTH)).filter((row) => row.tokens >= 8);
const chat = toRows(chatPrompts());
const odd = rows.filter((_, index) => index % 2 === 1);
const even = rows.filter((_, index) => index % 2 === 0);

const counted = new Map<Category, number>();
for (const row of rows) counted.set(row.category, (counted.get(row.category) ?? 0) + 1);
const weightOf = (row: Row): number =>
  1 / (row.tokens + 40) ** 2 / Math.sqrt(counted.get(row.category) as number);
/** What a feature costs before any text was seen: a word is one token up to some letters, then grows. */
const prior = Float64Array.from(FEATURE_NAMES, (name) => {
  const [, series = '', length = 0] = /^(\w+)\[(\d+)\]$/.exec(name) ?? [];
  if (!(series in SERIES)) return 0.5;
  if (series === 'signRun') return 1;
  const [whole, perLetter] = series.startsWith('capitals')
    ? [2, 0.4]
    : [7, series === 'accented' ? 0.35 : 0.2];
  const first = /Sign$|Apostrophe$/.test(series) ? 0.5 : 1;
  return first + Math.max(0, Number(length) - whole) * perLetter;
});

/** Makes word coefficients grow with length: pools neighbours that do not, by how often each occurs. */
function growWithLength(coefficients: Float64Array, occurrences: Float64Array): Float64Array {
  const result = Float64Array.from(coefficients);
  let offset = 0;
  for (const [series, size] of Object.entries(SERIES)) {
    const blocks: { value: number; weight: number; size: number }[] = [];
    for (let index = offset; index < offset + size && series !== 'signRun'; index++) {
      let block = {
        value: coefficients[index] as number,
        weight: (occurrences[index] as number) + 1,
        size: 1,
      };
      for (let last = blocks.at(-1); last !== undefined && last.value > block.value; last = blocks.at(-1)) {
        const weight = last.weight + block.weight;
        const value = (last.value * last.weight + block.value * block.weight) / weight;
        block = { value, weight, size: last.size + block.size };
        blocks.pop();
      }
      blocks.push(block);
    }
    let index = offset;
    for (const block of blocks)
      for (let count = 0; count < block.size; count++) result[index++] = block.value;
    offset += size;
  }
  return result;
}

function fit(own: readonly Row[]): Float64Array {
  const raw = own.map(weightOf);
  const total = raw.reduce((sum, weight) => sum + weight, 0);
  const occurrences = new Float64Array(FEATURE_COUNT);
  for (const row of own) {
    row.counts.forEach((count, index) => {
      occurrences[index] = (occurrences[index] as number) + count;
    });
  }
  const weights = raw.map((weight) => weight / total);
  return growWithLength(nonNegativeLeastSquares(own, weights, prior, RIDGE), occurrences);
}

report('fitted on one half, judged on the other', odd, fit(even));
const coefficients = fit(rows);
report('training, all', rows, coefficients);
report('chat prompts, whole, not fitted on', chat, coefficients);
process.stdout.write(
  `\n${FEATURE_NAMES.map((name, index) => `${name} ${(coefficients[index] as number).toFixed(3)}`).join('\n')}\n`,
);

/** The most frequent Chinese characters of all texts, as gaps between neighbours. */
function commonHan(texts: readonly string[], size: number): string {
  const frequencies = new Map<number, number>();
  for (const text of texts) {
    for (const [character] of text.matchAll(/[\u4e00-\u9fff]/g)) {
      const code = character.charCodeAt(0);
      frequencies.set(code, (frequencies.get(code) ?? 0) + 1);
    }
  }
  const common = [...frequencies]
    .sort((one, two) => two[1] - one[1])
    .slice(0, size)
    .map(([code]) => code);
  let result = '';
  let previous = FIRST_COMMON_HAN;
  for (const code of common.sort((one, two) => one - two)) {
    let gap = code - previous;
    for (; gap >= COMMON_HAN_GAP; gap -= COMMON_HAN_GAP)
      result += String.fromCharCode(COMMON_HAN_BASE + COMMON_HAN_GAP);
    result += String.fromCharCode(COMMON_HAN_BASE + gap);
    previous = code;
  }
  return result;
}

if (process.argv.includes('--han')) {
  // A run of its own: the table of characters is built when the program starts.
  const gaps = commonHan(
    trainingSamples(folders).map(({ text }) => text),
    1000,
  )
    .replaceAll('\\', '\\\\')
    .replaceAll("'", "\\'");
  writeFileSync(
    fileURLToPath(new URL('../src/common-han.generated.ts', import.meta.url)),
    `// Written by scripts/fit.ts --han: the 1,000 most frequent Chinese characters, see character-classes.ts.\n/** @internal */\nexport const COMMON_HAN = '${gaps}';\n`,
  );
}

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
