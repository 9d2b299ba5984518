const SHINGLE_WORDS = 4;

function shinglesOf(words: readonly string[]): ReadonlySet<string> {
  const last = Math.max(1, words.length - SHINGLE_WORDS + 1);
  return new Set(Array.from({ length: last }, (_, at) => words.slice(at, at + SHINGLE_WORDS).join(' ')));
}

/**
 * Finds texts that say what an earlier one says already.
 *
 * @param texts - words of each text, the ones to keep first.
 * @param share - of a text's sequences of four words that an earlier text must hold as well.
 * @returns indexes of the texts to leave out.
 */
export function nearDuplicates(texts: readonly (readonly string[])[], share: number): ReadonlySet<number> {
  const holders = new Map<string, number[]>();
  const repeated = new Set<number>();
  for (const [index, words] of texts.entries()) {
    if (words.length === 0) continue;
    const shingles = shinglesOf(words);
    const common = new Map<number, number>();
    for (const shingle of shingles) {
      for (const earlier of holders.get(shingle) ?? []) common.set(earlier, (common.get(earlier) ?? 0) + 1);
    }
    if ([...common.values()].some((count) => count >= share * shingles.size)) {
      repeated.add(index);
      continue;
    }
    for (const shingle of shingles) {
      const known = holders.get(shingle);
      if (known === undefined) holders.set(shingle, [index]);
      else known.push(index);
    }
  }
  return repeated;
}
