/** The words of a text, in lower case. */
export const words = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

/** BM25 as `baselines.md` has it: k1 1.2, b 0.75, no stemming. Pieces are indexed once for all their questions. */
export function createSearch<Piece extends { readonly text: string }>(
  pieces: readonly Piece[],
): (query: string) => (Piece & { readonly score: number })[] {
  const bags = pieces.map(({ text }) => {
    const counts = new Map<string, number>();
    for (const word of words(text)) counts.set(word, (counts.get(word) ?? 0) + 1);
    return counts;
  });
  const lengths = pieces.map(({ text }) => words(text).length);
  const mean = lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
  const holders = new Map<string, number>();
  for (const bag of bags) for (const word of bag.keys()) holders.set(word, (holders.get(word) ?? 0) + 1);
  return (query) =>
    pieces
      .map((piece, index) => {
        let score = 0;
        for (const word of new Set(words(query))) {
          const count = bags[index]?.get(word) ?? 0;
          const holding = holders.get(word) ?? 0;
          const rarity = Math.log(1 + (pieces.length - holding + 0.5) / (holding + 0.5));
          score += (rarity * count * 2.2) / (count + 1.2 * (0.25 + (0.75 * (lengths[index] ?? 0)) / mean));
        }
        return { ...piece, score };
      })
      .sort((one, other) => other.score - one.score);
}
