import { type FileHandle, open } from 'node:fs/promises';
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
    const isRecord = typeof record?.key === 'string' && typeof record.gradingUsd === 'string';
    return isRecord ? (record as ResultRecord) : undefined;
  } catch {
    return undefined;
  }
}

/** A results file for an evaluation that keeps none. */
export function noResultsFile(): ResultsFile {
  return { records: [], append: () => Promise.resolve(), close: () => Promise.resolve() };
}

/**
 * Opens a results file, or begins one. A last line that a crash has cut is left out and written over.
 *
 * @throws {@link EvaluationError} `COSTKIT_EVALUATION_RESULTS_INVALID` where it cannot be opened or a line before the last
 * is broken: what was paid must not be paid again because of it.
 */
export async function openResultsFile(path: string): Promise<ResultsFile> {
  // Only its owner may read it: with `keepAnswers` it holds answers.
  const file = await open(path, 'a+', 0o600).catch((cause: NodeJS.ErrnoException) => {
    throw new EvaluationError(
      'COSTKIT_EVALUATION_RESULTS_INVALID',
      `the results file "${path}" cannot be opened (${cause.code}). Name a file in a folder that exists`,
      { cause },
    );
  });
  try {
    const records = await readRecords(file, path);
    let writing: Promise<void> = Promise.resolve();
    return {
      records,
      append: (record) => {
        // One after the other: a half line must not have another one in it.
        writing = writing.then(() => file.appendFile(`${JSON.stringify(record)}\n`));
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

async function readRecords(file: FileHandle, path: string): Promise<readonly ResultRecord[]> {
  const bytes = await file.readFile();
  const end = bytes.lastIndexOf(NEWLINE) + 1;
  if (end < bytes.length) await file.truncate(end);
  const lines = bytes.subarray(0, end).toString('utf8').split('\n').slice(0, -1);
  return lines.map((line, index) => {
    const record = readRecord(line);
    if (record !== undefined) return record;
    throw new EvaluationError(
      'COSTKIT_EVALUATION_RESULTS_INVALID',
      `line ${index + 1} of the results file "${path}" is broken. Restore the file, or remove the line and pay its answer again`,
    );
  });
}
