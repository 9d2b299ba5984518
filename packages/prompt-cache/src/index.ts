/**
 * Cache points that are valid and pay for themselves.
 * @module
 */
export { type PlannableInput, planCachePoints } from './plan-cache-points.js';
export { promptCachePlugin } from './prompt-cache-plugin.js';
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
