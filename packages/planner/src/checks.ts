import {
  checkOptions,
  InvalidOptionError,
  isArray,
  isNonNegativeNumber,
  isText,
  type OptionCheck,
  type OptionChecks,
} from '@costkit/core';
import { Money, type ResolvedModel, resolveModel, UnknownModelError } from '@costkit/pricing';
import type { Usd } from './plan.js';

const WHERE = 'planner';

/** More than any account has; above it, counts lose their last digits. */
const LARGEST_COUNT = 1e15;

/** A finite number from 0 to 10¹⁵. */
export const isCount: OptionCheck = (value) =>
  isNonNegativeNumber(value) ??
  ((value as number) <= LARGEST_COUNT ? undefined : 'must be at most 1,000,000,000,000,000');

/** A whole number from 0 to 10¹⁵. */
export const isWholeCount: OptionCheck = (value) =>
  isCount(value) ?? (Number.isSafeInteger(value) ? undefined : 'must be a whole number');

/** A finite number above 0. */
export const isPositiveNumber: OptionCheck = (value) =>
  isCount(value) ?? ((value as number) > 0 ? undefined : 'must be above 0');

/** Dollars, 0 or more: a finite number or decimal text. */
export const isUsd: OptionCheck = (value) => {
  if (typeof value === 'number') return isCount(value);
  return typeof value === 'string' && /^\d{1,15}(\.\d{1,12})?$/.test(value)
    ? undefined
    : 'must be dollars, 0 or more: a number or decimal text with at most 12 decimals';
};

/** A number, or `{ low, expected, high }` in that order, each of which passes `check`. */
export function isEstimated(check: OptionCheck): OptionCheck {
  return (value) => {
    if (typeof value !== 'object' || value === null) return check(value);
    const { low, expected, high, ...rest } = value as Record<string, unknown>;
    if (Object.keys(rest).length > 0) return 'must be a number or { low, expected, high }';
    const problem = check(low) ?? check(expected) ?? check(high);
    if (problem !== undefined) return problem;
    return (low as number) <= (expected as number) && (expected as number) <= (high as number)
      ? undefined
      : 'must have low ≤ expected ≤ high';
  };
}

/** A day or a time in ISO form. */
export const isIsoDate: OptionCheck = (value) =>
  typeof value === 'string' && /^\d{4}-\d{2}-\d{2}/.test(value) && !Number.isNaN(Date.parse(value))
    ? undefined
    : 'must be a date, e.g. "2026-11-22"';

/** An array of texts that are not empty. */
export const isTexts: OptionCheck = (value) =>
  isArray(value) ??
  ((value as unknown[]).every((text) => isText(text) === undefined)
    ? undefined
    : 'must be an array of texts');

/** Checks the options of a planner function. @throws InvalidOptionError */
export function check<T extends object>(options: T, checks: OptionChecks<T>, path = ''): void {
  checkOptions<T>(WHERE, options, checks, path);
}

/** Checks every element of an array, and that no two have the same name. @throws InvalidOptionError */
export function checkEach<T extends object>(
  list: readonly T[],
  checks: OptionChecks<T>,
  path: string,
  nameOf?: (element: T) => string,
): void {
  const names = new Set<string>();
  for (const [index, element] of list.entries()) {
    check(element, checks, `${path}[${index}].`);
    const name = nameOf?.(element);
    if (name === undefined) continue;
    if (names.has(name)) throw invalid(`${path}[${index}].name`, `("${name}") is there twice`);
    names.add(name);
  }
}

/** Complains about fields that must be there. @throws InvalidOptionError */
export function requireFields<T extends object>(
  options: T,
  fields: readonly (keyof T & string)[],
  path = '',
): void {
  for (const field of fields) {
    if (options[field] === undefined) throw invalid(`${path}${field}`, 'is missing');
  }
}

/** The error for one option. */
export function invalid(option: string, problem: string): InvalidOptionError {
  return new InvalidOptionError(WHERE, option, problem);
}

/** Exact dollars of what {@link isUsd} accepted. */
export function moneyOf(usd: Usd): Money {
  return Money.fromUsd(usd);
}

/** The model behind an id. @throws UnknownModelError */
export function modelOf(id: string): ResolvedModel {
  const resolved = resolveModel(id);
  if (resolved === undefined) {
    throw new UnknownModelError(
      id,
      'Pass a foundation-model id, an inference profile or the ARN of one; `costkit price` lists what is known.',
    );
  }
  return resolved;
}
