import { GEOGRAPHIES } from '../geographies.js';
import type { CatalogueModel, Scope } from '../types.js';
import type { ListedRow } from './collect-listing.js';

/**
 * The scopes that a listed price holds for. A regional price is the price of the source Region: of the bare id, and of
 * each geographic profile of the model that can be called from there.
 */
export function scopesOf({ model, place, region }: ListedRow): readonly Scope[] {
  if (place !== 'regional') return [place];
  if (region?.startsWith('us-gov-') === true) return ['govcloud'];
  return ['inRegion', ...model.profiles.filter((prefix) => isSource(prefix, region)).map(scopeOf)];
}

const scopeOf = (prefix: string): Scope => `geo:${prefix}`;

function isSource(prefix: string, region: string | undefined): boolean {
  if (prefix === 'global' || prefix === 'us-gov') return false;
  if (region === undefined) return true;
  // Canada is a destination of `us.`; calls from there go through `ca.`, at its own price.
  if (prefix === 'us') return /^us-(?!gov-)/.test(region);
  return GEOGRAPHIES.some(([name, regions]) => name === prefix && regions.test(region));
}

/** The bracket of a listed long-context price: where it begins is known of the model, not of the list. */
export function bracketOf(
  model: CatalogueModel,
  longContext: boolean,
): { readonly aboveTokens?: number; readonly inclusive?: true } {
  const row = longContext ? model.prices.find(({ aboveTokens }) => aboveTokens !== undefined) : undefined;
  if (row?.aboveTokens === undefined) return {};
  return { aboveTokens: row.aboveTokens, ...(row.inclusive === true ? { inclusive: true } : {}) };
}
