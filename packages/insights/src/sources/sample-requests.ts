import { type Database, sqlText, sqlTexts } from '../database.js';
import type { SampledRequest } from '../finds/find.js';
import { MOST_RECORD_BYTES } from './read-invocation-logs.js';

/**
 * Reads single requests again, from the files in which they stand. Their content is looked at and not kept.
 * Requests without a body in their record (too large, or not delivered) are left out.
 */
export async function sampleRequests(
  database: Database,
  requestIds: readonly string[],
): Promise<ReadonlyMap<string, SampledRequest>> {
  const samples = new Map<string, SampledRequest>();
  if (requestIds.length === 0) return samples;
  const wanted = `request_id IN (${requestIds.map(sqlText).join(', ')})`;
  const files = await database.all<{ file: string; ids: readonly string[] }>(
    `SELECT file, list(request_id) AS ids FROM priced WHERE source = 'invocationLog' AND ${wanted} GROUP BY file`,
  );
  if (files.length === 0) return samples;
  const rows = await database.all<{ id: string; model: string; operation: string; body: string }>(
    `SELECT requestId AS id, modelId AS model, operation, unwrapped(input.inputBodyJson)::VARCHAR AS body
     FROM read_ndjson(${sqlTexts(files.map(({ file }) => file))}, ignore_errors = true,
       maximum_object_size = ${MOST_RECORD_BYTES}, columns = {requestId: 'VARCHAR', modelId: 'VARCHAR',
       operation: 'VARCHAR', input: 'STRUCT(inputBodyJson JSON)'})
     WHERE list_contains(${sqlTexts(files.flatMap(({ ids }) => [...ids]))}, requestId)`,
  );
  for (const { id, model, operation, body } of rows) {
    const parsed: unknown = body === null ? undefined : JSON.parse(body);
    if (typeof parsed === 'object' && parsed !== null)
      samples.set(id, { modelId: model, operation, body: parsed });
  }
  return samples;
}
