import { NO_VALUE, OTHER } from '../dimensions.js';

/** Longest value of a dimension that CloudWatch takes. */
const MAX_LENGTH = 1_024;

/** CloudWatch takes ASCII without control characters, and no value that is blank. */
function dimensionText(value: string | undefined): string {
  const text = (value ?? '').replaceAll(/[^\x20-\x7e]/gu, '?').slice(0, MAX_LENGTH);
  return text.trim() === '' ? NO_VALUE : text;
}

/**
 * Lets each dimension have so many values and puts all others together: every combination of values is a metric that
 * CloudWatch bills.
 *
 * @param allowed - the only values of a dimension, where they are known; then no others are learned.
 */
export function boundedValues(
  maxValues: number,
  allowed: Readonly<Record<string, readonly string[]>>,
): (dimension: string, value: string | undefined) => string {
  const known = new Map(
    Object.entries(allowed).map(([name, values]) => [name, new Set(values.map(dimensionText))]),
  );
  return (dimension, value) => {
    const text = dimensionText(value);
    if (text === NO_VALUE) return text;
    const values = known.get(dimension) ?? new Set();
    known.set(dimension, values);
    if (values.has(text)) return text;
    if (Object.hasOwn(allowed, dimension) || values.size >= maxValues) return OTHER;
    values.add(text);
    return text;
  };
}
