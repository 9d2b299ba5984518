import {
  checkOptions,
  InvalidOptionError,
  isBoolean,
  isNonNegativeNumber,
  isObject,
  isOneOf,
  isPositiveInteger,
  type OptionCheck,
} from '@costkit/core';
import { type CacheRules, resolveModel } from '@costkit/pricing';
import { LEVER_NAME } from './constants.js';
import type { CacheRulesByModel } from './types.js';

const listOf =
  (...values: readonly string[]): OptionCheck =>
  (value) =>
    Array.isArray(value) && value.every((one) => values.includes(one))
      ? undefined
      : `must be a list of ${values.join(', ')}`;

/**
 * Checks corrections of caching rules.
 *
 * @throws `InvalidOptionError` for a rule that is unknown or wrong, and for a key that no call would ever match.
 */
export function checkRules(rules: CacheRulesByModel): void {
  for (const [modelId, correction] of Object.entries(rules)) {
    const model = resolveModel(modelId)?.model;
    const path = `rules["${modelId}"]`;
    if (model?.id !== modelId || model.capabilities.cache === undefined) {
      throw new InvalidOptionError(LEVER_NAME, path, 'names no foundation model with a prompt cache');
    }
    if (isObject(correction) !== undefined)
      throw new InvalidOptionError(LEVER_NAME, path, 'must be an object');
    checkOptions<Partial<CacheRules>>(
      LEVER_NAME,
      correction,
      {
        minTokens: isNonNegativeNumber,
        maxPoints: isPositiveInteger,
        maxTokens: isPositiveInteger,
        ttls: listOf('5m', '1h', '30m'),
        sections: listOf('tools', 'system', 'messages'),
        explicit: isBoolean,
        implicit: isBoolean,
        certainty: isOneOf('documented', 'typed', 'observed', 'third-party', 'assumed'),
      },
      `${path}.`,
    );
  }
}
