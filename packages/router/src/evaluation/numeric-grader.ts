import { InvalidOptionError } from '@costkit/core';
import type { EvaluationCase } from './evaluation-case.js';
import { type Grader, makeGrader } from './grader.js';

/** What {@link numericGrader} takes. */
export interface NumericGraderOptions {
  /** How far the number may be off: the larger of this and `relative` times the right one. @defaultValue 0 */
  readonly tolerance?: number;
  /** As a share of the right number. @defaultValue 1e-9 */
  readonly relative?: number;
}

const NUMBER = /[-+−]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:[eE][-+]?\d+)?|[-+−]?\.\d+/g;

/** The last number of a text, thousands separators and currency signs aside. */
function lastNumber(text: string): number | undefined {
  const last = text.match(NUMBER)?.at(-1);
  return last === undefined ? undefined : Number(last.replaceAll(',', '').replace('−', '-'));
}

const rightNumber = ({ expected }: EvaluationCase): number | undefined =>
  typeof expected === 'number' ? expected : lastNumber(String(expected ?? ''));

/**
 * Right where the last number of the answer is `expected` (a number, or a text that ends in one).
 *
 * @throws `InvalidOptionError` for a tolerance below 0.
 *
 * @example
 * ```ts
 * const grade = numericGrader({ tolerance: 0.01 });
 * ```
 */
export function numericGrader({ tolerance = 0, relative = 1e-9 }: NumericGraderOptions = {}): Grader {
  for (const [name, value] of Object.entries({ tolerance, relative })) {
    if (!(value >= 0)) throw new InvalidOptionError('router', name, 'must be a number, 0 or more');
  }
  return makeGrader(
    {
      id: `numeric:${tolerance}:${relative}`,
      lacks: (one) => (Number.isFinite(rightNumber(one)) ? undefined : '"expected" must be a number'),
    },
    ({ text }, one) => {
      const [given, right] = [lastNumber(text), rightNumber(one) ?? Number.NaN];
      return (
        given !== undefined && Math.abs(given - right) <= Math.max(tolerance, relative * Math.abs(right))
      );
    },
  );
}
