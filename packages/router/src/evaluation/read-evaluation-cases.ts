import { createReadStream } from 'node:fs';
import { checkCase, type EvaluationCase } from './evaluation-case.js';
import { EvaluationError } from './evaluation-error.js';

const MEDIA: ReadonlySet<string> = new Set(['image', 'document', 'video', 'audio']);

/** JSON has no bytes: media in it are base64, as in the files of batch inference; the SDK takes bytes. */
function withBytes(value: unknown, isMedia = false): unknown {
  if (Array.isArray(value)) return value.map((entry) => withBytes(entry));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, entry]) => {
      const { bytes, ...rest } = (entry ?? {}) as { bytes?: unknown };
      return isMedia && name === 'source' && typeof bytes === 'string'
        ? [name, { ...rest, bytes: new Uint8Array(Buffer.from(bytes, 'base64')) }]
        : [name, withBytes(entry, MEDIA.has(name))];
    }),
  );
}

/** Lines end with `\n` alone: a text in JSON may hold the other breaks that readline knows. */
async function* linesOf(source: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = '';
  for await (const piece of source) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  yield rest;
}

/**
 * Reads cases from a file of JSON lines, one at a time: `{"id", "task", "request", "expected"?, "rubric"?, "schema"?}`.
 * `bytes` of media are base64. Empty lines are passed over.
 *
 * @throws {@link EvaluationError} naming the line that is no case, and where the file cannot be read.
 *
 * @example
 * ```ts
 * const report = await evaluateTiers({ client, cases: readEvaluationCases('cases.jsonl'), tiers, grade: exactGrader() });
 * ```
 */
export async function* readEvaluationCases(file: string | URL): AsyncGenerator<EvaluationCase> {
  let number = 0;
  const source = createReadStream(file, 'utf8');
  try {
    for await (const text of linesOf(source)) {
      number += 1;
      // Windows begins files with a mark and ends lines with a return; both count as blanks.
      const line = text.trim();
      if (line === '') continue;
      const { request, ...rest } = checkCase(parsed(line, number, file), `line ${number} of "${file}"`);
      yield { ...rest, request: withBytes(request) as object };
    }
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (cause instanceof EvaluationError || code === undefined) throw cause;
    throw new EvaluationError(
      'COSTKIT_EVALUATION_INVALID_CASE',
      `the file "${file}" cannot be read (${code}). Name a file of JSON lines`,
      { cause },
    );
  } finally {
    source.destroy();
  }
}

function parsed(line: string, number: number, file: string | URL): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // Without the cause, whose message quotes the line.
    throw new EvaluationError(
      'COSTKIT_EVALUATION_INVALID_CASE',
      `line ${number} of "${file}" is no JSON. Write one case a line`,
    );
  }
}
