import type { CatalogueModel, PriceRow, Rates, ResolvedModel, Scope, Tier } from './types.js';

/** The rates and unit prices that hold for one call. */
export interface SelectedPrice {
  readonly rates: Rates;
  /** Dollars per unit, as decimal text. */
  readonly units: Readonly<Record<string, string>>;
  /** Sources of the rows used. */
  readonly sources: readonly string[];
}

interface Bracket {
  readonly aboveTokens: number;
  readonly inclusive: boolean;
  /** Newest first. */
  readonly periods: readonly { readonly from: number; readonly price: SelectedPrice }[];
}

/** Brackets of one model, scope, Region and tier: highest first. */
type Schedule = readonly Bracket[];

const SCHEDULES = new WeakMap<CatalogueModel, Map<string, Schedule>>();

function buildSchedule(
  model: CatalogueModel,
  scope: Scope,
  region: string | undefined,
  tier: Tier,
): Schedule {
  const brackets = new Map<string, PriceRow[]>();
  for (const row of model.prices) {
    if (row.scope !== scope || row.tier !== tier) continue;
    if (row.region !== undefined && row.region !== region) continue;
    const key = `${row.aboveTokens ?? -1} ${row.inclusive === true}`;
    const rows = brackets.get(key);
    if (rows === undefined) brackets.set(key, [row]);
    else rows.push(row);
  }
  return [...brackets.values()]
    .map((rows) => ({
      aboveTokens: rows[0]?.aboveTokens ?? -1,
      inclusive: rows[0]?.inclusive === true,
      periods: periodsOf(rows),
    }))
    .sort((one, other) => other.aboveTokens - one.aboveTokens);
}

/** A Region's own row wins over the row for all Regions of the same or an earlier day. */
function periodsOf(rows: readonly PriceRow[]): Bracket['periods'] {
  return rows
    .map((row) => ({
      from: row.effectiveFrom === undefined ? Number.NEGATIVE_INFINITY : Date.parse(row.effectiveFrom),
      regional: row.region === undefined ? 0 : 1,
      price: { rates: row.rates, units: row.units ?? {}, sources: [row.source] },
    }))
    .sort((one, other) => other.regional - one.regional || other.from - one.from);
}

/** What {@link selectPrice} needs to know of a call. */
export interface PriceKey {
  readonly resolved: ResolvedModel;
  readonly region: string | undefined;
  readonly tier: Tier;
  /** Input, cache reads and cache writes together: what long-context brackets count. */
  readonly promptTokens: number;
  /** Milliseconds since the epoch; `undefined` takes the newest rows. */
  readonly at: number | undefined;
}

/** The published price of a call, or `undefined` when the catalogue has no row for it. */
export function selectPrice({
  resolved,
  region,
  tier,
  promptTokens,
  at,
}: PriceKey): SelectedPrice | undefined {
  const scope =
    resolved.scope === 'inRegion' && region?.startsWith('us-gov-') === true ? 'govcloud' : resolved.scope;
  let schedules = SCHEDULES.get(resolved.model);
  if (schedules === undefined) {
    schedules = new Map();
    SCHEDULES.set(resolved.model, schedules);
  }
  const key = `${scope} ${tier} ${region ?? ''}`;
  let schedule = schedules.get(key);
  if (schedule === undefined) {
    schedule = buildSchedule(resolved.model, scope, region, tier);
    schedules.set(key, schedule);
  }
  for (const bracket of schedule) {
    if (bracket.inclusive ? promptTokens < bracket.aboveTokens : promptTokens <= bracket.aboveTokens)
      continue;
    for (const period of bracket.periods) {
      if (at === undefined || period.from <= at) return period.price;
    }
  }
  return undefined;
}
