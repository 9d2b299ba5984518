/**
 * Sends each Bedrock request to the cheapest model that clears the bar.
 * @module
 */

export type { CascadeCheck, CheckContext, CheckQuestion, CheckResult } from './cascade-check.js';
export { ModelEndOfLifeError, RoutingPolicyError } from './errors.js';
export { evaluateTiers } from './evaluation/evaluate-tiers.js';
export type { EvaluationBar } from './evaluation/evaluation-bar.js';
export type { EvaluationOptions } from './evaluation/evaluation-options.js';
export type { EvaluationReport } from './evaluation/evaluation-report.js';
export { policyFrom } from './evaluation/policy-from.js';

export { RouterModelError } from './learned/errors.js';
export {
  loadCascadeScorer,
  loadRouterModel,
  trainCascadeScorer,
  trainRouter,
} from './learned/train-router.js';
export type {
  Assessment,
  CascadeRecord,
  CascadeScorer,
  CheapAnswer,
  GradedOutcome,
  HeadJson,
  QualityTarget,
  RouterModel,
  RouterModelJson,
  RouterModelProvenance,
  RouterRecord,
  ThresholdChoice,
  TrainRouterOptions,
} from './learned/types.js';
export { loadRoutingPolicy } from './load-routing-policy.js';
export { type RouterPlugin, routerPlugin } from './router-plugin.js';
export {
  parseRoutingPolicy,
  ROUTING_POLICY_VERSION,
  type RoutingEvidence,
  type RoutingPolicy,
  type TaskPolicy,
} from './routing-policy.js';
export type { ShadowOptions, ShadowPair, ShadowReport } from './shadow-options.js';
export type {
  CascadeOptions,
  FlexOptions,
  LearnedRoutingOptions,
  PolicySource,
  ProvisionedTier,
  RequestShape,
  RouterOptions,
  RouterTier,
  RouterWarning,
  RoutingRule,
  RuleConditions,
  RulePredicate,
} from './types.js';
export { withRouter } from './with-router.js';
