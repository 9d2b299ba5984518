export { PRICE_VERSION, PRICES_AS_OF } from './catalogue.generated.js';
export { costOf, ratesFor } from './cost-of.js';
export { CostkitError, type CostkitErrorOptions, InvalidOptionError, UnknownModelError } from './errors.js';
export { listModels } from './list-models.js';
export { Money } from './money.js';
export { bareModelId, resolveModel } from './resolve-model.js';
export { type ModelLookup, type ResolveModelOptions, resolveModelAsync } from './resolve-model-async.js';
export type * from './types.js';
