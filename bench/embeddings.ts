/**
 * How much of the evidence is in the chunks that a search finds, how many tokens are embedded for it, and how many chunks an
 * edit changes, beside a recursive splitter with overlap:
 *
 *     npx tsx --conditions=@costkit/source bench/embeddings.ts
 *
 * Recall is the share of the gold characters in the best chunks (BM25) that fit into a number of tokens; tokens are tiktoken's
 * o200k. Reads the set from ../shared/data beside the repository; without it, it says so and ends. Fails when chunks of the
 * default size find less in 2,000 tokens than the splitter of the same size with 20 % overlap, or embed more than 1.02 times
 * the corpus.
 */
import { chunkText } from '@costkit/embeddings';
import { RecursiveCharacterTextSplitter } from '@langchain/textsplitters';
import { get_encoding } from 'tiktoken';
import { createSearch } from './bm25.js';
import { mean, meanInterval } from './intervals.js';
import {
  type ChunkEvalDocument,
  chunkEvalDocuments,
  chunkEvalQueries,
  hasRetrievalSets,
} from './retrieval.js';

const BUDGETS = [500, 1_000, 2_000, 4_000];
const TARGET = 2_000;
const OVERLAP = 0.2;
const MOST_EMBEDDED = 1.02;
const DEFAULT_TOKENS = 512;
const EDITS = 40;

interface Chunk {
  readonly document: string;
  readonly position: number;
  readonly text: string;
}

type Way = (document: ChunkEvalDocument) => Promise<Chunk[]>;

const encoding = get_encoding('o200k_base');
const countTokens = (text: string): number => encoding.encode_ordinary(text).length;

const ours =
  (maxTokens: number): Way =>
  ({ doc_id, text }) =>
    Promise.resolve(
      chunkText(text, { maxTokens }).map((chunk) => ({
        document: doc_id,
        position: chunk.start,
        text: chunk.text.trim(),
      })),
    );

const recursive =
  (chunkSize: number): Way =>
  async ({ doc_id, text }) => {
    const splitter = new RecursiveCharacterTextSplitter({
      chunkSize,
      chunkOverlap: Math.round(chunkSize * OVERLAP),
      lengthFunction: countTokens,
    });
    let from = 0;
    return (await splitter.splitText(text)).map((piece) => {
      // A short piece may stand whole at the head of the next one.
      const position = text.indexOf(piece, from);
      if (position < 0) throw new Error('a piece is not in its document');
      from = position;
      return { document: doc_id, position, text: piece };
    });
  };

interface Measured {
  readonly chunks: number;
  readonly embedded: number;
  /** Of each question, by the number of tokens. */
  readonly recalls: ReadonlyMap<number, readonly number[]>;
  readonly changedByEdit: number;
}

async function measure(way: Way, documents: readonly ChunkEvalDocument[]): Promise<Measured> {
  const cut = (await Promise.all(documents.map(way))).flat();
  const chunks = cut.map((chunk) => ({ ...chunk, tokens: countTokens(chunk.text) }));
  const search = createSearch(chunks);
  const recalls = new Map<number, number[]>(BUDGETS.map((budget) => [budget, []]));
  for (const { doc_id, query, refs } of chunkEvalQueries()) {
    const found = search(query);
    for (const budget of BUDGETS) {
      let left = budget;
      const kept = found.filter(({ tokens }) => {
        if (tokens > left) return false;
        left -= tokens;
        return true;
      });
      const own = kept.filter(({ document }) => document === doc_id);
      recalls.get(budget)?.push(recallOf(refs, own));
    }
  }
  const all = chunks.reduce((sum, { tokens }) => sum + tokens, 0);
  const corpus = documents.reduce((sum, { text }) => sum + countTokens(text), 0);
  return {
    chunks: chunks.length,
    embedded: all / corpus,
    recalls,
    changedByEdit: await meanChanged(way, documents),
  };
}

function recallOf(
  gold: readonly { readonly start: number; readonly end: number }[],
  kept: readonly Chunk[],
): number {
  const inOrder = kept.toSorted((one, other) => one.position - other.position);
  let [whole, held] = [0, 0];
  for (const { start, end } of gold) {
    whole += end - start;
    let upTo = start;
    for (const { position, text } of inOrder) {
      const [from, to] = [Math.max(position, upTo), Math.min(position + text.length, end)];
      if (to <= from) continue;
      held += to - from;
      upTo = to;
    }
  }
  return held / whole;
}

/** Chunks that are new when a sentence is put into a document, at places spread over it. */
async function meanChanged(way: Way, documents: readonly ChunkEvalDocument[]): Promise<number> {
  // The shortest: each edit cuts a whole document anew.
  const document = documents.toSorted(
    (one, other) => one.text.length - other.text.length,
  )[1] as ChunkEvalDocument;
  const before = new Set((await way(document)).map(({ text }) => text));
  let changed = 0;
  for (let edit = 0; edit < EDITS; edit += 1) {
    const place = document.text.indexOf(' ', Math.floor((document.text.length * edit) / EDITS)) + 1;
    const text = `${document.text.slice(0, place)}And this was added. ${document.text.slice(place)}`;
    changed += (await way({ ...document, text })).filter((chunk) => !before.has(chunk.text)).length;
  }
  return changed / EDITS;
}

type Recalls = Measured['recalls'];

function resultOf(results: ReadonlyMap<string, Measured>, name: string): Measured {
  const result = results.get(name);
  if (result === undefined) throw new Error(`${name} was not measured`);
  return result;
}

const differencesOf = (own: Recalls, other: Recalls): number[] =>
  (own.get(TARGET) ?? []).map((share, index) => share - (other.get(TARGET)?.[index] ?? 0));

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

async function compare(): Promise<void> {
  const documents = chunkEvalDocuments();
  const results = new Map<string, Measured>();
  const ways: [string, Way][] = [256, 400, DEFAULT_TOKENS].flatMap((size): [string, Way][] => [
    [`chunkText, ${size}`, ours(size)],
    [`recursive, ${size}, 20 % overlap`, recursive(size)],
  ]);
  process.stdout.write(
    `${''.padEnd(30)}${['chunks', 'embedded', ...BUDGETS.map((budget) => `in ${budget}`), 'edit changes'].map((title) => title.padStart(13)).join('')}\n`,
  );
  for (const [name, way] of ways) {
    const result = await measure(way, documents);
    results.set(name, result);
    const { chunks, embedded, recalls, changedByEdit } = result;
    const cells = [
      String(chunks),
      `${embedded.toFixed(4)} ×`,
      ...[...recalls.values()].map((shares) => percent(mean(shares))),
      changedByEdit.toFixed(1),
    ];
    process.stdout.write(`${name.padEnd(30)}${cells.map((cell) => cell.padStart(13)).join('')}\n`);
  }
  const { recalls: own, embedded } = resultOf(results, `chunkText, ${DEFAULT_TOKENS}`);
  process.stdout.write(`chunkText, ${DEFAULT_TOKENS}, in ${TARGET} tokens, question by question (95 %):\n`);
  for (const [name, { recalls }] of results) {
    if (!name.startsWith('recursive')) continue;
    const differences = differencesOf(own, recalls);
    process.stdout.write(
      `  against ${name}: ${(100 * mean(differences)).toFixed(1)} ± ${(100 * meanInterval(differences)).toFixed(1)} points\n`,
    );
  }
  const same = resultOf(results, `recursive, ${DEFAULT_TOKENS}, 20 % overlap`);
  const isEnough = mean(differencesOf(own, same.recalls)) >= 0 && embedded <= MOST_EMBEDDED;
  if (!isEnough) process.exitCode = 1;
}

if (hasRetrievalSets()) await compare();
else process.stdout.write('no retrieval sets: ../shared/data is not beside the repository\n');
encoding.free();
