import { CATALOGUE } from './catalogue.js';
import type { CatalogueModel } from './types.js';

/** Every model of the catalogue, in the order of the provider files. */
export function listModels(): readonly CatalogueModel[] {
  return [...CATALOGUE.values()];
}
