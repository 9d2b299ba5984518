import { checkOptions, InvalidOptionError, isAnything, isArray, isText } from '@costkit/core';
import { checkTarget } from './choose-threshold.js';
import type { TrainRouterOptions } from './types.js';

/** @throws `InvalidOptionError` for records that are no list, and options that are unknown or wrong. */
export function checkTraining(records: unknown, options: TrainRouterOptions): void {
  const wrong = isArray(records);
  if (wrong !== undefined) throw new InvalidOptionError('router', 'records', wrong);
  checkOptions<TrainRouterOptions>('router', options, {
    cheap: isText,
    strong: isText,
    seed: (value) => (Number.isSafeInteger(value) ? undefined : 'must be an integer'),
    target: isAnything,
    createdAt: (value) =>
      value instanceof Date && !Number.isNaN(value.getTime()) ? undefined : 'must be a date',
  });
  if (options.target !== undefined) checkTarget(options.target, 'target.');
  for (const name of ['cheap', 'strong'] as const) {
    const problem = isText(options[name]);
    if (problem !== undefined) throw new InvalidOptionError('router', name, problem);
  }
  if (options.cheap === options.strong) {
    throw new InvalidOptionError('router', 'strong', 'must name another tier than "cheap"');
  }
}
