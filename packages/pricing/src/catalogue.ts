/**
 * The rows of the catalogue and nothing else: no arithmetic, so that an independent implementation (the local
 * Bedrock) can read the same facts without sharing our calculations.
 * @module
 */
import { FAMILIES, IDS, NAMES, PRICES, SOURCES, TRAITS } from './catalogue.generated.js';
import { readModel } from './packed-model.js';
import type { CatalogueModel } from './types.js';

export { PRICE_VERSION, PRICES_AS_OF } from './catalogue.generated.js';
export type { CatalogueModel } from './types.js';

const sources = new Map(SOURCES.split('\n').map((line) => line.split(' ') as [string, string]));
const sourceKeys = [...sources.keys()];
const [ids, names, prices, traits, families] = [IDS, NAMES, PRICES, TRAITS, FAMILIES].map((column) =>
  column.split('\n'),
) as [string[], string[], string[], string[], string[]];

function readAt(index: number): CatalogueModel {
  const [family = '', own = ''] = (traits[index] ?? '').split(/ (.*)/s);
  return readModel(
    {
      id: ids[index] ?? '',
      name: names[index] ?? '',
      prices: prices[index] ?? '',
      traits: `${families[Number(family)] ?? ''} ${own}`,
    },
    sourceKeys,
  );
}

/** Looks like a `Map`, but reads a model when it is first asked for. */
class LazyCatalogue implements ReadonlyMap<string, CatalogueModel> {
  readonly #indexes: ReadonlyMap<string, number> = new Map(ids.map((id, index) => [id, index]));
  readonly #models = new Map<string, CatalogueModel>();

  get size(): number {
    return this.#indexes.size;
  }

  has(id: string): boolean {
    return this.#indexes.has(id);
  }

  get(id: string): CatalogueModel | undefined {
    const known = this.#models.get(id);
    if (known !== undefined) return known;
    const index = this.#indexes.get(id);
    if (index === undefined) return undefined;
    const model = readAt(index);
    this.#models.set(id, model);
    return model;
  }

  *entries(): MapIterator<[string, CatalogueModel]> {
    for (const id of this.#indexes.keys()) yield [id, this.get(id) as CatalogueModel];
  }

  keys(): MapIterator<string> {
    return this.#indexes.keys();
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

/** Every model, by foundation-model id (`anthropic.claude-haiku-4-5-20251001-v1:0`). */
export const CATALOGUE: ReadonlyMap<string, CatalogueModel> = new LazyCatalogue();

/** Date (UTC, ISO) of each source that a price row names in `source` or `confirmedBy`. */
export const PRICE_SOURCES: ReadonlyMap<string, string> = sources;
