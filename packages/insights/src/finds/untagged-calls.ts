import type { Find, FindContext } from './find.js';

/** Share of the dollars that may belong to nobody. */
const TOLERATED_SHARE = 0.2;

/** Dollars that no tag attributes to anybody: measuring comes before cutting. */
export async function untaggedCalls({ database }: FindContext): Promise<readonly Find[]> {
  const [row] = await database.all<{ share: number | null; calls: bigint }>(
    `SELECT (sum(cost) FILTER (NOT coalesce(is_tagged, false)))::DOUBLE / nullif(sum(cost)::DOUBLE, 0) AS share,
      count(*) FILTER (NOT coalesce(is_tagged, false)) AS calls FROM priced WHERE cost > 0`,
  );
  const share = row?.share ?? 0;
  if (share <= TOLERATED_SHARE) return [];
  return [
    {
      kind: 'measure',
      variant: 'untagged',
      parts: [
        {
          task: '*',
          modelId: '*',
          calls: Number(row?.calls ?? 0),
          savedPicoUsd: 0n,
          daily: new Map(),
          evidence: [],
        },
      ],
      facts: { share: Math.round(100 * share) },
    },
  ];
}
