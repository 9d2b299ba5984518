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

/**
 * A number and its sign, which is none behind a letter or digit: `GPT-4`, `12-15`. Thousands are grouped by commas, narrow
 * or unbreakable blanks or apostrophes; where points group them, the comma behind is the decimal sign.
 */
const NUMBER =
  /(?<sign>(?<![\p{L}\p{N})\]])[-+−–])?\p{Sc}?(?<digits>(?:\d{1,3}(?:\.\d{3})+,\d+|\d{1,3}(?:\.\d{3}){2,}(?![.\d])|(?:\d{1,3}(?:[,'’\u00A0\u202F]\d{3})+(?!\d)|\d+)(?:\.\d+)?(?:[eE][-+]?\d+)?)|\.\d+)/gu;
/** What makes the number behind it the lower one of a fraction, and no part of a date. */
const NUMERATOR = new RegExp(`(?<![\\d/.,])${NUMBER.source}\\s?/\\s?$`, 'u');
/** Longer than any numerator. */
const NUMERATOR_LENGTH = 40;

function numberOf({ sign, digits = '' }: Readonly<Record<string, string | undefined>>): number {
  const plain = /\.\d{3}[,.]/.test(digits) ? digits.replaceAll('.', '').replace(',', '.') : digits;
  const value = Number(plain.replaceAll(/[,'’\u00A0\u202F]/g, ''));
  return sign === undefined || sign === '+' ? value : -value;
}

/** The last number or fraction of a text. */
function lastNumber(text: string): number | undefined {
  const last = [...text.matchAll(NUMBER)].at(-1);
  if (last?.groups === undefined) return undefined;
  const before = text.slice(Math.max(0, last.index - NUMERATOR_LENGTH), last.index);
  const numerator = NUMERATOR.exec(before)?.groups;
  return numerator === undefined ? numberOf(last.groups) : numberOf(numerator) / numberOf(last.groups);
}

const rightNumber = ({ expected }: EvaluationCase): number | undefined =>
  typeof expected === 'number' ? expected : lastNumber(String(expected ?? ''));

function lacksNumber(one: EvaluationCase): string | undefined {
  if (!Number.isFinite(rightNumber(one))) return '"expected" must be a number';
  // 3,5 may be two numbers or one: whoever wrote it would not see which was taken.
  return typeof one.expected === 'string' &&
    /\d,(?:\d{1,2}|\d{4,})(?!\d)/.test(one.expected.replaceAll(/\.\d{3},\d+/g, ''))
    ? '"expected" must be a number whose decimal sign is a point'
    : undefined;
}

/**
 * Right where the last number of the answer is `expected` (a number, or a text that ends in one). `3/4` is 0.75, `50 %`
 * is 50, and `3,5` is 3 and 5: the decimal sign is a point, but where points group thousands (`1.234,5`).
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
      lacks: lacksNumber,
    },
    ({ text }, one) => {
      const [given, right] = [lastNumber(text), rightNumber(one) ?? Number.NaN];
      return (
        given !== undefined && Math.abs(given - right) <= Math.max(tolerance, relative * Math.abs(right))
      );
    },
  );
}
