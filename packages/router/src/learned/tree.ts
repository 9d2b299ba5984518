import type { TreeJson } from './types.js';

/** The value of a tree of depth two: below a cut to the left. */
export function treeValue({ features, cuts, leaves }: TreeJson, row: readonly number[]): number {
  const branch = row[features[0]!]! < cuts[0]! ? 1 : 2;
  const side = row[features[branch]!]! < cuts[branch]! ? 0 : 1;
  return leaves[2 * (branch - 1) + side]!;
}
