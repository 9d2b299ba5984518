/**
 * Where the money goes, and what to cut first.
 * @module
 */
export { ANALYSIS_STEPS, analyzeLogs } from './analyze-logs.js';
export type {
  CreditAdvice,
  CreditMonths,
  CreditOptions,
  HeldCredits,
  ProgrammeRunway,
} from './credit-advice.js';
export { InsightsError, type InsightsErrorCode } from './errors.js';
export type { EvaluationLike } from './evaluation-like.js';
export { type RenderReportOptions, renderReport } from './report/render-report.js';
export type {
  Analysis,
  AnalyzeOptions,
  AttributionDimension,
  AttributionRow,
  CacheHour,
  MoneyInterval,
  ProvisionedUse,
  Recommendation,
  RecommendationKind,
  ReconciliationRow,
  S3ClientLike,
  UndecidedLever,
} from './types.js';
