/**
 * Evaluates cheaper models on cases of your own, and writes the routing policy that the result supports.
 * @module
 */
export { escalationShares } from './evaluation/escalation-shares.js';
export { evaluateTiers, forecastEvaluation } from './evaluation/evaluate-tiers.js';
export type { EvaluationBar, ResolvedBar, TaskBar } from './evaluation/evaluation-bar.js';
export type { EvaluationCase } from './evaluation/evaluation-case.js';
export { EvaluationError, type EvaluationErrorCode } from './evaluation/evaluation-error.js';
export type { EvaluationOptions, EvaluationProgress } from './evaluation/evaluation-options.js';
export {
  type AnswerFailure,
  type CaseOutcome,
  EVALUATION_REPORT_VERSION,
  type EvaluatedTier,
  type EvaluationReport,
  type JudgeReport,
  type ShuffledControl,
  type TaskReport,
  type TierComparison,
  type TierResult,
  type Verdict,
} from './evaluation/evaluation-report.js';
export type { EvaluationForecast, ForecastLine } from './evaluation/forecast.js';
export {
  type EvaluatedAnswer,
  type Grade,
  type GradeFunction,
  type Grader,
  type GraderCalls,
  type GraderTraits,
  type GradingContext,
  type Judgement,
  makeGrader,
  type Preference,
} from './evaluation/grader.js';
export { jsonSchemaGrader } from './evaluation/json-schema-grader.js';
export { type JudgeGraderOptions, judgeGrader } from './evaluation/judge-grader.js';
export type { NothingToTell } from './evaluation/nothing-to-tell.js';
export { type NumericGraderOptions, numericGrader } from './evaluation/numeric-grader.js';
export { policyFrom } from './evaluation/policy-from.js';
export { readEvaluationCases } from './evaluation/read-evaluation-cases.js';
export { type RegexGraderOptions, regexGrader } from './evaluation/regex-grader.js';
export { routerRecords } from './evaluation/router-records.js';
export type { Interval } from './evaluation/statistics/wilson.js';
export { containsGrader, exactGrader, f1Grader, type TextGraderOptions } from './evaluation/text-graders.js';
export { chooseThreshold } from './learned/choose-threshold.js';
export type { QualityTarget, ThresholdChoice, ThresholdSample } from './learned/types.js';
