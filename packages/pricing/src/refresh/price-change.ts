import type { PriceRow, Scope, TokenKind } from '../types.js';
import type { KnownRates } from './price-kinds.js';

/**
 * One kind of token in a {@link PriceChange}, in dollars per million tokens; or a unit that is no token, in dollars each.
 */
export interface RateChange {
  /** The kind of token, or the catalogue's name of the unit, e.g. `image`. */
  readonly kind: TokenKind | (string & {});
  /** Absent: was not known. */
  readonly before?: string;
  /** Absent: is no longer known. */
  readonly after?: string;
  /** By how many percent it moved; absent where one of the two is not known or zero. */
  readonly percent?: number;
}

/** One difference between what is known and what is listed. */
export interface PriceChange {
  /** `ended`: AWS has listed the price, and lists it no longer. */
  readonly change: 'added' | 'changed' | 'ended';
  /** Id of the model. */
  readonly model: string;
  /** Where a call may be served for the price to hold. */
  readonly scopes: readonly Scope[];
  /** Source Regions; empty: every Region that has no price of its own. */
  readonly regions: readonly string[];
  /** The tier it is the price of. */
  readonly tier: PriceRow['tier'];
  /** Set when it holds for prompts of more tokens than this only. */
  readonly aboveTokens?: number;
  /** Kind by kind; kinds that stay as they are included. */
  readonly rates: readonly RateChange[];
  /** First day (UTC, ISO) on which the new price holds. */
  readonly effectiveFrom: string;
  /** Where it was read: the kind of source and the day of publication. */
  readonly source: string;
  /** Why a person should look at it; such a change is taken only when it is accepted. */
  readonly doubts: readonly string[];
  /** Whether it stands in the overlay. */
  readonly isTaken: boolean;
}

/** A difference of one scope and Region, before equal ones are put together. */
export interface SingleChange {
  readonly change: PriceChange['change'];
  readonly scope: Scope;
  readonly region?: string;
  readonly tier: PriceRow['tier'];
  readonly aboveTokens?: number;
  readonly inclusive?: true;
  readonly before: KnownRates;
  readonly after: KnownRates;
  /** Kinds of `after` that no source lists. */
  readonly assumed: readonly TokenKind[];
  readonly effectiveFrom: string;
  readonly source: string;
  readonly doubts: readonly string[];
}

/** Equal differences, for several scopes and Regions at once. */
export interface ChangeGroup extends Omit<SingleChange, 'scope' | 'region'> {
  readonly scopes: readonly Scope[];
  readonly regions: readonly string[];
}

/** Puts equal changes together, as a person would write them: first Regions of one scope, then scopes. */
export function groupChanges(changes: readonly SingleChange[]): ChangeGroup[] {
  const byScope = new Map<string, { change: SingleChange; regions: string[] }>();
  for (const change of changes) {
    const { region, ...rest } = change;
    const key = JSON.stringify([region === undefined, rest]);
    const group = byScope.get(key) ?? { change, regions: [] };
    if (region !== undefined) group.regions.push(region);
    byScope.set(key, group);
  }
  const groups = new Map<string, { change: SingleChange; regions: string[]; scopes: Scope[] }>();
  for (const { change, regions } of byScope.values()) {
    const { region: _, scope, ...rest } = change;
    const key = JSON.stringify([regions.sort(), rest]);
    const group = groups.get(key) ?? { change, regions, scopes: [] };
    group.scopes.push(scope);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ change: { scope: _, region: __, ...rest }, regions, scopes }) => ({
    ...rest,
    scopes,
    regions,
  }));
}
