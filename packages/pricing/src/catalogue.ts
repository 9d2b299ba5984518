/**
 * The rows of the catalogue and nothing else: no arithmetic, so that an independent implementation (the local
 * Bedrock) can read the same facts without sharing our calculations.
 * @module
 */
import type { CatalogueModel } from './types.js';

export type { CatalogueModel } from './types.js';

/** Every model, by id. */
export const CATALOGUE: ReadonlyMap<string, CatalogueModel> = new Map();
