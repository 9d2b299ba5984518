import {
  checkOptions,
  InvalidOptionError,
  isFunction,
  isNonNegativeNumber,
  isPositiveInteger,
} from '@costkit/core';
import { estimateText } from '@costkit/tokens';
import { cutPlaces } from './cut-places.js';
import { documentUnits } from './document-units.js';

/** How documents are cut. */
export interface ChunkOptions {
  /** Most tokens of a chunk, as `countTokens` counts them. @defaultValue 512 */
  readonly maxTokens?: number;
  /** A chunk of fewer tokens joins a neighbour where both fit. @defaultValue a quarter of `maxTokens` */
  readonly minTokens?: number;
  /** Most characters of a chunk, for models that count them. @defaultValue no limit of its own */
  readonly maxCharacters?: number;
  /** Counts the tokens of a text. @defaultValue an estimate, which is what the rest of costkit uses */
  readonly countTokens?: (text: string) => number;
}

/** A part of a document. */
export interface TextChunk {
  /** As it stands in the document: all chunks one after another are the document. */
  readonly text: string;
  /** Offset of its first character. */
  readonly start: number;
  /** Estimated, or as `countTokens` says. */
  readonly tokens: number;
}

/** @defaultValue of {@link ChunkOptions.maxTokens} */
export const DEFAULT_MAX_TOKENS = 512;

/** @throws `InvalidOptionError` for options that are unknown or wrong. */
export function checkChunkOptions(options: ChunkOptions, path = ''): void {
  checkOptions<ChunkOptions>(
    'embeddings',
    options,
    {
      maxTokens: isPositiveInteger,
      minTokens: isNonNegativeNumber,
      maxCharacters: isPositiveInteger,
      countTokens: isFunction,
    },
    path,
  );
  const { maxTokens = DEFAULT_MAX_TOKENS, minTokens = 0 } = options;
  if (minTokens > maxTokens / 2)
    throw new InvalidOptionError('embeddings', `${path}minTokens`, 'must be at most half of maxTokens');
}

/**
 * Cuts a text at its headings, paragraphs, list items and sentences into chunks that are at most so large; code fences
 * stay whole where they fit. Nothing overlaps: the chunks one after another are the text. Where a cut stands is decided by
 * the text around it, so an edit changes the chunks that it touches, and at most their neighbours.
 *
 * @throws `InvalidOptionError` for options that are unknown or wrong.
 *
 * @example
 * ```ts
 * const chunks = chunkText(markdown, { maxTokens: 512 });
 * chunks.map(({ text }) => text).join('') === markdown; // true
 * ```
 */
export function chunkText(text: string, options: ChunkOptions = {}): TextChunk[] {
  checkChunkOptions(options);
  if (text === '') return [];
  const { maxTokens = DEFAULT_MAX_TOKENS, countTokens = estimateText } = options;
  const { minTokens = maxTokens / 4, maxCharacters = Number.POSITIVE_INFINITY } = options;
  const perCharacter = maxTokens / maxCharacters;
  // One size for both limits: a part is as large as the limit that it uses more of.
  const sizeOf = (start: number, end: number, tokens: number): number =>
    Math.max(tokens, (end - start) * perCharacter);
  const { offsets, priorities } = documentUnits(
    text,
    (start, end) => sizeOf(start, end, countTokens(text.slice(start, end))) > maxTokens,
  );
  const sums = [0];
  const tokensBefore = [0];
  for (let unit = 0; unit < priorities.length; unit += 1) {
    const [start = 0, end = 0] = [offsets[unit], offsets[unit + 1]];
    const tokens = countTokens(text.slice(start, end));
    tokensBefore.push((tokensBefore.at(-1) ?? 0) + tokens);
    sums.push((sums.at(-1) ?? 0) + sizeOf(start, end, tokens));
  }
  const cuts = cutPlaces(sums, priorities, { most: maxTokens, least: minTokens });
  const ends = [0, ...cuts, priorities.length];
  return cuts.concat(priorities.length).map((end, index) => {
    const first = ends[index] as number;
    const [start = 0, stop = 0] = [offsets[first], offsets[end]];
    return {
      text: text.slice(start, stop),
      start,
      tokens: (tokensBefore[end] as number) - (tokensBefore[first] as number),
    };
  });
}
