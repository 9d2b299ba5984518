import type { SparseRow } from './encoding.js';
import { type LinearHead, probabilityOf } from './linear-head.js';

/** Steps of conjugate gradients in each of Newton's: more of them move no score by more than two thousandths. */
const CONJUGATE_STEPS = [4, 6, 8, 10] as const;
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

/** Two vectors side by side: entry 2i belongs to the first, 2i + 1 to the second. */
type Pair = Float64Array;

function times({ rows, starts, indices, values }: SparseMatrix, pair: Pair): Pair {
  const product = new Float64Array(2 * rows);
  for (let row = 0; row < rows; row += 1) {
    let [one, other] = [0, 0];
    for (let at = starts[row]!; at < starts[row + 1]!; at += 1) {
      const value = values[at]!;
      const place = 2 * indices[at]!;
      one += value * pair[place]!;
      other += value * pair[place + 1]!;
    }
    product[2 * row] = one;
    product[2 * row + 1] = other;
  }
  return product;
}

function transposedTimes({ rows, columns, starts, indices, values }: SparseMatrix, pair: Pair): Pair {
  const product = new Float64Array(2 * columns);
  for (let row = 0; row < rows; row += 1) {
    const one = pair[2 * row]!;
    const other = pair[2 * row + 1]!;
    for (let at = starts[row]!; at < starts[row + 1]!; at += 1) {
      const value = values[at]!;
      const place = 2 * indices[at]!;
      product[place]! += value * one;
      product[place + 1]! += value * other;
    }
  }
  return product;
}

/** Both dot products of two pairs. */
function dots(some: Pair, others: Pair): [number, number] {
  let [one, other] = [0, 0];
  for (let at = 0; at < some.length; at += 2) {
    one += some[at]! * others[at]!;
    other += some[at + 1]! * others[at + 1]!;
  }
  return [one, other];
}

const sums = (pair: Pair): [number, number] => {
  let [one, other] = [0, 0];
  for (let at = 0; at < pair.length; at += 2) {
    one += pair[at]!;
    other += pair[at + 1]!;
  }
  return [one, other];
};

/** Adds a multiple of `others` to `some`, one factor for each vector of the pair. */
function addTimes(some: Pair, [one, other]: readonly [number, number], others: Pair): void {
  for (let at = 0; at < some.length; at += 2) {
    some[at]! += one * others[at]!;
    some[at + 1]! += other * others[at + 1]!;
  }
}

/** Takes a number from each vector of a pair, and weighs what is left. */
function centred(pair: Pair, [one, other]: readonly [number, number], weight: Pair): Pair {
  const result = new Float64Array(pair.length);
  for (let at = 0; at < pair.length; at += 2) {
    result[at] = weight[at]! * (pair[at]! - one);
    result[at + 1] = weight[at + 1]! * (pair[at + 1]! - other);
  }
  return result;
}

const negative = ([one, other]: readonly [number, number]): [number, number] => [-one, -other];

/**
 * Two weighted ridge regressions by conjugate gradients, in step: reading the matrix is most of the work, and it is read
 * for both. The intercepts are not shrunk: the columns are centred, without being written down, because that would fill
 * them.
 */
function weightedRidge(
  matrix: SparseMatrix,
  target: Pair,
  weight: Pair,
  steps: number,
): { intercepts: [number, number]; weights: Pair } {
  const totals = sums(weight);
  const [oneSum, otherSum] = dots(weight, target);
  const centres: [number, number] = [oneSum / totals[0], otherSum / totals[1]];
  const means = new Float64Array(2 * matrix.columns);
  addTimes(means, [1 / totals[0], 1 / totals[1]], transposedTimes(matrix, weight));
  const solution = new Float64Array(2 * matrix.columns);
  const residual = transposedTimes(matrix, centred(target, centres, weight));
  let direction = residual.slice();
  let lengths = dots(residual, residual);
  const enough = [lengths[0] * TOLERANCE, lengths[1] * TOLERANCE] as const;
  for (let step = 0; step < steps; step += 1) {
    const isOpen = [lengths[0] > enough[0], lengths[1] > enough[1]] as const;
    if (!isOpen[0] && !isOpen[1]) break;
    const image = centred(times(matrix, direction), dots(means, direction), weight);
    const curved = transposedTimes(matrix, image);
    addTimes(curved, [RIDGE, RIDGE], direction);
    addTimes(curved, negative(sums(image)), means);
    const curves = dots(direction, curved);
    const strides: [number, number] = [
      isOpen[0] ? lengths[0] / curves[0] : 0,
      isOpen[1] ? lengths[1] / curves[1] : 0,
    ];
    addTimes(solution, strides, direction);
    addTimes(residual, negative(strides), curved);
    const shorter = dots(residual, residual);
    const next = residual.slice();
    addTimes(
      next,
      [isOpen[0] ? shorter[0] / lengths[0] : 0, isOpen[1] ? shorter[1] / lengths[1] : 0],
      direction,
    );
    direction = next;
    lengths = shorter;
  }
  const shifts = dots(means, solution);
  return { intercepts: [centres[0] - shifts[0], centres[1] - shifts[1]], weights: solution };
}

/**
 * Two logistic regressions on the same rows, with a ridge penalty, by a few Newton steps. Targets may be any grades from 0
 * to 1.
 */
export function logisticRegressions(
  matrix: SparseMatrix,
  targets: readonly [one: readonly number[], other: readonly number[]],
): [LinearHead, LinearHead] {
  const target = new Float64Array(2 * matrix.rows);
  targets.forEach((own, head) => {
    own.forEach((value, row) => {
      target[2 * row + head] = value;
    });
  });
  let weights = new Float64Array(2 * matrix.columns);
  let intercepts = sums(target).map((sum) => {
    const bounded = Math.min(0.98, Math.max(0.02, sum / matrix.rows));
    return Math.log(bounded / (1 - bounded));
  });
  for (const steps of CONJUGATE_STEPS) {
    const odds = times(matrix, weights).map((value, at) => value + intercepts[at & 1]!);
    const curvature = odds.map((value) => {
      const probability = probabilityOf(value);
      return Math.max(MIN_CURVATURE, probability * (1 - probability));
    });
    const working = odds.map((value, at) => value + (target[at]! - probabilityOf(value)) / curvature[at]!);
    const fitted = weightedRidge(matrix, working, curvature, steps);
    weights = fitted.weights as Float64Array<ArrayBuffer>;
    intercepts = fitted.intercepts;
  }
  const headOf = (head: 0 | 1): LinearHead => ({
    intercept: intercepts[head]!,
    weights: Float64Array.from({ length: matrix.columns }, (_, column) => weights[2 * column + head]!),
  });
  return [headOf(0), headOf(1)];
}
