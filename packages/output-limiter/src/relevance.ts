const K1 = 1.2;
const B = 0.75;

/**
 * How much each text has to do with a query, by BM25 (k1 1.2, b 0.75), as a share of the best one's score. A word that
 * few of these texts hold counts for more. All zero where no text holds a word of the query.
 */
export function relevance(texts: readonly (readonly string[])[], query: readonly string[]): number[] {
  const wanted = new Set(query);
  const holders = new Map<string, number>();
  const counts = texts.map((words) => {
    const found = new Map<string, number>();
    for (const word of words) if (wanted.has(word)) found.set(word, (found.get(word) ?? 0) + 1);
    for (const word of found.keys()) holders.set(word, (holders.get(word) ?? 0) + 1);
    return found;
  });
  const meanLength = texts.reduce((sum, words) => sum + words.length, 0) / texts.length || 1;
  const scores = counts.map((found, index) => {
    const length = (texts[index]?.length ?? 0) / meanLength;
    let score = 0;
    for (const [word, count] of found) {
      const holding = holders.get(word) ?? 0;
      const rarity = Math.log(1 + (texts.length - holding + 0.5) / (holding + 0.5));
      score += (rarity * count * (K1 + 1)) / (count + K1 * (1 - B + B * length));
    }
    return score;
  });
  return shareOfBest(scores);
}

/** Scores divided by the highest of them; negative ones count as 0. */
export function shareOfBest(scores: readonly number[]): number[] {
  const best = scores.reduce((most, score) => Math.max(most, score), 0);
  return scores.map((score) => (best > 0 ? Math.max(0, score) / best : 0));
}
