/**
 * The rows of the catalogue and nothing else: no arithmetic, so that an independent implementation (the local
 * Bedrock) can read the same facts without sharing our calculations.
 * @module
 */
import { MODEL_INDEXES, modelOf } from './models.js';
import { NAMES } from './names.generated.js';
import { type Refusal, refusalsOf } from './refusals.js';
import type { CatalogueModel as PricedModel } from './types.js';

export { PRICE_VERSION, PRICES_AS_OF } from './catalogue.generated.js';
export { GUARDRAIL_RATES } from './guardrail-rates.js';
export { PRICE_SOURCES } from './models.js';
export type { Refusal } from './refusals.js';

/** One model of the catalogue, with what no price depends on. */
export interface CatalogueModel extends PricedModel {
  /** What it is known to answer with an error although others take it. */
  readonly refuses?: readonly Refusal[];
}

const names = NAMES.split('\n');

/** Looks like a `Map`, but reads a model when it is first asked for. */
class LazyCatalogue implements ReadonlyMap<string, CatalogueModel> {
  readonly #named = new Map<string, CatalogueModel>();

  get size(): number {
    return MODEL_INDEXES.size;
  }

  has(id: string): boolean {
    return MODEL_INDEXES.has(id);
  }

  get(id: string): CatalogueModel | undefined {
    const known = this.#named.get(id);
    if (known !== undefined) return known;
    const model = modelOf(id);
    if (model === undefined) return undefined;
    const named = {
      ...model,
      name: names[MODEL_INDEXES.get(id) ?? -1] ?? id,
      refuses: [...refusalsOf(id)],
    };
    this.#named.set(id, named);
    return named;
  }

  *entries(): MapIterator<[string, CatalogueModel]> {
    for (const id of MODEL_INDEXES.keys()) yield [id, this.get(id) as CatalogueModel];
  }

  keys(): MapIterator<string> {
    return MODEL_INDEXES.keys();
  }

  *values(): MapIterator<CatalogueModel> {
    for (const [, model] of this.entries()) yield model;
  }

  [Symbol.iterator](): MapIterator<[string, CatalogueModel]> {
    return this.entries();
  }

  forEach(
    callback: (model: CatalogueModel, id: string, map: ReadonlyMap<string, CatalogueModel>) => void,
  ): void {
    for (const [id, model] of this.entries()) callback(model, id, this);
  }
}

/** Every model with its name and what it refuses, by foundation-model id (`anthropic.claude-haiku-4-5-20251001-v1:0`). */
export const CATALOGUE: ReadonlyMap<string, CatalogueModel> = new LazyCatalogue();
