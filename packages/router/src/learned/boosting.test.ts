import { describe, expect, it } from 'vitest';
import { seededRandom } from '../evaluation/seeded-random.js';
import { createBooster } from './boosting.js';
import { treeValue } from './tree.js';

describe('createBooster', () => {
  it('finds what two features do together', () => {
    const random = seededRandom(1);
    const rows = Array.from({ length: 1_000 }, () => [random(), random(), random()]);
    const wanted = (row: readonly number[]): number => (row[0]! > 0.5 ? (row[1]! > 0.5 ? 1 : -1) : 0);
    const trees = Array.from({ length: 150 }, createBooster(rows, rows.map(wanted), 1));
    const said = (row: readonly number[]): number =>
      trees.reduce((sum, tree) => sum + treeValue(tree, row), 0);
    expect(said([0.8, 0.8, 0.5])).toBeGreaterThan(0.5);
    expect(said([0.8, 0.2, 0.5])).toBeLessThan(-0.5);
    expect(Math.abs(said([0.2, 0.5, 0.5]))).toBeLessThan(0.3);
  });

  it('changes nothing where features never vary', () => {
    const errors = Array.from({ length: 100 }, (_, at) => (at % 2) - 0.5);
    const trees = Array.from({ length: 5 }, createBooster(Array(100).fill([1, 1]), errors, 1));
    for (const tree of trees) expect(Math.abs(treeValue(tree, [1, 1]))).toBeLessThan(0.01);
  });
});
