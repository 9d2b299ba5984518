import type { Receipt, Tags } from '@costkit/core';

/**
 * What every call has besides its tags, and a report can be grouped by. `model` is the one that was asked for. A
 * tag of the same name is hidden by it.
 */
export type BuiltInDimension =
  | 'model'
  | 'servedModel'
  | 'operation'
  | 'mode'
  | 'scope'
  | 'region'
  | 'month'
  | 'day'
  | 'hour';

/** A built-in dimension, or the name of any tag. */
export type Dimension = BuiltInDimension | (string & {});

/** Stands where a call has no value for a dimension. */
export const NO_VALUE = '(none)';

/** Stands where the ledger was full and values were put together. */
export const OTHER = '(other)';

/** Stands for hours, days and months that are too old to be kept apart. */
export const OLDER = '(older)';

/** A tag's value; a name such as `constructor` finds nothing that objects have by themselves. */
export function tagValue(tags: Tags, name: string): string | undefined {
  return Object.hasOwn(tags, name) ? tags[name] : undefined;
}

/** A receipt's value of every built-in dimension that does not depend on time. */
export function fixedDimensions(
  receipt: Receipt,
): Readonly<Record<Exclude<BuiltInDimension, 'month' | 'day' | 'hour'>, string>> {
  return {
    model: receipt.requestedModel,
    servedModel: receipt.servedModel,
    operation: receipt.operation,
    mode: receipt.mode,
    scope: receipt.scope,
    region: receipt.region,
  };
}

/** Names a set of tag values for people: `feature=chat, tenant=acme`; `all` when there are none. */
export function scopeName(names: readonly string[], values: Tags): string {
  return names.length === 0 ? 'all' : names.map((name) => `${name}=${values[name] ?? NO_VALUE}`).join(', ');
}
