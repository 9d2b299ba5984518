import { type Database, sqlText, sqlTexts } from '../database.js';
import type { SampledRequest } from '../finds/find.js';
import { recordsOfLines } from './read-invocation-logs.js';

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
    `SELECT json->>'$.requestId' AS id, json->>'$.modelId' AS model, json->>'$.operation' AS operation,
      unwrapped(json_extract(json, '$.input.inputBodyJson'))::VARCHAR AS body
     FROM (${recordsOfLines(files.map(({ file }) => file))})
     WHERE list_contains(${sqlTexts(files.flatMap(({ ids }) => [...ids]))}, json->>'$.requestId')`,
  );
  for (const { id, model, operation, body } of rows) {
    const parsed: unknown = body === null ? undefined : JSON.parse(body);
    if (typeof parsed === 'object' && parsed !== null)
      samples.set(id, { modelId: model, operation, body: parsed });
  }
  return samples;
}
