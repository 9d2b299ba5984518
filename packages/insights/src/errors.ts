import { CostkitError } from '@costkit/core';

/** What can be wrong with an analysis. */
export type InsightsErrorCode =
  | 'COSTKIT_INSIGHTS_SOURCE_MISSING'
  | 'COSTKIT_INSIGHTS_SOURCE_EMPTY'
  | 'COSTKIT_INSIGHTS_SOURCE_UNKNOWN'
  | 'COSTKIT_INSIGHTS_SOURCE_BROKEN'
  | 'COSTKIT_INSIGHTS_S3_CLIENT_MISSING'
  | 'COSTKIT_INSIGHTS_BATCH_JOB_UNKNOWN'
  | 'COSTKIT_INSIGHTS_COSTS_TOO_COARSE'
  | 'COSTKIT_INSIGHTS_METRICS_INCOMPLETE'
  | 'COSTKIT_INSIGHTS_MEMORY_TOO_SMALL';

/** Logs cannot be analysed; `code` says why, the message what to do. */
export class InsightsError extends CostkitError {
  /** @internal */
  static readonly instanceName: string = 'InsightsError';
  override readonly name: string = 'InsightsError';
  declare readonly code: InsightsErrorCode;

  constructor(code: InsightsErrorCode, message: string, options: ErrorOptions = {}) {
    super(`costkit insights: ${message}.`.replace(/\.\.$/, '.'), { code, ...options });
  }
}

/** What DuckDB says of a file that is another than its name says, or cannot be opened. */
const BROKEN_FILE =
  /^(?:IO Error: Input is not a GZIP stream: (?<packed>.+)|IO Error: Cannot open file "(?<closed>.+?)"|Invalid Input Error: Malformed JSON in file "(?<malformed>.+?)")/;

const OUT_OF_MEMORY = /^Out of Memory Error:/;

/** An error of the database about a source or its memory in words that say what to do; any other stays as it is. */
export function aboutSource(error: unknown): unknown {
  const { message } = error as Error;
  if (OUT_OF_MEMORY.test(message))
    return new InsightsError(
      'COSTKIT_INSIGHTS_MEMORY_TOO_SMALL',
      'The analysis needs more memory than it may take. Raise memoryMb (--memory-mb), or lower threads',
      { cause: error },
    );
  const { packed, closed, malformed } = BROKEN_FILE.exec(message)?.groups ?? {};
  const what =
    packed !== undefined
      ? 'is no gzip file, although its name says so: empty, or unpacked already'
      : closed !== undefined
        ? 'cannot be opened'
        : 'is no file of JSON, one record a line';
  const file = packed ?? closed ?? malformed;
  return file === undefined
    ? error
    : new InsightsError(
        'COSTKIT_INSIGHTS_SOURCE_BROKEN',
        `"${file}" ${what}. Take it out of the sources, or write it anew`,
        { cause: error },
      );
}
