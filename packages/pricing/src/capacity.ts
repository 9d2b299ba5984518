/**
 * What is paid by capacity instead of by token: provisioned throughput, reserved tiers, imported models. Apart from
 * the main entry, because a call needs none of it.
 * @module
 */
export {
  type CapacityRate,
  type CommitmentTerm,
  type ProvisionedQuery,
  provisionedCostOf,
  provisionedHourlyRate,
  type ReservedQuery,
  reservedHourlyRate,
} from './capacity-cost.js';
export {
  type ImportedModelCost,
  type ImportedModelUsage,
  importedModelCostOf,
} from './imported-model-cost.js';
