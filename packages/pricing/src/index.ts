export { type BedrockCommands, type BedrockControlClient, bedrockLookup } from './bedrock-lookup.js';
export {
  type ProvisionedQuery,
  provisionedCostOf,
  provisionedHourlyRate,
  type ReservedQuery,
  reservedHourlyRate,
} from './capacity-cost.js';
export { PRICE_VERSION, PRICES_AS_OF } from './catalogue.generated.js';
export { costOf, ratesFor } from './cost-of.js';
export { CostkitError, type CostkitErrorOptions, InvalidOptionError, UnknownModelError } from './errors.js';
export { type ImportedModelCost, type ImportedModelUsage, importedModelCostOf } from './imported-model.js';
export { listModels } from './list-models.js';
export { Money } from './money.js';
export { type ModelArn, parseArn } from './parse-arn.js';
export { bareModelId, resolveModel } from './resolve-model.js';
export { type ModelLookup, type ResolveModelOptions, resolveModelAsync } from './resolve-model-async.js';
export type {
  Billing,
  CacheRules,
  Capabilities,
  CapacityRate,
  CatalogueModel,
  Certainty,
  CommitmentTerm,
  CostBreakdown,
  CostLine,
  Dialect,
  Lifecycle,
  ModelReference,
  PriceOverride,
  PriceQuery,
  PriceRow,
  Rates,
  ResolvedModel,
  Scope,
  Tier,
  TokenKind,
  Usage,
} from './types.js';
