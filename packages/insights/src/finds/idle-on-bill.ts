import { Money } from '@costkit/core';
import { OF_LOGGED_ACCOUNTS } from '../sources/logged-accounts.js';
import type { Find, FindContext } from './find.js';

interface BilledCapacity {
  readonly usage_type: string;
  readonly region: string | null;
  readonly days: bigint;
  readonly pico_usd: bigint;
}

interface UsedCapacity {
  readonly region: string | null;
  readonly calls: bigint;
  readonly unpriced: bigint;
  readonly pico_usd: bigint;
}

/** Days that logs and bill both cover. */
const DAYS = `SELECT date_diff('day', min(day), max(day)) + 1 AS days FROM bill
  WHERE day BETWEEN (SELECT min(day) FROM priced) AND (SELECT max(day) FROM priced)`;

/** Model units by the hour, of days that the logs cover; the reserved tier is no provisioned model. */
const BILLED = `SELECT usage_type, any_value(region) AS region, count(DISTINCT day) AS days,
    (sum(cost) * 1000000000000)::HUGEINT AS pico_usd
  FROM bill WHERE regexp_matches(usage_type, '(?i)provisioned|model-?units?') AND ${OF_LOGGED_ACCOUNTS}
    AND day BETWEEN (SELECT min(day) FROM priced) AND (SELECT max(day) FROM priced)
  GROUP BY usage_type HAVING sum(cost) > 0 ORDER BY usage_type`;

/** Regions from which there are calls at all on days of the bill, and what those on provisioned models would cost on demand. */
const USED = `SELECT region, coalesce(sum(call_count) FILTER (is_provisioned), 0)::HUGEINT AS calls,
    count(*) FILTER (is_provisioned AND cost_demand IS NULL) AS unpriced,
    coalesce(sum(cost_demand) FILTER (is_provisioned), 0)::HUGEINT AS pico_usd
  FROM (SELECT *, contains(model_id, ':provisioned-model/') AS is_provisioned FROM rated
    WHERE day BETWEEN (SELECT min(day) FROM bill) AND (SELECT max(day) FROM bill)) GROUP BY region`;

/**
 * Provisioned throughput that is on the bill and that no call uses, or whose calls would cost less on demand. The
 * usage type of a bill names no provisioned model, so all of a Region's are held against all of its calls. Regions
 * without a call in the logs say nothing, and neither do calls whose price on demand is unknown.
 */
export async function idleOnBill({
  database,
  provisionedUsdPerHour,
  days,
}: FindContext): Promise<readonly Find[]> {
  const tables = await database.all("SELECT 1 FROM information_schema.tables WHERE table_name = 'bill'");
  // What an hour costs was said, so that each provisioned model is looked at by itself.
  if (tables.length === 0 || Object.keys(provisionedUsdPerHour).length > 0) return [];
  const { regionOfCode } = await import('@costkit/pricing/refresh');
  const billed = await database.all<BilledCapacity>(BILLED);
  const used = new Map((await database.all<UsedCapacity>(USED)).map((row) => [row.region, row]));
  const [span] = await database.all<{ readonly days: bigint | null }>(DAYS);
  // Savings count by the days of the logs, of which the bill may have a part.
  const inLogs = (picoUsd: bigint): bigint =>
    (picoUsd * BigInt(Math.round(days * 10_000))) / ((span?.days ?? 1n) * 10_000n);
  const byRegion = new Map<string, BilledCapacity[]>();
  for (const row of billed) {
    const region = row.region ?? regionOfCode(row.usage_type.split('-')[0] ?? '') ?? '';
    byRegion.set(region, [...(byRegion.get(region) ?? []), row]);
  }
  return [...byRegion].flatMap(([region, rows]): readonly Find[] => {
    const use = used.get(region);
    if (use === undefined || use.unpriced > 0n) return [];
    const paid = rows.reduce((sum, { pico_usd }) => sum + pico_usd, 0n);
    const savedPicoUsd = inLogs(paid - use.pico_usd);
    if (savedPicoUsd <= 0n) return [];
    const hours = 24 * Math.max(...rows.map(({ days }) => Number(days)));
    return [
      {
        kind: 'idle-provisioned',
        variant: use.calls === 0n ? 'idle' : 'dearer',
        parts: [
          {
            task: '*',
            modelId: rows.map(({ usage_type }) => usage_type).join(', '),
            calls: Number(use.calls),
            savedPicoUsd,
            daily: new Map(),
            evidence: [],
          },
        ],
        facts: {
          usdPerHour: Money.fromPicoUsd(paid / BigInt(hours)).usd.toFixed(2),
          hours,
          usedShare: Number((use.pico_usd * 100n) / paid),
          region,
        },
      },
    ];
  });
}
