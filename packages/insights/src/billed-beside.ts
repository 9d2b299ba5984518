import { Money } from '@costkit/core';
import type { Database } from './database.js';
import { perMonth } from './months.js';

/** What a bill says beside what models cost. */
export interface BilledBeside {
  /** Usage of everything that is no model, a month. `undefined`: no bill. */
  readonly perMonth: Money | undefined;
  /** What credits have paid, a month. `undefined`: no bill. */
  readonly creditsPerMonth: Money | undefined;
}

interface BilledSum {
  readonly usage_type: string | null;
  readonly pico_usd: bigint;
}

interface BilledDays {
  readonly days: bigint | null;
  readonly credits: bigint | null;
}

const DAYS = `SELECT date_diff('day', min(day), max(day)) + 1 AS days,
    (SELECT (-sum(cost) * 1000000000000)::HUGEINT FROM bill_credits) AS credits
  FROM (SELECT day FROM bill UNION ALL SELECT day FROM bill_credits)`;

/** What the bill has beside models, of all its days; without days nothing can be said of a month. */
export async function billedBeside(database: Database): Promise<BilledBeside> {
  const tables = await database.all("SELECT 1 FROM information_schema.tables WHERE table_name = 'bill'");
  const [row] = tables.length === 0 ? [] : await database.all<BilledDays>(DAYS);
  if (row === undefined || row.days === null) return { perMonth: undefined, creditsPerMonth: undefined };
  const days = Number(row.days);
  const { readUsageType } = await import('@costkit/pricing/refresh');
  const sums = await database.all<BilledSum>(
    'SELECT usage_type, (sum(cost) * 1000000000000)::HUGEINT AS pico_usd FROM bill GROUP BY usage_type',
  );
  const beside = sums.filter(({ usage_type }) => readUsageType(usage_type ?? '') === undefined);
  const total = beside.reduce((sum, { pico_usd }) => sum + pico_usd, 0n);
  return {
    perMonth: total > 0n ? perMonth(total, days) : Money.zero,
    creditsPerMonth: perMonth(row.credits ?? 0n, days),
  };
}
