import type { SparseRow } from './encoding.js';
import { type LinearHead, probabilityOf } from './linear-head.js';

const NEWTON_STEPS = 4;
const CONJUGATE_STEPS = 12;
const RIDGE = 1;
const MIN_CURVATURE = 0.01;
const TOLERANCE = 1e-8;

/** Rows side by side (compressed sparse rows), which is what makes training fast. */
export interface SparseMatrix {
  readonly rows: number;
  readonly columns: number;
  readonly starts: Int32Array;
  readonly indices: Int32Array;
  readonly values: Float32Array;
}

/** The same rows without the columns that are 0 in all of them, and which column each of theirs was. */
export function compactColumns(rows: readonly SparseRow[]): {
  readonly rows: readonly SparseRow[];
  readonly columns: readonly number[];
} {
  const places = new Map<number, number>();
  const place = (column: number): number => {
    const known = places.get(column);
    if (known !== undefined) return known;
    places.set(column, places.size);
    return places.size - 1;
  };
  const compact = rows.map(({ indices, values }) => ({ indices: indices.map(place), values }));
  return { rows: compact, columns: [...places.keys()] };
}

/** Joins rows to a matrix. */
export function sparseMatrix(rows: readonly SparseRow[], columns: number): SparseMatrix {
  const starts = new Int32Array(rows.length + 1);
  rows.forEach(({ indices }, row) => {
    starts[row + 1] = starts[row]! + indices.length;
  });
  const entries = starts[rows.length]!;
  const indices = new Int32Array(entries);
  const values = new Float32Array(entries);
  rows.forEach((row, at) => {
    indices.set(row.indices, starts[at]!);
    values.set(row.values, starts[at]!);
  });
  return { rows: rows.length, columns, starts, indices, values };
}

function times({ rows, starts, indices, values }: SparseMatrix, vector: Float64Array): Float64Array {
  const product = new Float64Array(rows);
  for (let row = 0; row < rows; row += 1) {
    let sum = 0;
    for (let at = starts[row]!; at < starts[row + 1]!; at += 1) sum += values[at]! * vector[indices[at]!]!;
    product[row] = sum;
  }
  return product;
}

function transposedTimes(matrix: SparseMatrix, vector: Float64Array): Float64Array {
  const { rows, columns, starts, indices, values } = matrix;
  const product = new Float64Array(columns);
  for (let row = 0; row < rows; row += 1) {
    const weight = vector[row]!;
    for (let at = starts[row]!; at < starts[row + 1]!; at += 1)
      product[indices[at]!]! += values[at]! * weight;
  }
  return product;
}

function dot(one: Float64Array, other: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < one.length; at += 1) sum += one[at]! * other[at]!;
  return sum;
}

/**
 * Weighted ridge regression by conjugate gradients. The intercept is not shrunk: the columns are centred, without
 * being written down, because that would fill them.
 */
function weightedRidge(matrix: SparseMatrix, target: Float64Array, weight: Float64Array): LinearHead {
  const total = weight.reduce((sum, value) => sum + value, 0);
  const centre = dot(weight, target) / total;
  const means = transposedTimes(
    matrix,
    weight.map((value) => value / total),
  );
  const solution = new Float64Array(matrix.columns);
  const residual = transposedTimes(
    matrix,
    target.map((value, row) => weight[row]! * (value - centre)),
  );
  const direction = residual.slice();
  let length = dot(residual, residual);
  const enough = length * TOLERANCE;
  for (let step = 0; step < CONJUGATE_STEPS && length > enough; step += 1) {
    const shift = dot(means, direction);
    const image = times(matrix, direction).map((value, row) => weight[row]! * (value - shift));
    const sum = image.reduce((all, value) => all + value, 0);
    const curved = transposedTimes(matrix, image);
    for (let at = 0; at < curved.length; at += 1) {
      curved[at]! += RIDGE * direction[at]! - means[at]! * sum;
    }
    const stride = length / dot(direction, curved);
    for (let at = 0; at < solution.length; at += 1) {
      solution[at]! += stride * direction[at]!;
      residual[at]! -= stride * curved[at]!;
    }
    const shorter = dot(residual, residual);
    for (let at = 0; at < direction.length; at += 1) {
      direction[at] = residual[at]! + (shorter / length) * direction[at]!;
    }
    length = shorter;
  }
  return { intercept: centre - dot(means, solution), weights: solution };
}

/** Logistic regression with a ridge penalty, by a few Newton steps. Targets may be any grades from 0 to 1. */
export function logisticRegression(matrix: SparseMatrix, target: readonly number[]): LinearHead {
  const mean = target.reduce((sum, value) => sum + value, 0) / target.length;
  const bounded = Math.min(0.98, Math.max(0.02, mean));
  let weights = new Float64Array(matrix.columns);
  let intercept = Math.log(bounded / (1 - bounded));
  for (let step = 0; step < NEWTON_STEPS; step += 1) {
    const odds = times(matrix, weights).map((value) => value + intercept);
    const curvature = odds.map((value) => {
      const probability = probabilityOf(value);
      return Math.max(MIN_CURVATURE, probability * (1 - probability));
    });
    const working = odds.map((value, row) => value + (target[row]! - probabilityOf(value)) / curvature[row]!);
    const head = weightedRidge(matrix, working, curvature);
    weights = head.weights as Float64Array<ArrayBuffer>;
    intercept = head.intercept;
  }
  return { intercept, weights };
}
