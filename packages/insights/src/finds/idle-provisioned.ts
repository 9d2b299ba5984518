import { Money } from '@costkit/core';
import { sqlText } from '../database.js';
import type { Find, FindContext } from './find.js';

interface ProvisionedUsage {
  readonly calls: bigint;
  readonly input: bigint | null;
  readonly output: bigint | null;
  readonly cache_read: bigint | null;
}

/**
 * Provisioned throughput that costs more than its calls would on demand: the hours that the logs cover, less the
 * price of the same tokens. It needs to be told what the capacity costs, and which model is behind it.
 */
export async function idleProvisioned(context: FindContext): Promise<readonly Find[]> {
  const finds: Find[] = [];
  for (const [arn, usdPerHour] of Object.entries(context.provisionedUsdPerHour)) {
    const [usage] = await context.database.all<ProvisionedUsage>(
      `SELECT coalesce(sum(call_count), 0)::HUGEINT AS calls, sum(input)::HUGEINT AS input, sum(output)::HUGEINT AS output,
        sum(cache_read)::HUGEINT AS cache_read FROM priced WHERE model_id = ${sqlText(arn)}`,
    );
    const hours = BigInt(Math.max(1, Math.round(context.hours)));
    const paid = Money.fromUsd(usdPerHour).picoUsd * hours;
    const behind = context.pricing.resolve(arn)?.model.id;
    const rates = behind === undefined ? undefined : context.pricing.ratesOf(behind, {});
    const tokens = (usage?.input ?? 0n) + (usage?.output ?? 0n);
    // Without a price on demand only capacity that nobody called is known to be idle.
    if (tokens > 0n && (rates?.input === undefined || rates.output === undefined)) continue;
    const onDemand =
      (usage?.input ?? 0n) * BigInt(rates?.input ?? 0) +
      (usage?.output ?? 0n) * BigInt(rates?.output ?? 0) +
      (usage?.cache_read ?? 0n) * BigInt(rates?.cacheRead ?? rates?.input ?? 0);
    const savedPicoUsd = paid - onDemand;
    if (savedPicoUsd <= 0n) continue;
    finds.push({
      kind: 'idle-provisioned',
      variant: tokens === 0n ? 'idle' : 'dearer',
      parts: [
        {
          task: '*',
          modelId: arn,
          calls: Number(usage?.calls ?? 0),
          savedPicoUsd,
          daily: new Map(),
          evidence: [],
        },
      ],
      facts: {
        usdPerHour,
        hours: Number(hours),
        usedShare: paid === 0n ? 0 : Number((onDemand * 100n) / paid),
      },
    });
  }
  return finds;
}
