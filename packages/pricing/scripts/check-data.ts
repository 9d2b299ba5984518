/**
 * The rules that every price row keeps. Each has caught a real error in some public price table; a row that breaks
 * one and is right all the same needs a line with the reason in `data/exceptions.json`.
 * @module
 */
import { certaintyOf } from '../src/packed-letters.js';
import { ratesByRegion } from './pack.js';
import type { ExceptionsFile, ModelEntry, PriceEntry, ProviderFile, SourcesFile } from './provider-file.js';

/** One broken rule. */
export interface Finding {
  readonly model: string;
  readonly check: string;
  /** Scope, Region and tier of the row. */
  readonly where: string;
  readonly problem: string;
}

/** One row of one scope and Region, as the checks see it. */
interface FlatRow {
  readonly entry: PriceEntry;
  readonly scope: string;
  readonly region: string | undefined;
  readonly where: string;
  readonly rates: Readonly<Record<string, string>>;
}

type Report = (check: string, where: string, problem: string) => void;

const MULTIPLES: readonly [check: string, kind: string, of: string, factor: number][] = [
  ['cacheWrite5m is 1.25 x input', 'cacheWrite5m', 'input', 1.25],
  ['cacheWrite1h is 2 x input', 'cacheWrite1h', 'input', 2],
  ['cacheWrite30m is 1.25 x input', 'cacheWrite30m', 'input', 1.25],
];

const TIER_FACTORS: Readonly<Record<string, number>> = { batch: 0.5, flex: 0.5, priority: 1.75 };

/** Dollars per million tokens: outside of these a rate is a slip of the unit (per 1K instead of 1M, cents, …). */
const PLAUSIBLE: Readonly<Record<string, readonly [low: number, high: number]>> = {
  input: [0.01, 50],
  output: [0.015, 150],
  cacheRead: [0.005, 10],
  cacheWrite5m: [0.02, 100],
  cacheWrite1h: [0.02, 100],
  cacheWrite30m: [0.02, 100],
};

const THRESHOLDS = [100_000, 200_000, 272_000];

function flatRows(model: ModelEntry): FlatRow[] {
  return model.prices.flatMap((entry) =>
    ratesByRegion(entry).flatMap(([region, rates]) =>
      entry.scopes.map((scope) => ({
        entry,
        scope,
        region,
        rates,
        where: [
          scope,
          region,
          entry.tier,
          entry.aboveTokens,
          entry.effectiveFrom === 'launch' ? undefined : entry.effectiveFrom,
        ]
          .filter((part) => part !== undefined)
          .join(' '),
      })),
    ),
  );
}

function ratio(numerator: string | undefined, denominator: string | undefined): number | undefined {
  const divisor = Number(denominator);
  return numerator === undefined || denominator === undefined || divisor === 0
    ? undefined
    : Number(numerator) / divisor;
}

const isClose = (one: number, other: number): boolean => Math.abs(one - other) < 1e-9;

function checkMultiples(row: FlatRow, report: Report): void {
  for (const [check, kind, of, factor] of MULTIPLES) {
    const found = ratio(row.rates[kind], row.rates[of]);
    if (found !== undefined && !isClose(found, factor)) report(check, row.where, `is ${found} x`);
  }
  const readShare = ratio(row.rates['cacheRead'], row.rates['input']);
  if (readShare !== undefined && readShare > 0.25)
    report('cacheRead is at most 0.25 x input', row.where, `is ${readShare} x`);
}

function checkTier(row: FlatRow, rows: readonly FlatRow[], report: Report): void {
  const factor = TIER_FACTORS[row.entry.tier];
  const standard = rows.find(
    ({ entry, scope, region }) =>
      scope === row.scope &&
      region === row.region &&
      entry.tier === 'standard' &&
      entry.aboveTokens === undefined &&
      entry.effectiveFrom === row.entry.effectiveFrom,
  );
  if (factor === undefined || standard === undefined) return;
  for (const kind of ['input', 'output', 'cacheRead'] as const) {
    const found = ratio(row.rates[kind], standard.rates[kind]);
    if (found !== undefined && !isClose(found, factor)) {
      report(`${row.entry.tier} is ${factor} x standard`, row.where, `${kind} is ${found.toFixed(3)} x`);
      return;
    }
  }
}

function checkScope(row: FlatRow, rows: readonly FlatRow[], report: Report): void {
  if (row.region !== undefined || row.scope === 'global' || row.scope === 'custom') return;
  const global = rows.find(
    ({ entry, scope }) =>
      scope === 'global' &&
      entry.tier === row.entry.tier &&
      entry.aboveTokens === row.entry.aboveTokens &&
      entry.effectiveFrom === row.entry.effectiveFrom,
  );
  if (global === undefined) return;
  const allowed = row.scope === 'govcloud' ? [1.2] : [1, 1.1];
  for (const kind of Object.keys(row.rates)) {
    const found = ratio(row.rates[kind], global.rates[kind]);
    if (found !== undefined && !allowed.some((factor) => isClose(found, factor))) {
      report(
        'geo and in-region are 1 or 1.1 x global, GovCloud 1.2 x',
        row.where,
        `${kind} is ${found.toFixed(4)} x`,
      );
      return;
    }
  }
}

function checkRegion(row: FlatRow, rows: readonly FlatRow[], report: Report): void {
  if (row.region === undefined) return;
  const base = rows.find(
    ({ entry, scope, region }) =>
      scope === row.scope &&
      region === undefined &&
      entry.tier === row.entry.tier &&
      entry.effectiveFrom === 'launch',
  );
  const found = ratio(row.rates['input'], base?.rates['input']);
  if (found !== undefined && (found < 0.8 || found > 2)) {
    report('a Region is 0.8 to 2 x the base Region', row.where, `input is ${found.toFixed(3)} x`);
  }
}

function checkMagnitude(row: FlatRow, report: Report): void {
  for (const [kind, usd] of Object.entries(row.rates)) {
    const [low, high] = PLAUSIBLE[kind] ?? [Number.NaN, Number.NaN];
    if (!/^\d+(\.\d{1,6})?$/.test(usd))
      report('rates are decimal text with at most 6 decimals', row.where, `${kind} "${usd}"`);
    else if (Number(usd) !== 0 && !(Number(usd) >= low && Number(usd) <= high)) {
      report('rates are plausible', row.where, `${kind} ${usd} is outside of ${low} to ${high}`);
    }
  }
  const { input, output } = row.rates;
  if (Number(output) < Number(input)) report('output is at least input', row.where, `${output} < ${input}`);
  for (const [unit, usd] of Object.entries(row.entry.usdPerUnit ?? {})) {
    if (!/^\d+(\.\d{1,12})?$/.test(usd) || Number(usd) > 5)
      report('units are plausible', row.where, `${unit} "${usd}"`);
  }
}

function checkBracket(row: FlatRow, rows: readonly FlatRow[], report: Report): void {
  const { aboveTokens } = row.entry;
  if (aboveTokens === undefined) return;
  if (!THRESHOLDS.includes(aboveTokens)) report('thresholds are known ones', row.where, String(aboveTokens));
  const below = rows.find(
    ({ entry, scope, region }) =>
      scope === row.scope &&
      region === row.region &&
      entry.tier === row.entry.tier &&
      entry.aboveTokens === undefined,
  );
  const factors = ['input', 'cacheRead', 'cacheWrite5m', 'cacheWrite1h', 'cacheWrite30m']
    .map((kind) => ratio(row.rates[kind], below?.rates[kind]))
    .filter((found) => found !== undefined);
  if (factors.length === 0 || factors.some((factor) => factor < 2 || !isClose(factor, factors[0] ?? 0))) {
    report('a bracket multiplies every prompt rate alike, at least by 2', row.where, factors.join(' '));
  }
}

function checkCapabilities(
  model: ModelEntry,
  provider: ProviderFile,
  rows: readonly FlatRow[],
  report: Report,
): void {
  const shared = provider.families[model.family]?.capabilities;
  if (shared === undefined) return;
  const capabilities = { ...shared, ...model.capabilities };
  const standard = rows.filter(
    ({ entry, region, rates }) => entry.tier === 'standard' && region === undefined && 'input' in rates,
  );
  const has = (tier: string): boolean => rows.some(({ entry }) => entry.tier === tier);
  // A third party's row does not prove that the service takes the tier.
  const isListed = (tier: string): boolean =>
    rows.some(({ entry }) => entry.tier === tier && entry.certainty === 'documented');
  if (capabilities.batch && !has('batch')) report('a model with batch has a batch price', 'batch', 'none');
  if (!capabilities.batch && has('batch'))
    report('a batch price says that the model has batch', 'batch', 'capability is off');
  for (const tier of ['flex', 'priority', 'latencyOptimized'] as const) {
    const offered = capabilities.tiers?.includes(tier) === true;
    if (offered && !has(tier)) report('a tier that the model takes has a price', tier, 'none');
    if (!offered && isListed(tier))
      report('a listed tier is one that the model takes', tier, 'capability is off');
  }
  for (const { scope, rates, where } of standard) {
    if (scope === 'custom') continue;
    const cache = capabilities.cache ?? undefined;
    if (cache === undefined && 'cacheRead' in rates)
      report('cache prices say that the model caches', where, 'no cache rules');
    if (cache === undefined) continue;
    const kinds = ['cacheRead', ...cache.ttls.map((ttl) => `cacheWrite${ttl}`)];
    const missing = kinds.filter((kind) => !(kind in rates));
    if (missing.length > 0) report('a model that caches has cache prices', where, missing.join(' '));
  }
  for (const profile of model.profiles) {
    const scope = profile === 'global' ? 'global' : profile === 'us-gov' ? 'govcloud' : `geo:${profile}`;
    if (!rows.some((row) => row.scope === scope)) report('every profile has a price', scope, 'none');
  }
  for (const { scope, where } of standard) {
    if (scope.startsWith('geo:') && !model.profiles.includes(scope.slice(4)))
      report('every geo price has a profile', where, '');
  }
}

function checkForm(model: ModelEntry, rows: readonly FlatRow[], sources: SourcesFile, report: Report): void {
  const seen = new Set<string>();
  for (const { entry, scope, region, where, rates } of rows) {
    const key = [scope, region, entry.tier, entry.aboveTokens, entry.effectiveFrom].join(' ');
    if (seen.has(key)) report('one row per scope, Region, tier, bracket and date', where, 'twice');
    seen.add(key);
    if (entry.effectiveFrom !== 'launch' && Number.isNaN(Date.parse(entry.effectiveFrom)))
      report('dates are ISO dates', where, '');
    if (!(entry.source in sources)) report('sources are listed', where, entry.source);
    if (certaintyOf(entry.source) !== entry.certainty && entry.certainty !== 'assumed') {
      report('certainty follows from the source, or is assumed', where, `${entry.source} ${entry.certainty}`);
    }
    const empty = Object.keys(rates).length === 0 && entry.usdPerUnit === undefined;
    if (empty !== (entry.unknownBecause !== undefined)) report('empty rates have a reason', where, '');
  }
  if (!/^[a-z0-9]+\.[a-z0-9.:-]+$/.test(model.id)) report('ids look like ids', model.id, '');
}

/** Every broken rule of every file. */
export function checkData(providers: readonly ProviderFile[], sources: SourcesFile): Finding[] {
  const findings: Finding[] = [];
  const ids = new Set<string>();
  for (const provider of providers) {
    for (const model of provider.models) {
      const report: Report = (check, where, problem) =>
        findings.push({ model: model.id, check, where, problem });
      const rows = flatRows(model);
      if (ids.has(model.id)) report('ids are unique', model.id, 'twice');
      ids.add(model.id);
      for (const row of rows) {
        checkMultiples(row, report);
        checkTier(row, rows, report);
        checkScope(row, rows, report);
        checkRegion(row, rows, report);
        checkMagnitude(row, report);
        checkBracket(row, rows, report);
      }
      checkCapabilities(model, provider, rows, report);
      checkForm(model, rows, sources, report);
    }
  }
  return findings;
}

/** Findings without an exception, and exceptions without a finding; both are empty when the data are right. */
export function unexplained(
  findings: readonly Finding[],
  exceptions: ExceptionsFile,
): { readonly findings: readonly Finding[]; readonly stale: ExceptionsFile } {
  const covers = (exception: ExceptionsFile[number], finding: Finding): boolean =>
    exception.model === finding.model &&
    exception.check === finding.check &&
    finding.where.startsWith(exception.where);
  return {
    findings: findings.filter((finding) => !exceptions.some((exception) => covers(exception, finding))),
    stale: exceptions.filter((exception) => !findings.some((finding) => covers(exception, finding))),
  };
}
