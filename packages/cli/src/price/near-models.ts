/** A name that people may have meant. */
interface Named {
  readonly id: string;
  readonly name?: string;
}

const MOST = 3;
/** The share of letters that may differ. */
const FAR = 0.35;
/** How much farther than the nearest another may be. */
const SPREAD = 0.12;

/** Without profile, spaces and punctuation. */
const plain = (text: string): string =>
  text
    .toLowerCase()
    .replace(/^(global|us-gov|us|eu|apac|jp|au|in|ca)\./, '')
    .replaceAll(/[^a-z0-9]/g, '');

/** How many letters have to be put in, taken out or changed to make one text of the other. */
function editDistance(one: string, other: string): number {
  let above = [...other, ''].map((_, column) => column);
  for (const [row, letter] of [...one].entries()) {
    const line = [row + 1];
    for (const [column, wanted] of [...other].entries()) {
      const [left = 0, diagonal = 0, up = 0] = [line[column], above[column], above[column + 1]];
      line.push(Math.min(left + 1, up + 1, diagonal + (letter === wanted ? 0 : 1)));
    }
    above = line;
  }
  return above[other.length] ?? 0;
}

/** 0: the same; 1: nothing in common. */
function difference(asked: string, candidate: string): number {
  const length = Math.max(asked.length, candidate.length);
  if (length === 0) return 1;
  // Half of a name names it well enough: the rest is version and date.
  if (asked.length >= 4 && candidate.includes(asked))
    return (candidate.length - asked.length) / (length * 10);
  return editDistance(asked, candidate) / length;
}

/** The ids that are most like a text which names no model; the nearest first. */
export function nearModels(text: string, models: readonly Named[]): string[] {
  const asked = plain(text);
  const near = models
    .map(({ id, name = id }) => {
      const [, withoutProvider = id] = /^[a-z0-9]+\.(.+)$/.exec(id) ?? [];
      const spellings = [id, withoutProvider, withoutProvider.replace(/(-\d{8})?(-v\d+)?(:\d+)?$/, ''), name];
      return { id, far: Math.min(...spellings.map((spelling) => difference(asked, plain(spelling)))) };
    })
    .filter(({ far }) => far <= FAR)
    .sort((one, other) => one.far - other.far)
    .slice(0, MOST);
  const nearest = near[0]?.far ?? 0;
  return near.filter(({ far }) => far <= nearest + SPREAD).map(({ id }) => id);
}
