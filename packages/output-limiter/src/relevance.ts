const K1 = 1.2;
const B = 0.75;

/**
 * How much each text has to do with a query, by BM25 (k1 1.2, b 0.75), as a share of the best one's score. A word that
 * few of these texts hold counts for more. All zero where no text holds a word of the query.
 */
export const relevance = (texts: readonly (readonly string[])[], query: readonly string[]): number[] =>
  relevanceRanker(texts, new Set(query))(query);

/** A text that holds a word, and what that is worth. */
interface Holder {
  readonly index: number;
  count: number;
  worth: number;
}

/**
 * The same for many queries on the same texts: what their words are worth is reckoned once.
 *
 * @param wanted - the only words that queries hold. Absent: they may hold any.
 */
export function relevanceRanker(
  texts: readonly (readonly string[])[],
  wanted?: ReadonlySet<string>,
): (query: readonly string[]) => number[] {
  const byWord = new Map<string, Holder[]>();
  for (const [index, words] of texts.entries()) {
    for (const word of words) {
      if (wanted?.has(word) === false) continue;
      const holders = byWord.get(word);
      const last = holders?.at(-1);
      if (last?.index === index) last.count += 1;
      else if (holders === undefined) byWord.set(word, [{ index, count: 1, worth: 0 }]);
      else holders.push({ index, count: 1, worth: 0 });
    }
  }
  const meanLength = texts.reduce((sum, words) => sum + words.length, 0) / texts.length || 1;
  for (const holders of byWord.values()) {
    const rarity = Math.log(1 + (texts.length - holders.length + 0.5) / (holders.length + 0.5));
    for (const holder of holders) {
      const length = (texts[holder.index]?.length ?? 0) / meanLength;
      holder.worth = (rarity * holder.count * (K1 + 1)) / (holder.count + K1 * (1 - B + B * length));
    }
  }
  return (query) => {
    const scores = texts.map(() => 0);
    for (const word of new Set(query)) {
      for (const { index, worth } of byWord.get(word) ?? []) scores[index]! += worth;
    }
    return shareOfBest(scores);
  };
}

/** Scores divided by the highest of them; negative ones count as 0. */
export function shareOfBest(scores: readonly number[]): number[] {
  const best = scores.reduce((most, score) => Math.max(most, score), 0);
  return scores.map((score) => (best > 0 ? Math.max(0, score) / best : 0));
}
