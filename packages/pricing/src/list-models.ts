import { MODEL_INDEXES, modelOf } from './models.js';
import type { CatalogueModel } from './types.js';

/**
 * Every model of the catalogue, in the order of the provider files; their names are in
 * `@costkit/pricing/catalogue`.
 */
export function listModels(): readonly CatalogueModel[] {
  return [...MODEL_INDEXES.keys()].map((id) => modelOf(id) as CatalogueModel);
}
