/**
 * Cache points that are valid and pay for themselves.
 * @module
 */
export { PromptError } from './errors.js';
export { type LintPrefixOptions, lintPrefix, type PrefixFinding, type PrefixProblem } from './lint-prefix.js';
export { type PlannableInput, planCachePoints } from './plan-cache-points.js';
export {
  type PrefixRecord,
  type PrefixTelemetry,
  type PrefixTelemetryOptions,
  prefixTelemetry,
} from './prefix-telemetry.js';
export {
  type BuiltPrompt,
  type PromptAfterDocuments,
  type PromptAfterExamples,
  type PromptAfterHistory,
  type PromptAfterStable,
  type PromptAfterTools,
  type PromptBuilder,
  type PromptDocument,
  type PromptEnd,
  type PromptExample,
  prompt,
} from './prompt.js';
export { promptCachePlugin } from './prompt-cache-plugin.js';
export type { TextDifferenceKind } from './text-difference.js';
export type {
  CacheEconomics,
  CachePlan,
  CacheRulesByModel,
  PlanCachePointsOptions,
  PlannedPoint,
  PointPurpose,
  PromptCacheOptions,
  TtlChoice,
} from './types.js';
export { withPromptCache } from './with-prompt-cache.js';
