import type { Find, FindContext } from './find.js';

/** Share of the dollars that may belong to nobody. */
const TOLERATED_SHARE = 0.2;

interface Share {
  readonly variant: 'unlogged' | 'untagged';
  readonly share: number | null;
  readonly calls: bigint;
}

const shareOf = (variant: Share['variant'], where: string): string =>
  `SELECT '${variant}' AS variant, (sum(cost) FILTER (${where}))::DOUBLE / nullif(sum(cost)::DOUBLE, 0) AS share,
    coalesce(sum(call_count) FILTER (${where}), 0)::HUGEINT AS calls FROM priced WHERE cost > 0`;

/**
 * Dollars that no tag attributes to anybody, and dollars of which only metrics are known: measuring comes before
 * cutting.
 */
export async function untaggedCalls({ database }: FindContext): Promise<readonly Find[]> {
  const shares = await database.all<Share>(
    `${shareOf('unlogged', "source = 'metrics'")} UNION ALL
     ${shareOf('untagged', "source <> 'metrics' AND NOT coalesce(is_tagged, false)")}`,
  );
  return shares
    .filter(({ share }) => (share ?? 0) > TOLERATED_SHARE)
    .map(({ variant, share, calls }) => ({
      kind: 'measure' as const,
      variant,
      parts: [
        {
          task: '*',
          modelId: '*',
          calls: Number(calls),
          savedPicoUsd: 0n,
          daily: new Map(),
          evidence: [],
        },
      ],
      facts: { share: Math.round(100 * (share ?? 0)) },
    }));
}
