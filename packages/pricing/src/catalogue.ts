/**
 * The rows of the catalogue and nothing else: no arithmetic, so that an independent implementation (the local
 * Bedrock) can read the same facts without sharing our calculations.
 * @module
 */
import { FAMILIES, MODELS, SOURCE_DATES, SOURCES } from './catalogue.generated.js';
import { readModel } from './packed.js';
import type { CatalogueModel } from './types.js';

export type { CatalogueModel } from './types.js';

/** Looks like a `Map`, but reads a model's line when it is first asked for. */
class LazyCatalogue implements ReadonlyMap<string, CatalogueModel> {
  readonly #lines: ReadonlyMap<string, string>;
  readonly #models = new Map<string, CatalogueModel>();

  constructor(lines: ReadonlyMap<string, string>) {
    this.#lines = lines;
  }

  get size(): number {
    return this.#lines.size;
  }

  has(id: string): boolean {
    return this.#lines.has(id);
  }

  get(id: string): CatalogueModel | undefined {
    const known = this.#models.get(id);
    if (known !== undefined) return known;
    const line = this.#lines.get(id);
    if (line === undefined) return undefined;
    const model = readModel(line, FAMILIES, SOURCES);
    this.#models.set(id, model);
    return model;
  }

  *entries(): MapIterator<[string, CatalogueModel]> {
    for (const id of this.#lines.keys()) yield [id, this.get(id) as CatalogueModel];
  }

  keys(): MapIterator<string> {
    return this.#lines.keys();
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
export const CATALOGUE: ReadonlyMap<string, CatalogueModel> = new LazyCatalogue(
  new Map(MODELS.split('\n').map((line) => [line.slice(2, line.indexOf('"', 2)), line])),
);

/** Date (UTC, ISO) of each source that a price row names in `source` or `confirmedBy`. */
export const PRICE_SOURCES: ReadonlyMap<string, string> = new Map(
  SOURCES.map((source, index) => [source, SOURCE_DATES[index] ?? '']),
);
