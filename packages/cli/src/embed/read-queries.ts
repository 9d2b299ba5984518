import { readFile } from 'node:fs/promises';
import type { EvidenceQuery } from '@costkit/embeddings';
import { CliUsageError } from '../cli-error.js';

/**
 * Reads questions and where their answers stand, a JSON line each.
 *
 * @throws `CliUsageError` where it cannot be read so.
 */
export async function readQueries(file: string): Promise<EvidenceQuery[]> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new CliUsageError(`cannot read "${file}". Name a file of questions`, 'COSTKIT_CANNOT_READ', {
      cause,
    });
  });
  const lines = text.split('\n');
  const queries = lines.flatMap((line, index) =>
    line.trim() === '' ? [] : [queryOf(line, file, index + 1)],
  );
  if (queries.length > 0) return queries;
  throw new CliUsageError(`"${file}" holds no question. Give one a line`, 'COSTKIT_CANNOT_READ');
}

function queryOf(line: string, file: string, number: number): EvidenceQuery {
  const found = parsed(line) as Partial<EvidenceQuery> | null | undefined;
  const isQuery =
    typeof found?.query === 'string' &&
    found.query.trim() !== '' &&
    Array.isArray(found.evidence) &&
    found.evidence.length > 0 &&
    found.evidence.every((place) => typeof place?.document === 'string');
  if (isQuery) return found as EvidenceQuery;
  throw new CliUsageError(
    `line ${number} of "${file}" is no question. Write {"query": "…", "evidence": [{"document": "…"}]}`,
    'COSTKIT_CANNOT_READ',
  );
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
