import { createWriteStream } from 'node:fs';
import { stderr, stdout } from 'node:process';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Receipt } from '@costkit/core';
import type { BusinessKey } from '@costkit/meter';
import type { MonthForecast } from '@costkit/meter/export';
import { type Command, Option } from 'commander';
import { CliUsageError, EXIT_CODES } from '../cli-error.js';
import { progressLine } from '../progress-line.js';

interface ReportCommandOptions {
  readonly by: string;
  readonly month?: string;
  readonly timeZone?: string;
  readonly per?: string;
  readonly forecast?: boolean;
  readonly json?: boolean;
  readonly csv?: boolean;
  readonly focus?: boolean;
  readonly account?: string;
  readonly tags?: string;
  readonly output?: string;
  readonly strict?: boolean;
}

const usageError = (message: string): CliUsageError => new CliUsageError(message, 'COSTKIT_INVALID_OPTION');

const namesOf = (text: string): string[] =>
  text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');

/** `ticket=1250` */
function businessKey(text: string): BusinessKey {
  const [, name, count] = /^(.+)=(\d+(?:\.\d+)?)$/.exec(text) ?? [];
  if (name === undefined || count === undefined)
    throw usageError(`"${text}" is no count. Write name=number, e.g. --per ticket=1250`);
  return { name, count: Number(count) };
}

function checkReportCommand({ month, focus, account, timeZone, tags }: ReportCommandOptions): void {
  if (month !== undefined && !/^\d{4}-(0[1-9]|1[0-2])$/.test(month))
    throw usageError(`"${month}" is no month. Write it as 2026-11`);
  if (focus === true && account === undefined)
    throw usageError('--focus needs the account that is billed. Add --account 123456789012');
  if (focus !== true && (account ?? tags) !== undefined)
    throw usageError('--account and --tags are for --focus. Add it, or leave them out');
  if (focus === true && timeZone !== undefined)
    throw usageError('--focus is in UTC, as bills are. Leave --time-zone out');
}

const forecastText = ({ month, spent, expected, low, high, method, days, unpriced }: MonthForecast): string =>
  (expected === undefined
    ? `${month}: ${spent} so far; ${days} complete days are too few for a forecast, which takes 7`
    : `${month}: ${spent} so far, about ${expected} at its end (90 %: ${low} to ${high}), by the ${
        method === 'weekdays' ? 'days of the week' : 'mean'
      } of the last ${days} days`) +
  (unpriced === 0 ? '.\n' : `; ${unpriced} calls have no price and are not in it.\n`);

/** Writes pieces to a file, or to standard output, at the pace at which they are taken. */
async function write(pieces: Iterable<string>, path: string | undefined): Promise<void> {
  const source = Readable.from(pieces);
  if (path === undefined) return pipeline(source, stdout, { end: false });
  try {
    await pipeline(source, createWriteStream(path));
  } catch (error) {
    throw new CliUsageError(
      `"${path}" cannot be written (${(error as { code?: string }).code ?? 'no code'}). Give another file`,
      'COSTKIT_UNWRITABLE_FILE',
      { cause: error },
    );
  }
}

/** Prints what the calls of ledger files cost: a table, JSON, CSV or a FOCUS dataset. */
async function report(given: readonly string[], options: ReportCommandOptions): Promise<void> {
  checkReportCommand(options);
  const { month, timeZone = 'UTC', account, output } = options;
  const [exports, { ledgerFiles, receiptsOfMonth }] = await Promise.all([
    import('@costkit/meter/export'),
    import('../report/ledger-files.js'),
  ]);
  const warn = (message: string): void => void stderr.write(`costkit: ${message}\n`);
  let begin: (path: string) => void = () => undefined;
  const files = await ledgerFiles(given, (path) => begin(path), warn);
  const progress = await progressLine(files.paths.length, options.forecast === true);
  begin = (path) => progress.begin(path);

  const receipts = (): AsyncIterable<Receipt> =>
    month === undefined ? files.receipts() : receiptsOfMonth(files.receipts(), month, timeZone);
  const per = options.per === undefined ? {} : { per: businessKey(options.per) };
  const pieces = async (): Promise<Iterable<string>> => {
    if (options.focus === true) {
      const tagNames = options.tags === undefined ? {} : { tagNames: namesOf(options.tags) };
      const dataset = await exports.focusExport(receipts(), { billingAccountId: account ?? '', ...tagNames });
      const { unpricedRows, unitemisedRows } = dataset;
      if (unpricedRows > 0)
        warn(`${unpricedRows} rows have no cost, because the price is unknown. FOCUS wants one.`);
      if (unitemisedRows > 0)
        warn(`${unitemisedRows} rows have no unit price: the catalogue has another one today.`);
      return exports.focusCsv(dataset.rows);
    }
    const summary = await exports.reportOf(receipts(), { by: namesOf(options.by), timeZone, ...per });
    const forecast =
      options.forecast === true
        ? exports.forecastMonth(await exports.reportOf(files.receipts(), { by: ['day'], timeZone }), {
            timeZone,
          })
        : undefined;
    if (options.json === true)
      return [
        `${JSON.stringify({ ...summary, forecast, files: files.paths, brokenLines: files.brokenLines })}\n`,
      ];
    if (forecast !== undefined && options.csv === true) stderr.write(forecastText(forecast));
    if (options.csv === true) return [exports.reportCsv(summary)];
    return [exports.reportTable(summary), ...(forecast === undefined ? [] : [forecastText(forecast)])];
  };
  const made = await pieces();
  progress.end();
  await write(made, output);
  if (files.brokenLines === 0) return;
  warn(`${files.brokenLines} broken lines were left out.`);
  if (options.strict === true) process.exitCode = EXIT_CODES.failed;
}

/** `costkit report`: what ledger files say, for people, finance and programs. */
export function addReportCommand(program: Command): void {
  program
    .command('report')
    .argument('<files...>', 'ledger files that jsonlSink wrote, or folders of them')
    .description('show what calls cost, by tags, models and times')
    .option(
      '--by <names>',
      'tags and model, servedModel, operation, mode, scope, region, month, day, hour',
      'servedModel',
    )
    .option('--month <month>', 'only calls that began in it, e.g. 2026-11')
    .option('--time-zone <name>', 'where months, days and hours begin (default: UTC)')
    .option('--per <name=count>', 'divide costs by a count of your business, e.g. ticket=1250')
    .option('--forecast', 'say what the current month will have cost at its end')
    .addOption(new Option('--csv', 'print CSV, with all digits').conflicts(['json', 'focus']))
    .addOption(
      new Option('--focus', 'print a FOCUS 1.2 dataset as CSV').conflicts(['json', 'csv', 'per', 'forecast']),
    )
    .option('--account <id>', 'with --focus: the account that is billed')
    .option('--tags <names>', 'with --focus: the tags to export (default: all)')
    .option('--output <file>', 'write there instead of to standard output')
    .option('--strict', 'exit with 1 when a line was broken')
    .option('--json', 'print JSON')
    .action(report);
}
