import { seededRandom } from '../src/evaluation/seeded-random.js';
import type { CascadeRecord, RouterRecord } from '../src/index.js';

const EASY = ['capital', 'colour', 'country', 'animal', 'river', 'city', 'flower', 'king'];
const HARD = ['integral', 'theorem', 'eigenvalue', 'derivative', 'matrix', 'polynomial', 'entropy', 'tensor'];
const FILLER = ['what', 'is', 'the', 'of', 'a', 'name', 'find', 'which', 'for', 'and', 'please', 'tell'];

/** Graded records in which the words of a prompt say how likely the cheap tier is right: 90 % or 30 %. */
export function syntheticRecords(count: number, seed: number): CascadeRecord[] {
  const random = seededRandom(seed);
  const pick = (words: readonly string[]): string => words[Math.floor(random() * words.length)] as string;
  return Array.from({ length: count }, () => {
    const hard = random() < 0.5;
    const words = Array.from({ length: 12 }, () => pick(random() < 0.3 ? (hard ? HARD : EASY) : FILLER));
    const cheap = random() < (hard ? 0.3 : 0.9) ? 1 : 0;
    const agrees = random() < (cheap === 1 ? 0.9 : 0.2);
    return {
      prompt: `${words.join(' ')}?`,
      task: hard ? 'mathematics' : 'facts',
      outcomes: {
        small: { score: cheap, usd: 0.001 },
        large: { score: random() < 0.95 ? 1 : 0, usd: 0.02 },
      },
      answer: {
        text: 'The answer is 7.',
        second: agrees ? 'It is clear. The answer is 7.' : 'The answer is 9.',
      },
    };
  });
}

/** The same records, as they are without answers. */
export function promptRecords(count: number, seed: number): RouterRecord[] {
  return syntheticRecords(count, seed).map(({ prompt, task, outcomes }) => ({
    prompt,
    outcomes,
    ...(task === undefined ? {} : { task }),
  }));
}
