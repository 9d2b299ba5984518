import { open, readFile } from 'node:fs/promises';
import { Money } from '@costkit/core';
import { EvaluationError } from './evaluation-error.js';
import type { AnswerFailure } from './evaluation-report.js';
import type { EvaluatedAnswer, Judgement } from './grader.js';

/** One line of a results file: an answer that was paid. Dollars are decimal texts, all digits. */
export interface ResultRecord {
  /** Fingerprint of the request and the model. */
  readonly key: string;
  /** Fingerprint of how it was graded; absent: not graded yet. */
  readonly grading?: string;
  readonly score?: number;
  readonly judgement?: Judgement;
  readonly failure?: AnswerFailure;
  readonly error?: string;
  readonly usd: string | null;
  readonly usdOnBaseline: string | null;
  readonly paidUsd: string | null;
  /** Paid for the grade that this line holds. */
  readonly gradingUsd: string;
  readonly latencyMs: number | null;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Only with `keepAnswers`. */
  readonly answer?: EvaluatedAnswer;
  /** This line grades an answer that an earlier line paid for. */
  readonly regraded?: true;
}

/** Where graded answers are kept. */
export interface ResultsFile {
  /** What stood in it, oldest first. */
  readonly records: readonly ResultRecord[];
  append(record: ResultRecord): Promise<void>;
  close(): Promise<void>;
}

const NEWLINE = 0x0a;

function readRecord(line: string): ResultRecord | undefined {
  try {
    const record = JSON.parse(line) as Partial<ResultRecord> | null;
    if (typeof record?.key !== 'string' || typeof record.gradingUsd !== 'string') return undefined;
    // What is no amount throws.
    for (const usd of [record.gradingUsd, record.paidUsd ?? '0']) Money.fromUsd(usd);
    return record as ResultRecord;
  } catch {
    return undefined;
  }
}

/** A results file for an evaluation that keeps none. */
export function noResultsFile(): ResultsFile {
  return { records: [], append: () => Promise.resolve(), close: () => Promise.resolve() };
}

/** What every line begins with; a half line too, as far as it goes. */
const LINE_START = '{"key":"';

/**
 * Opens a results file, or begins one. A last line that a crash has cut is left out and written over.
 *
 * @throws {@link EvaluationError} `COSTKIT_EVALUATION_RESULTS_INVALID` where it cannot be opened or a line in it is
 * broken: what was paid must not be paid again because of it, and a file of something else must stay as it is. From
 * `append` where another process has written to it: both would pay the same answers.
 */
export async function openResultsFile(path: string): Promise<ResultsFile> {
  // Only its owner may read it: with `keepAnswers` it holds answers.
  const file = await open(path, 'a+', 0o600).catch((cause) => {
    throw notOpened(path, cause);
  });
  try {
    const bytes = await file.readFile();
    const { records, end } = readRecords(bytes, path);
    let known = bytes.length;
    let hasHalfLine = end < known;
    const write = async (record: ResultRecord): Promise<void> => {
      if ((await file.stat()).size !== known) {
        throw new EvaluationError(
          'COSTKIT_EVALUATION_RESULTS_INVALID',
          `another process has written to the results file "${path}". Let one evaluate at a time, or give each a file of its own`,
        );
      }
      if (hasHalfLine) {
        await file.truncate(end);
        [known, hasHalfLine] = [end, false];
      }
      const line = Buffer.from(`${JSON.stringify(record)}\n`);
      await file.appendFile(line);
      known += line.length;
    };
    let writing: Promise<void> = Promise.resolve();
    return {
      records,
      append: (record) => {
        // One after the other: a half line must not have another one in it.
        writing = writing.then(() => write(record));
        return writing;
      },
      close: async () => {
        await writing.catch(() => undefined);
        await file.sync();
        await file.close();
      },
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/**
 * Reads a results file, if there is one, and leaves it as it is.
 *
 * @throws what {@link openResultsFile} throws.
 */
export async function readResultsFile(path: string): Promise<ResultsFile> {
  const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return Buffer.alloc(0);
    throw notOpened(path, cause);
  });
  return { ...noResultsFile(), records: readRecords(bytes, path).records };
}

const notOpened = (path: string, cause: NodeJS.ErrnoException): EvaluationError =>
  new EvaluationError(
    'COSTKIT_EVALUATION_RESULTS_INVALID',
    `the results file "${path}" cannot be opened (${cause.code}). Name a file in a folder that exists`,
    { cause },
  );

/** All whole lines, and where they end. */
function readRecords(
  bytes: Buffer,
  path: string,
): { readonly records: readonly ResultRecord[]; readonly end: number } {
  const end = bytes.lastIndexOf(NEWLINE) + 1;
  const lines = bytes.subarray(0, end).toString('utf8').split('\n').slice(0, -1);
  const broken = (index: number): EvaluationError =>
    new EvaluationError(
      'COSTKIT_EVALUATION_RESULTS_INVALID',
      `line ${index + 1} of the results file "${path}" is broken, or the file is none. Restore it, name another, or remove the line and pay its answer again`,
    );
  const records = lines.map((line, index) => {
    const record = readRecord(line);
    if (record === undefined) throw broken(index);
    return record;
  });
  const begun = bytes.subarray(end, end + LINE_START.length).toString('utf8');
  if (!LINE_START.startsWith(begun)) throw broken(lines.length);
  return { records, end };
}
