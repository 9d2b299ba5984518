import { Money } from '@costkit/core';
import { sqlText } from './database.js';
import type { FindContext } from './finds/find.js';

/** What provisioned throughput cost in the hours that the logs cover, and its calls would have cost on demand. */
export interface ProvisionedSums {
  readonly modelId: string;
  readonly usdPerHour: string;
  readonly hours: bigint;
  readonly paidPicoUsd: bigint;
  readonly calls: number;
  /** `undefined`: there are calls whose price on demand is unknown. */
  readonly onDemandPicoUsd: bigint | undefined;
}

interface Usage {
  readonly calls: bigint;
  readonly input: bigint | null;
  readonly output: bigint | null;
  readonly cache_read: bigint | null;
}

/** A provisioned model is called in the Region of its ARN, at the prices of the last day. */
function whereOf(arn: string, { lastDay }: FindContext): { readonly region?: string; readonly at: Date } {
  const [, , , region = ''] = arn.split(':');
  return { at: new Date(`${lastDay}T00:00:00Z`), ...(region === '' ? {} : { region }) };
}

/** Sums of each provisioned model of which it was said what it costs. */
export async function provisionedSums(context: FindContext): Promise<readonly ProvisionedSums[]> {
  const sums: ProvisionedSums[] = [];
  for (const [modelId, usdPerHour] of Object.entries(context.provisionedUsdPerHour)) {
    const [usage] = await context.database.all<Usage>(
      `SELECT coalesce(sum(call_count), 0)::HUGEINT AS calls, sum(input)::HUGEINT AS input, sum(output)::HUGEINT AS output,
        sum(cache_read)::HUGEINT AS cache_read FROM priced WHERE model_id = ${sqlText(modelId)}`,
    );
    const hours = BigInt(Math.max(1, Math.round(context.hours)));
    const behind = context.pricing.resolve(modelId)?.model.id;
    const rates =
      behind === undefined ? undefined : context.pricing.ratesOf(behind, whereOf(modelId, context));
    const [input, output, cacheRead] = [usage?.input ?? 0n, usage?.output ?? 0n, usage?.cache_read ?? 0n];
    const isUnknown = input + output > 0n && (rates?.input === undefined || rates.output === undefined);
    sums.push({
      modelId,
      usdPerHour,
      hours,
      paidPicoUsd: Money.fromUsd(usdPerHour).picoUsd * hours,
      calls: Number(usage?.calls ?? 0n),
      onDemandPicoUsd: isUnknown
        ? undefined
        : input * BigInt(rates?.input ?? 0) +
          output * BigInt(rates?.output ?? 0) +
          cacheRead * BigInt(rates?.cacheRead ?? rates?.input ?? 0),
    });
  }
  return sums;
}
