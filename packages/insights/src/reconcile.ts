import { Money } from '@costkit/core';
import type { Scope, Tier, TokenKind } from '@costkit/pricing';
import type { Meter, ModelNames } from '@costkit/pricing/refresh';
import type { Database } from './database.js';
import type { Pricing } from './price-calls.js';
import { OF_LOGGED_ACCOUNTS } from './sources/logged-accounts.js';
import type { Analysis, ReconciliationRow } from './types.js';

interface BilledRow {
  readonly usage_type: string | null;
  readonly service: string | null;
  readonly region: string | null;
  readonly unit: string | null;
  readonly quantity: number | null;
  readonly pico_usd: bigint;
}

interface MeteredRow {
  readonly model_id: string;
  readonly region: string | null;
  readonly tier: string;
  readonly kind: TokenKind;
  readonly tokens: bigint;
  readonly pico_usd: bigint;
}

interface Sum {
  tokens: number;
  picoUsd: bigint;
}

/** Lines of a usage type that are about the same calls. */
interface BilledLine {
  readonly model: string | undefined;
  readonly usageType: string;
  readonly key: string;
  readonly picoUsd: bigint;
  readonly tokens: number | undefined;
}

const sumOf = (one: number | undefined, other: number | undefined): number | undefined =>
  one === undefined || other === undefined ? undefined : one + other;

/** What a bill tells apart. */
const keyOf = (model: string, counts: string, place: string, tier: string, region: string): string =>
  [model, counts, place, tier, region].join('|');

const placeOf = (scope: Scope): Meter['place'] =>
  scope === 'global' ? 'global' : scope === 'custom' ? 'custom' : 'regional';

/** Tokens of a quantity, by the unit of its price: `1K tokens`, `1M tokens`; Marketplace's `Units` are millions. */
export function tokensOf(quantity: number, unit: string, usageType: string): number | undefined {
  const [, number = '1', scale = ''] = /^([\d,]*)\s*([KM]?)\s*tokens?$/i.exec(unit.trim()) ?? [];
  if (/tokens?$/i.test(unit.trim())) {
    const factor = Number(number.replaceAll(',', '') || '1');
    return quantity * factor * ({ K: 1e3, M: 1e6 }[scale.toUpperCase()] ?? 1);
  }
  return /^units?$/i.test(unit.trim()) && /-MP:/.test(usageType) ? quantity * 1e6 : undefined;
}

const KINDS: readonly TokenKind[] = [
  'input',
  'output',
  'cacheRead',
  'cacheWrite5m',
  'cacheWrite1h',
  'cacheWrite30m',
];

/** Days that the other table covers, too; one without days says nothing about them. */
const within = (table: string): string =>
  `coalesce(day BETWEEN (SELECT min(day) FROM ${table}) AND (SELECT max(day) FROM ${table}), true)`;

const METERED = KINDS.map((kind) => {
  const column = kind.replace('cacheRead', 'cache_read').replace('cacheWrite', 'cache_write_');
  return `SELECT model_id, region, tier, '${kind}' AS kind, sum(${column})::HUGEINT AS tokens,
      sum(CASE WHEN ${column} > 0 THEN ${column}::HUGEINT * own_${column} ELSE 0 END)::HUGEINT AS pico_usd
      FROM rated WHERE ${column} > 0 AND cost IS NOT NULL AND ${within('bill')}
      GROUP BY ALL`;
}).join(' UNION ALL ');

async function meteredSums(database: Database, pricing: Pricing): Promise<Map<string, Sum>> {
  const sums = new Map<string, Sum>();
  for (const { model_id, region, tier, kind, tokens, pico_usd } of await database.all<MeteredRow>(METERED)) {
    const resolved = pricing.resolve(model_id);
    if (resolved === undefined) continue;
    const key = keyOf(resolved.model.id, kind, placeOf(resolved.scope), tier, region ?? '');
    const sum = sums.get(key) ?? { tokens: 0, picoUsd: 0n };
    sum.tokens += Number(tokens);
    sum.picoUsd += pico_usd;
    sums.set(key, sum);
  }
  return sums;
}

function keyOfLine(row: BilledRow, meter: Meter, model: string, region: string): string {
  const counts = meter.counts === 'cacheWrite' ? `cacheWrite${meter.ttl ?? '5m'}` : meter.counts;
  const tier: Tier = meter.tier;
  return keyOf(model, counts, meter.place, tier, row.region || region);
}

/** The model that a line of a bill is about: Marketplace names it in its service, Bedrock in its usage type. */
function modelOf({ service }: BilledRow, meter: Meter, names: ModelNames): string | undefined {
  for (const name of [meter.model, service]) {
    const id = name === undefined || name === null ? undefined : names.find(name);
    if (id !== undefined && id !== 'retired') return id;
  }
  return undefined;
}

const BILLED = `SELECT usage_type, service, region, unit, sum(quantity) AS quantity,
  (sum(cost) * 1000000000000)::HUGEINT AS pico_usd FROM bill
  WHERE ${within('priced')} AND ${OF_LOGGED_ACCOUNTS}
  GROUP BY ALL ORDER BY pico_usd DESC, usage_type`;

/** Services whose lines belong to what an application with models costs. */
const SUPPORTING = /bedrock|opensearch|s3|simple storage|cloudwatch|aurora|rds|kendra|lambda/i;

/**
 * Compares the bill with what the logged calls cost, for the days and accounts that both cover, per model and usage type;
 * and sums what is billed beside the models.
 */
export async function reconcile(
  database: Database,
  pricing: Pricing,
): Promise<Required<Pick<Analysis, 'reconciliation' | 'supportingServices'>>> {
  const { modelNames, readUsageType, regionOfCode } = await import('@costkit/pricing/refresh');
  const names = modelNames();
  const metered = await meteredSums(database, pricing);
  const billedLines = new Map<string, BilledLine>();
  const beside = new Map<string, bigint>();
  for (const row of await database.all<BilledRow>(BILLED)) {
    const usageType = row.usage_type ?? '';
    const meter = readUsageType(usageType);
    if (meter === undefined) {
      const service = row.service ?? usageType;
      if (SUPPORTING.test(`${service} ${usageType}`))
        beside.set(service, (beside.get(service) ?? 0n) + row.pico_usd);
      continue;
    }
    const model = modelOf(row, meter, names);
    const region = meter.regionCode === undefined ? '' : (regionOfCode(meter.regionCode) ?? '');
    const key = model === undefined ? '' : keyOfLine(row, meter, model, region);
    const tokens = row.quantity === null ? undefined : tokensOf(row.quantity, row.unit ?? '', usageType);
    // Some lines of a usage type name the Region, others leave it to the code in front: both are compared as one.
    const name = model === undefined ? `${usageType}|${billedLines.size}` : `${usageType}|${key}`;
    const same = billedLines.get(name);
    billedLines.set(name, {
      model,
      usageType,
      key,
      picoUsd: row.pico_usd + (same?.picoUsd ?? 0n),
      tokens: same === undefined ? tokens : sumOf(same.tokens, tokens),
    });
  }
  const rows = [...billedLines.values()].map(
    ({ model, usageType, key, picoUsd, tokens }): ReconciliationRow => {
      const sum = metered.get(key);
      metered.delete(key);
      const [billed, own] = [
        Money.fromPicoUsd(picoUsd),
        sum === undefined ? undefined : Money.fromPicoUsd(sum.picoUsd),
      ];
      return {
        ...(model === undefined ? {} : { model }),
        usageType,
        billed,
        metered: own,
        billedTokens: tokens,
        meteredTokens: sum?.tokens,
        difference:
          own === undefined || billed.picoUsd === 0n ? undefined : own.minus(billed).usd / billed.usd,
      };
    },
  );
  for (const [key, sum] of metered) {
    const [model = '', counts = '', place = '', tier = ''] = key.split('|');
    rows.push({
      model,
      usageType: `* ${counts} ${place} ${tier}`,
      billed: Money.zero,
      metered: Money.fromPicoUsd(sum.picoUsd),
      billedTokens: undefined,
      meteredTokens: sum.tokens,
      difference: undefined,
    });
  }
  return {
    reconciliation: rows,
    supportingServices: [...beside]
      .map(([service, picoUsd]) => ({ service, cost: Money.fromPicoUsd(picoUsd) }))
      .sort((one, other) => other.cost.compare(one.cost) || one.service.localeCompare(other.service)),
  };
}
