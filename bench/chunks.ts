/**
 * How much of the evidence survives when retrieved passages are fitted into a number of tokens:
 *
 *     npx tsx --conditions=@costkit/source bench/chunks.ts
 *
 * Recall is the share of the gold characters that are in what is left, also where another passage says the same word
 * for word; tokens are tiktoken's o200k; ± is the 95 %
 * interval of the mean difference from BM25, question by question. Reads the sets from ../shared/data beside the
 * repository; without them it says so and ends.
 */
import { fitChunks } from '@costkit/output-limiter';
import { get_encoding } from 'tiktoken';
import { createSearch, words } from './bm25.js';
import { mean, meanInterval } from './intervals.js';
import { chunkEval, hasRetrievalSets, meetings, type Piece, type Question, type Span } from './retrieval.js';

const FOUND = 30;
const GAP = '\u0000';
const encoding = get_encoding('o200k_base');
const counted = new Map<string, number>();

function countTokens(text: string): number {
  const known = counted.get(text);
  if (known !== undefined) return known;
  const tokens = encoding.encode_ordinary(text).length;
  counted.set(text, tokens);
  return tokens;
}

type Found = Piece & { readonly score: number };

/** What a way of fitting leaves: a span of a document and its text. */
interface Kept extends Span {
  readonly text: string;
}

type Way = (found: readonly Found[], question: Question, maxTokens: number) => Kept[];

const spanOf = ({ document, position, text }: Piece): Kept => ({
  document,
  text,
  start: position,
  end: position + text.length,
});

function untilFull(pieces: readonly Piece[], maxTokens: number): Kept[] {
  let left = maxTokens;
  const spans: Kept[] = [];
  for (const piece of pieces) {
    const tokens = countTokens(piece.text);
    if (tokens > left) continue;
    left -= tokens;
    spans.push(spanOf(piece));
  }
  return spans;
}

/** Where the parts of a trimmed chunk stand: they are sentences of its piece, in order. */
function spansOfTrimmed(chunk: Piece, whole: string): Kept[] {
  let from = 0;
  return chunk.text.split(GAP).map((part) => {
    const at = whole.indexOf(part.trim(), from);
    if (at < 0) throw new Error('a trimmed chunk holds what its piece does not');
    from = at + part.trim().length;
    return { document: chunk.document, start: chunk.position + at, end: chunk.position + from, text: part };
  });
}

const WAYS: Readonly<Record<string, Way>> = {
  'first k as they stand': (_, { pieces }, maxTokens) => untilFull(pieces, maxTokens),
  'BM25, whole pieces': (found, _, maxTokens) => untilFull(found, maxTokens),
  fitChunks: (found, { query }, maxTokens) => {
    const texts = new Map(found.map(({ document, position, text }) => [`${document} ${position}`, text]));
    return fitChunks(found, { maxTokens, query, countTokens, gap: GAP }).flatMap((chunk) =>
      spansOfTrimmed(chunk, texts.get(`${chunk.document} ${chunk.position}`) ?? ''),
    );
  },
};

function recall({ evidence, textOf }: Question, kept: readonly Kept[]): number {
  let [total, covered] = [0, 0];
  const said = plain(kept.map(({ text }) => text).join(' '));
  for (const gold of evidence) {
    const length = gold.end - gold.start;
    total += length;
    if (said.includes(plain(textOf(gold)))) {
      covered += length;
      continue;
    }
    let upTo = gold.start;
    const own = kept.filter(({ document }) => document === gold.document);
    for (const { start, end } of own.sort((one, other) => one.start - other.start)) {
      const [from, to] = [Math.max(start, upTo), Math.min(end, gold.end)];
      if (to > from) {
        covered += to - from;
        upTo = to;
      }
    }
  }
  return covered / total;
}

const plain = (text: string): string => words(text).join(' ');

function compare(name: string, questions: readonly Question[], budgets: readonly number[]): void {
  const searches = new Map<readonly Piece[], (query: string) => Found[]>();
  const recalls = new Map<string, number[]>();
  let [milliseconds, calls] = [0, 0];
  for (const question of questions) {
    const search = searches.get(question.pieces) ?? createSearch(question.pieces);
    searches.set(question.pieces, search);
    const found = search(question.query).slice(0, question.pieces.length > 1_000 ? FOUND : undefined);
    for (const budget of budgets) {
      for (const [way, fit] of Object.entries(WAYS)) {
        const startedMs = performance.now();
        const spans = fit(found, question, budget);
        if (way === 'fitChunks') {
          milliseconds += performance.now() - startedMs;
          calls += 1;
        }
        const key = `${way} ${budget}`;
        recalls.set(key, [...(recalls.get(key) ?? []), recall(question, spans)]);
      }
    }
  }
  const baseline = (budget: number): readonly number[] => recalls.get(`BM25, whole pieces ${budget}`) ?? [];
  process.stdout.write(`${name}, ${questions.length} questions\n`);
  process.stdout.write(
    `  ${'tokens'.padEnd(22)}${budgets.map((budget) => String(budget).padStart(16)).join('')}\n`,
  );
  for (const way of Object.keys(WAYS)) {
    const cells = budgets.map((budget) => {
      const own = recalls.get(`${way} ${budget}`) ?? [];
      const difference = own.map((value, index) => value - (baseline(budget)[index] ?? 0));
      const text = `${(100 * mean(own)).toFixed(1)} %`;
      return (
        way === 'fitChunks'
          ? `${text} (${signed(mean(difference))} ± ${(100 * meanInterval(difference)).toFixed(1)})`
          : text
      ).padStart(16);
    });
    process.stdout.write(`  ${way.padEnd(22)}${cells.join('')}\n`);
  }
  process.stdout.write(
    `  ${'the whole document'.padEnd(22)}${`100.0 % for ${Math.round(mean(wholeTokens(questions)))} tokens`.padStart(16)}\n`,
  );
  process.stdout.write(
    `  ${(milliseconds / calls).toFixed(1)} ms per call of fitChunks, counting with tiktoken included\n\n`,
  );
}

/** Tokens of the documents that hold the evidence of each question. */
function wholeTokens(questions: readonly Question[]): number[] {
  const byPieces = new Map<readonly Piece[], Map<string, number>>();
  return questions.map(({ pieces, evidence }) => {
    let tokens = byPieces.get(pieces);
    if (tokens === undefined) {
      tokens = new Map();
      byPieces.set(pieces, tokens);
      for (const { document, text } of pieces)
        tokens.set(document, (tokens.get(document) ?? 0) + countTokens(text));
    }
    const documents = new Set(evidence.map(({ document }) => document));
    return [...documents].reduce((sum, document) => sum + (tokens.get(document) ?? 0), 0);
  });
}

const signed = (share: number): string => `${share < 0 ? '−' : '+'}${Math.abs(100 * share).toFixed(1)}`;

if (hasRetrievalSets()) {
  compare('chunkeval, the 30 best of its pieces', chunkEval(), [500, 1_000, 2_000, 4_000]);
  compare('QMSum, all pieces of the meeting', meetings(), [1_000, 2_000, 4_000, 8_000]);
} else {
  process.stdout.write('no retrieval sets: ../shared/data is not beside the repository\n');
}
encoding.free();
