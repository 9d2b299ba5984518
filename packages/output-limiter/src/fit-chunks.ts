import {
  checkOptions,
  InvalidOptionError,
  isFunction,
  isOneOf,
  isPositiveInteger,
  isShare,
  isText,
} from '@costkit/core';
import { estimateText } from '@costkit/tokens';
import { byPlace, type Chunk } from './chunk.js';
import { chunkWorth } from './chunk-worth.js';
import { nearDuplicates } from './near-duplicates.js';
import { trimToSentences } from './trim-to-sentences.js';
import { wordsOf } from './words-of.js';

/** What {@link fitChunks} takes besides the chunks. */
export interface FitChunksOptions {
  /** Most tokens that the texts returned may have together. */
  readonly maxTokens: number;
  /** The question that the chunks are to answer. */
  readonly query: string;
  /**
   * `document`: documents by their best chunk, the chunks of each as they stand in it. `relevance`: the best chunk
   * first. `given`: as they came.
   *
   * @defaultValue `document`
   */
  readonly order?: 'document' | 'relevance' | 'given';
  /**
   * Share of a chunk's word sequences that a better chunk must hold too for it to be left out; 1 leaves out what is
   * repeated whole.
   *
   * @defaultValue 0.8
   */
  readonly duplicateShare?: number;
  /** Stands where sentences were left out inside a chunk. @defaultValue `' […] '` */
  readonly gap?: string;
  /** Counts the tokens of a text. @defaultValue an estimate, which is what the rest of costkit uses */
  readonly countTokens?: (text: string) => number;
}

/**
 * Fits passages that a search has found into a number of tokens, by what they have to do with the question: repeated
 * ones are left out, near-duplicates too, and what does not fit whole is trimmed at the ends of sentences. A chunk that
 * stays whole is returned as the same object; a trimmed one is a copy with another `text`.
 *
 * Relevance is BM25 over the words that question and passage share, together with the search's own `score`, and with
 * the passages beside it where `position` says which those are. `bench/chunks` compares it with other ways.
 *
 * @throws `InvalidOptionError` for options that are unknown or wrong.
 *
 * @example
 * ```ts
 * const chunks = fitChunks(found, { maxTokens: 1_000, query: 'Who pays for the return?' });
 * const context = chunks.map(({ text }) => text).join('\n\n');
 * ```
 */
export function fitChunks<C extends Chunk>(chunks: readonly C[], options: FitChunksOptions): C[] {
  checkOptions<FitChunksOptions>('output-limiter', options, {
    maxTokens: isPositiveInteger,
    query: isText,
    order: isOneOf('document', 'relevance', 'given'),
    duplicateShare: isShare,
    gap: (value) => (typeof value === 'string' ? undefined : 'must be a text'),
    countTokens: isFunction,
  });
  for (const name of ['maxTokens', 'query'] as const) {
    if (options[name] === undefined) throw new InvalidOptionError('output-limiter', name, 'is missing');
  }
  for (const [index, chunk] of chunks.entries()) {
    if (typeof (chunk as Partial<Chunk> | undefined)?.text !== 'string')
      throw new InvalidOptionError('output-limiter', `chunks[${index}]`, 'must have a `text`');
  }
  const {
    maxTokens,
    order = 'document',
    duplicateShare = 0.8,
    gap = ' […] ',
    countTokens = estimateText,
  } = options;
  const query = wordsOf(options.query);
  const words = chunks.map(({ text }) => wordsOf(text));
  const worth = chunkWorth(chunks, words, query);
  const best = [...chunks.keys()].sort((one, other) => (worth[other] ?? 0) - (worth[one] ?? 0));
  const repeated = nearDuplicates(
    best.map((index) => words[index] ?? []),
    duplicateShare,
  );
  const unique = best.filter((_, rank) => !repeated.has(rank));
  const texts = trimToSentences(
    unique.map((index) => ({ text: chunks[index]?.text ?? '', worth: worth[index] ?? 0 })),
    { maxTokens, query, gap, countTokens },
  );
  const fitted = unique.flatMap((index, at): Fitted<C>[] => {
    const chunk = chunks[index] as C;
    const text = texts[at] ?? '';
    if (text.trim() === '') return [];
    return [{ index, chunk: text === chunk.text ? chunk : { ...chunk, text: text.trim() } }];
  });
  return inOrder(fitted, order);
}

interface Fitted<C extends Chunk> {
  readonly index: number;
  readonly chunk: C;
}

/** @param fitted - the best first. */
function inOrder<C extends Chunk>(
  fitted: readonly Fitted<C>[],
  order: 'document' | 'relevance' | 'given',
): C[] {
  const sorted = [...fitted];
  if (order === 'given') sorted.sort((one, other) => one.index - other.index);
  if (order === 'document') {
    const rank = new Map<string, number>();
    for (const { chunk } of fitted) {
      if (chunk.document !== undefined && !rank.has(chunk.document)) rank.set(chunk.document, rank.size);
    }
    // What names no document stands behind those that do.
    const rankOf = ({ document }: Chunk): number => rank.get(document ?? '') ?? rank.size;
    sorted.sort(
      ({ chunk: one }, { chunk: other }) =>
        rankOf(one) - rankOf(other) || (one.document === undefined ? 0 : byPlace(one, other)),
    );
  }
  return sorted.map(({ chunk }) => chunk);
}
