import { PRICE_SOURCES } from './models.js';
import { Money } from './money.js';
import type { CatalogueModel, Certainty, PriceRow, Rates, Scope, Tier } from './types.js';

const DAY_MS = 86_400_000;
/** A price list older than this is worth a warning: prices moved within weeks, both ways, in 2026. */
const STALE_AFTER_MS: number = 90 * DAY_MS;

/** The price that holds for one call, ready for arithmetic. */
export interface SelectedPrice {
  readonly model: CatalogueModel;
  readonly scope: Scope;
  readonly tier: Tier;
  readonly rates: Rates;
  /** Pico-dollars per unit that is not a token. */
  readonly units: Readonly<Record<string, number>>;
  /** Absent when the catalogue has no row. */
  readonly certainty?: Certainty;
  /** Milliseconds since the epoch from which on the price counts as old. */
  readonly staleFrom: number;
}

interface Bracket {
  /** Prompt tokens from which on the bracket holds. */
  readonly fromTokens: number;
  readonly periods: readonly { readonly from: number; readonly price: SelectedPrice }[];
}

/** The prices of one model, scope, Region and tier: highest bracket first, newest period first. */
interface Schedule {
  readonly brackets: readonly Bracket[];
  /** What is answered where no row holds. */
  readonly none: SelectedPrice;
}

function isPricedRegion(model: CatalogueModel, scope: Scope, region: string | undefined): boolean {
  if (region === undefined || scope === 'govcloud' || scope === 'global' || scope === 'custom') return true;
  if (region.startsWith('cn-')) return false;
  return model.pricedRegions === undefined || model.pricedRegions.includes(region);
}

function priceOfRow(model: CatalogueModel, scope: Scope, tier: Tier, row: PriceRow): SelectedPrice {
  const dates = [row.source, row.confirmedBy ?? ''].map((source) =>
    Date.parse(PRICE_SOURCES.get(source) ?? ''),
  );
  const units: Record<string, number> = {};
  for (const [unit, usd] of Object.entries(row.units ?? {})) units[unit] = Number(Money.fromUsd(usd).picoUsd);
  return {
    model,
    scope,
    tier,
    rates: row.rates,
    units,
    certainty: row.certainty,
    staleFrom: Math.max(...dates.filter((date) => !Number.isNaN(date))) + STALE_AFTER_MS,
  };
}

function buildSchedule(
  model: CatalogueModel,
  scope: Scope,
  region: string | undefined,
  tier: Tier,
): Schedule {
  const none: SelectedPrice = {
    model,
    scope,
    tier,
    rates: {},
    units: {},
    staleFrom: Number.POSITIVE_INFINITY,
  };
  if (!isPricedRegion(model, scope, region)) return { brackets: [], none };
  const rowsByThreshold = new Map<number, PriceRow[]>();
  for (const row of model.prices) {
    if (row.scope !== scope || row.tier !== tier || (row.region !== undefined && row.region !== region))
      continue;
    const fromTokens = row.aboveTokens === undefined ? 0 : row.aboveTokens + (row.inclusive === true ? 0 : 1);
    const rows = rowsByThreshold.get(fromTokens);
    if (rows === undefined) rowsByThreshold.set(fromTokens, [row]);
    else rows.push(row);
  }
  const brackets = [...rowsByThreshold].map(([fromTokens, rows]) => ({
    fromTokens,
    periods: rows
      .map((row) => ({
        from: row.effectiveFrom === undefined ? Number.NEGATIVE_INFINITY : Date.parse(row.effectiveFrom),
        isRegional: row.region !== undefined,
        price: priceOfRow(model, scope, tier, row),
      }))
      // A Region's own row wins over the row for all Regions, whatever their dates.
      .sort((one, other) => Number(other.isRegional) - Number(one.isRegional) || other.from - one.from),
  }));
  return { brackets: brackets.sort((one, other) => other.fromTokens - one.fromTokens), none };
}

/** By model, then Region, tier and scope: nested, because building a text key costs more than three look-ups. */
type Schedules = Map<string | undefined, Map<Tier, Map<Scope, Schedule>>>;

const SCHEDULES = new WeakMap<CatalogueModel, Schedules>();
/** Regions come from outside: a model never keeps schedules of more than this many. */
const MAX_REGIONS = 100;

function scheduleOf(model: CatalogueModel, scope: Scope, region: string | undefined, tier: Tier): Schedule {
  let byRegion = SCHEDULES.get(model);
  if (byRegion === undefined) {
    byRegion = new Map();
    SCHEDULES.set(model, byRegion);
  }
  let byTier = byRegion.get(region);
  if (byTier === undefined) {
    if (byRegion.size >= MAX_REGIONS) byRegion.clear();
    byTier = new Map();
    byRegion.set(region, byTier);
  }
  let byScope = byTier.get(tier);
  if (byScope === undefined) {
    byScope = new Map();
    byTier.set(tier, byScope);
  }
  let schedule = byScope.get(scope);
  if (schedule === undefined) {
    schedule = buildSchedule(model, scope, region, tier);
    byScope.set(scope, schedule);
  }
  return schedule;
}

/**
 * The published price of a call. Where the catalogue has none, the answer has no rates: nothing stands in for it,
 * neither another tier nor another Region nor a lower bracket.
 *
 * @param promptTokens - Input, cache reads and cache writes together: what long-context brackets count.
 * @param at - Milliseconds since the epoch; `undefined` takes the newest rows.
 */
export function selectPrice(
  model: CatalogueModel,
  scope: Scope,
  region: string | undefined,
  tier: Tier,
  promptTokens: number,
  at: number | undefined,
): SelectedPrice {
  const schedule = scheduleOf(model, scope, region, tier);
  for (const bracket of schedule.brackets) {
    if (promptTokens < bracket.fromTokens) continue;
    for (const period of bracket.periods) {
      if (at === undefined || period.from <= at) return period.price;
    }
    return schedule.none;
  }
  return schedule.none;
}
