/**
 * Where to cut first: break-evens, estimates and the ranking of all cost levers in dollars. Pure functions over stated
 * inputs; nothing is measured, called or written.
 * @module
 */
export type { CommitmentPlan, UnitsCost } from './commitment-plan.js';
export type { CreditPool } from './credit-pool.js';
export {
  CREDIT_PROGRAMMES,
  type CreditProgramme,
  creditProgrammesFor,
  type StartupFunding,
  type StartupStage,
} from './credit-programmes.js';
export {
  type CreditLever,
  type CreditRunway,
  type CreditRunwayOptions,
  creditRunway,
  type LeverRunway,
  type Runway,
} from './credit-runway.js';
export type { CreditMonth, CreditUsage } from './credit-schedule.js';
export {
  type CopyThroughput,
  type CustomModelHosting,
  type CustomModelHostingOptions,
  customModelHosting,
  type DeploymentHosting,
  type HostingCost,
  type ImportHosting,
  type ProvisionedHosting,
} from './custom-model-hosting.js';
export type { DistillationCosts } from './distillation-costs.js';
export type {
  DistillationPaybackOptions,
  DistillationTraining,
  StudentHosting,
} from './distillation-options.js';
export { DISTILLATION_PROMPTS, type PairSupport, studentsOf } from './distillation-pairs.js';
export { type DistillationPayback, distillationPayback } from './distillation-payback.js';
export { estimateWorkload, type TaskEstimate, type WorkloadEstimate } from './estimate-workload.js';
export type { HourlyLoad, TraceRequest } from './hourly-load.js';
export { LEVERS, type LeverDescription, type LeverName } from './levers.js';
export { measureRecall, type RecallOptions, type RecallQuery, type VectorShape } from './measure-recall.js';
export {
  type MeteredMinute,
  type MeteredUnit,
  type MeteredUnits,
  modelUnitFromMetrics,
} from './model-unit-from-metrics.js';
export type {
  Assumption,
  BreakEven,
  Estimated,
  EstimatedRange,
  PlanBasis,
  Sensitivity,
  Usd,
} from './plan.js';
export { PLAYBOOK_EXAMPLE } from './playbook-example.js';
export {
  type ModelUnit,
  type ModelUnitTerm,
  type ProvisionedThroughputOptions,
  type ProvisionedThroughputPlan,
  provisionedThroughputBreakEven,
} from './provisioned-throughput.js';
export type { AnswerCost, LongContextCost, RetrievalCost } from './rag-costs.js';
export type { MeasuredQuality, RagVersusLongContextOptions, RetrievalOptions } from './rag-options.js';
export { type RagVersusLongContext, ragVersusLongContext } from './rag-versus-long-context.js';
export {
  type LeverRanking,
  type LeverVerdict,
  type RankedLever,
  rankLevers,
  type WaterfallStep,
} from './rank-levers.js';
export type { ReservedOption, ReservedPlan } from './reserved-plan.js';
export type { TaskPart } from './task-cost.js';
export type { Queue } from './unit-optimum.js';
export {
  type PlanePoint,
  type SizeAdvice,
  type VectorStorePlan,
  vectorStoreCost,
} from './vector-store-cost.js';
export type { MeasuredRecall, RecallChange, VectorStoreOptions, VectorType } from './vector-store-options.js';
export {
  type AuroraPrices,
  type OpenSearchServerlessPrices,
  type S3VectorsPrices,
  type SourcedPrice,
  VECTOR_STORE_PRICES,
  type VectorStorePrices,
} from './vector-store-prices.js';
export type { StoreCost, StorePart, VectorStoreName } from './vector-stores.js';
export type {
  BatchLever,
  CachedPrefix,
  CachingLever,
  ContextLever,
  CreditsLever,
  DistillationLever,
  EmbeddingsLever,
  LeverEffort,
  LeverNote,
  MeteringLever,
  OutputLimitsLever,
  ProvisionedLever,
  RoutingLever,
  TaskLevers,
  Workload,
  WorkloadLevers,
  WorkloadMode,
  WorkloadService,
  WorkloadTask,
} from './workload.js';
