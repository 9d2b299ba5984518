import { byPlace, type Chunk } from './chunk.js';
import { relevance, shareOfBest } from './relevance.js';

// Chosen on the sets that `bench/chunks.ts` prints, where neighbouring values differ by less than a point.
/** What a search's own score counts beside the words that chunk and query share. */
const GIVEN_WEIGHT = 1;
/** What a chunk gains from those beside it: evidence often runs over their borders. */
const NEIGHBOUR_WEIGHT = 0.4;

type Pair = readonly [before: number, after: number];

/** Pairs of chunks that follow each other in a document. */
function neighbours(chunks: readonly Chunk[]): Pair[] {
  const placed = [...chunks.entries()]
    .filter(([, { position }]) => position !== undefined)
    .sort(([, one], [, other]) => byPlace(one, other));
  return placed.slice(1).flatMap(([index, chunk], at): Pair[] => {
    const [before, previous] = placed[at] as [number, Chunk];
    const distance = (chunk.position ?? 0) - (previous.position ?? 0);
    const follows = distance === 1 || distance === previous.text.length;
    return follows && chunk.document === previous.document ? [[before, index]] : [];
  });
}

/**
 * What each chunk is worth for a query, as a share of the best one's worth.
 *
 * @param words - words of each chunk.
 */
export function chunkWorth(
  chunks: readonly Chunk[],
  words: readonly (readonly string[])[],
  query: readonly string[],
): number[] {
  const given = chunks.map(({ score }) => score).filter((score) => score !== undefined);
  const shares = given.length === chunks.length ? shareOfBest(given) : [];
  const own = relevance(words, query).map((share, index) => share + GIVEN_WEIGHT * (shares[index] ?? 0));
  const worth = [...own];
  const gain = (index: number, from: number): void => {
    worth[index] = (worth[index] ?? 0) + NEIGHBOUR_WEIGHT * (own[from] ?? 0);
  };
  for (const [before, after] of neighbours(chunks)) {
    gain(before, after);
    gain(after, before);
  }
  return shareOfBest(worth);
}
