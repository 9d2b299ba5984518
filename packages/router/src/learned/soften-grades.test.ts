import { describe, expect, it } from 'vitest';
import { seededRandom } from '../evaluation/seeded-random.js';
import { type Grades, softenGrades } from './soften-grades.js';

const FOLDS = 4;
const random = seededRandom(11);
const grade = (chance: number): number => (random() < chance ? 1 : 0);

/** Records whose true chances are known. */
const records = Array.from({ length: 600 }, () => {
  const chance = random();
  return { chance, cheap: grade(chance), strong: grade(0.5 + chance / 2) };
});
const foldOf = records.map((_, at) => at % FOLDS);

/** How far grades are from the chances that they were drawn by, on average. */
const distance = (grades: readonly { readonly cheap: number }[]): number =>
  grades.reduce((sum, { cheap }, at) => sum + (cheap - records[at]!.chance) ** 2 / grades.length, 0);

describe('softenGrades', () => {
  it('leaves grades alone where nothing else is known of a prompt', () => {
    const grades = records.map((record): Grades => ({ ...record, others: [], task: undefined }));
    expect(softenGrades(grades, foldOf, FOLDS)).toBe(grades);
    const oneTask = grades.map((one) => ({ ...one, task: 'mail' }));
    expect(softenGrades(oneTask, foldOf, FOLDS)).toBe(oneTask);
  });

  it('brings grades nearer to the chances behind them, by further tiers and by tasks', () => {
    const byTiers = records.map(({ chance, cheap, strong }, at): Grades => {
      const others = [grade(chance), grade(chance), grade(chance), at % 5 === 0 ? undefined : grade(chance)];
      return { cheap, strong, others, task: undefined };
    });
    const byTasks = records.map(
      ({ chance, cheap, strong }): Grades => ({
        cheap,
        strong,
        others: [],
        task: `t${Math.floor(3 * chance)}`,
      }),
    );
    const hard = distance(records);
    expect(distance(softenGrades(byTiers, foldOf, FOLDS))).toBeLessThan(0.6 * hard);
    expect(distance(softenGrades(byTasks, foldOf, FOLDS))).toBeLessThan(0.6 * hard);
  });

  it('keeps grades between 0 and 1 where a tier always or never succeeds', () => {
    const grades = records.map(
      ({ cheap }, at): Grades => ({ cheap, strong: 1, others: [1, at % 2], task: undefined }),
    );
    for (const { cheap, strong } of softenGrades(grades, foldOf, FOLDS)) {
      expect(Math.min(cheap, strong)).toBeGreaterThanOrEqual(0);
      expect(Math.max(cheap, strong)).toBeLessThanOrEqual(1);
    }
  });
});
