/** Shortest repetition that is taken for one; shorter ones occur by chance. */
const MIN_OVERLAP = 12;
const MAX_OVERLAP = 400;

/** Joins a cut answer with its continuation, leaving out what the model repeated from the end of the first. */
export function joinAnswers(first: string, second: string): string {
  const longest = Math.min(MAX_OVERLAP, first.length, second.length);
  for (let length = longest; length >= MIN_OVERLAP; length -= 1) {
    if (first.endsWith(second.slice(0, length))) return first + second.slice(length);
  }
  return first + second;
}
