import { FAMILIES, IDS, PRICES, SOURCES, TRAITS } from './catalogue.generated.js';
import { readModel } from './packed-model.js';
import type { CatalogueModel } from './types.js';

const lines = (column: string): readonly string[] => column.split('\n');

/** Date (UTC, ISO) of each source that a price row names in `source` or `confirmedBy`. */
export const PRICE_SOURCES: ReadonlyMap<string, string> = new Map(
  lines(SOURCES).map((line) => line.split(' ') as [string, string]),
);

const sources = [...PRICE_SOURCES.keys()];

/** The line of each model in the generated columns. */
export const MODEL_INDEXES: ReadonlyMap<string, number> = new Map(lines(IDS).map((id, index) => [id, index]));

interface Columns {
  readonly prices: readonly string[];
  readonly traits: readonly string[];
  readonly families: readonly string[];
}

// Read with the first model: an import should cost nothing that it does not need.
let columns: Columns | undefined;
const models = new Map<string, CatalogueModel>();

/** A model without its name, by foundation-model id; read when it is first asked for. */
export function modelOf(id: string): CatalogueModel | undefined {
  const known = models.get(id);
  const index = MODEL_INDEXES.get(id);
  if (known !== undefined || index === undefined) return known;
  columns ??= { prices: lines(PRICES), traits: lines(TRAITS), families: lines(FAMILIES) };
  const { prices, traits, families } = columns;
  const [family = '', own = ''] = (traits[index] ?? '').split(/ (.*)/s);
  const model = readModel(id, `${families[Number(family)] ?? ''} ${own}`, prices[index] ?? '', sources);
  models.set(id, model);
  return model;
}
