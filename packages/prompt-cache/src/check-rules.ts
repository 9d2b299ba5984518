import {
  checkOptions,
  isBoolean,
  isObject,
  isPositiveInteger,
  isText,
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

/** Says what is wrong with a correction: also that its key is one that no call would ever match. */
function problemOf(modelId: string, correction: unknown): string | undefined {
  const model = resolveModel(modelId)?.model;
  return model?.id === modelId && model.capabilities.cache !== undefined
    ? isObject(correction)
    : 'names no foundation model with a prompt cache';
}

/**
 * Checks corrections of caching rules.
 *
 * @throws `InvalidOptionError` for a rule that is unknown or wrong.
 */
export function checkRules(rules: CacheRulesByModel): void {
  checkOptions(
    LEVER_NAME,
    rules,
    Object.fromEntries(
      Object.keys(rules).map((modelId) => [modelId, (value: unknown) => problemOf(modelId, value)]),
    ),
    'rules.',
  );
  for (const [modelId, correction] of Object.entries(rules)) {
    checkOptions<Partial<CacheRules>>(
      LEVER_NAME,
      correction,
      {
        minTokens: isPositiveInteger,
        maxPoints: isPositiveInteger,
        maxTokens: isPositiveInteger,
        ttls: listOf('5m', '1h', '30m'),
        sections: listOf('tools', 'system', 'messages'),
        explicit: isBoolean,
        implicit: isBoolean,
        certainty: isText,
      },
      `rules.${modelId}.`,
    );
  }
}
