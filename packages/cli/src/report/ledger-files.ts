import { readdir, stat } from 'node:fs/promises';
import { join, normalize } from 'node:path';
import type { Receipt } from '@costkit/core';
import { readReceipts } from '@costkit/meter/export';
import { CliUsageError } from '../cli-error.js';

/** Broken lines of a file that are named one by one; the rest are only counted. */
const NAMED_PER_FILE = 5;

/** Ledger files that are read together, as often as needed. */
export interface LedgerFiles {
  /** Their paths. */
  readonly paths: readonly string[];
  /** Lines that held no receipt, in one reading of all files. */
  readonly brokenLines: number;
  /**
   * The receipts of all files, one after another.
   *
   * @throws `CliUsageError` for a file that cannot be read
   */
  receipts(): AsyncGenerator<Receipt>;
}

const unreadable = (path: string, error: unknown): CliUsageError =>
  new CliUsageError(
    `"${path}" cannot be read (${(error as { code?: string }).code ?? 'no code'}). Give files that jsonlSink wrote, or their folder`,
    'COSTKIT_UNREADABLE_FILE',
    { cause: error },
  );

/** The file itself, or the JSONL files of a folder in the order of their names, which is that of their times. */
async function filesOf(path: string): Promise<string[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [path];
    const names = await readdir(path);
    const files = names.filter((name) => name.endsWith('.jsonl')).sort();
    if (files.length > 0) return files.map((name) => join(path, name));
  } catch (error) {
    throw unreadable(path, error);
  }
  throw new CliUsageError(
    `"${path}" holds no .jsonl files. Give the folder of a ledger`,
    'COSTKIT_UNREADABLE_FILE',
  );
}

/**
 * Finds the files of a ledger.
 *
 * @param begin - told of each file before it is read.
 * @param warn - told, in the first reading, of every line that holds no receipt.
 * @throws `CliUsageError` for a path that cannot be read
 */
export async function ledgerFiles(
  given: readonly string[],
  begin: (path: string) => void,
  warn: (message: string) => void,
): Promise<LedgerFiles> {
  // A file that is named twice, or with its folder, was paid once.
  const paths = [...new Set((await Promise.all(given.map(filesOf))).flat().map((path) => normalize(path)))];
  let brokenLines = 0;
  let isFirstReading = true;
  const read = async function* (path: string, tells: boolean): AsyncGenerator<Receipt> {
    let broken = 0;
    begin(path);
    try {
      yield* readReceipts(path, ({ line, reason }) => {
        broken += 1;
        if (tells && broken <= NAMED_PER_FILE) warn(`${path}:${line} ${reason}.`);
      });
    } catch (error) {
      throw (error as { syscall?: unknown }).syscall === undefined ? error : unreadable(path, error);
    }
    if (!tells) return;
    if (broken > NAMED_PER_FILE) warn(`${path}: and ${broken - NAMED_PER_FILE} more lines like these.`);
    brokenLines += broken;
  };
  return {
    paths,
    get brokenLines() {
      return brokenLines;
    },
    receipts: async function* () {
      const tells = isFirstReading;
      isFirstReading = false;
      for (const path of paths) yield* read(path, tells);
    },
  };
}

/** The receipts of calls that began in a month of a time zone. */
export async function* receiptsOfMonth(
  receipts: AsyncIterable<Receipt>,
  month: string,
  timeZone: string,
): AsyncGenerator<Receipt> {
  const format = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit' });
  // Every day belongs to one month only, so that most receipts need no look at the calendar.
  let [minute, isOfMonth] = [Number.NaN, false];
  for await (const receipt of receipts) {
    const startedMinute = Math.floor(receipt.startedAt.getTime() / 60_000);
    if (startedMinute !== minute) {
      minute = startedMinute;
      const parts = format.formatToParts(receipt.startedAt);
      const part = (type: string): string => parts.find((one) => one.type === type)?.value ?? '';
      isOfMonth = `${part('year')}-${part('month')}` === month;
    }
    if (isOfMonth) yield receipt;
  }
}
