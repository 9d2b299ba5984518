import { provisionedSums } from '../provisioned-use.js';
import type { Find, FindContext } from './find.js';

/**
 * Provisioned throughput that costs more than its calls would on demand: the hours that the logs cover, less the
 * price of the same tokens. It needs to be told what the capacity costs, and which model is behind it.
 */
export async function idleProvisioned(context: FindContext): Promise<readonly Find[]> {
  return (await provisionedSums(context)).flatMap((sums): readonly Find[] => {
    const { modelId, usdPerHour, hours, paidPicoUsd, calls, onDemandPicoUsd } = sums;
    // Without a price on demand only capacity that nobody called is known to be idle.
    if (onDemandPicoUsd === undefined || paidPicoUsd <= onDemandPicoUsd) return [];
    const savedPicoUsd = paidPicoUsd - onDemandPicoUsd;
    return [
      {
        kind: 'idle-provisioned',
        variant: onDemandPicoUsd === 0n ? 'idle' : 'dearer',
        parts: [{ task: '*', modelId, calls, savedPicoUsd, daily: new Map(), evidence: [] }],
        facts: {
          usdPerHour,
          hours: Number(hours),
          usedShare: Number((onDemandPicoUsd * 100n) / paidPicoUsd),
        },
      },
    ];
  });
}
