import { distanceOf, tablesOf } from './pgvector-schema.js';
import type { EmbeddingSpace } from './types.js';

/**
 * Finds the records nearest to a vector: $1 the vector, $2 the space, $3 how many, $4 how many candidates the index looks at.
 *
 * An HNSW index gives no more than its candidates, so they are set for this statement, before the search that depends on it
 * begins; from pgvector 0.8 on the search goes on until there are enough. A vector that no record uses is passed over: as a
 * subquery with a limit, which is no join that could take the index's order away.
 */
export function nearestStatement(table: string, space: EmbeddingSpace): string {
  const { records, vectors } = tablesOf(table);
  return `
    with setting as materialized (
      select set_config('hnsw.ef_search', $4::text, true) as candidates,
             case when current_setting('hnsw.iterative_scan', true) is null then null
                  else set_config('hnsw.iterative_scan', 'strict_order', true) end as goes_on)
    select records.id, document, position, start, records.hash, text, metadata, 1 - distance as score
    from setting
    cross join lateral (
      select hash, ${distanceOf(space, '$1')} as distance from ${vectors} as own
      where space = $2 and setting.candidates is not null
        and (select true from ${records} as used where used.space = $2 and used.hash = own.hash limit 1)
      order by ${distanceOf(space, '$1')} limit $3) as nearest
    join ${records} as records on records.space = $2 and records.hash = nearest.hash
    order by distance, id limit $3`;
}
