import type { Vector } from './types.js';

/** The cosine of the angle between two vectors; 0 where one of them has no direction. */
export function cosine(one: Vector, other: Vector): number {
  let [product, square, otherSquare] = [0, 0, 0];
  for (let index = 0; index < one.length; index += 1) {
    const [left, right] = [one[index] as number, other[index] as number];
    product += left * right;
    square += left * left;
    otherSquare += right * right;
  }
  const length = Math.sqrt(square * otherSquare);
  return length === 0 ? 0 : product / length;
}
