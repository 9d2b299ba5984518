export { PRICE_VERSION, PRICES_AS_OF } from './catalogue.generated.js';
export { costOf, ratesFor } from './cost-of.js';
export { CostkitError, type CostkitErrorOptions, InvalidOptionError, UnknownModelError } from './errors.js';
export { listModels } from './list-models.js';
export { Money } from './money.js';
export { type ModelArn, parseArn } from './parse-arn.js';
export { checkOverrides } from './price-overrides.js';
export { bareModelId, resolveModel } from './resolve-model.js';
export { type ModelLookup, type ResolveModelOptions, resolveModelAsync } from './resolve-model-async.js';
export type {
  Billing,
  CacheRules,
  Capabilities,
  CatalogueModel,
  Certainty,
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
