import { checkOptions, isAnything, isPositiveInteger, type Receipt } from '@costkit/core';
import { type BuiltInDimension, fixedDimensions, NO_VALUE, OTHER, tagValue } from '../dimensions.js';
import { isTimeZone } from '../is-time-zone.js';
import { checkReportOptions, type ReportOptions } from '../ledger.js';
import { addReceipt, emptyRow } from '../ledger-row.js';
import { type MeterReport, reportGroups } from '../report-groups.js';
import { timeLabels } from '../time-labels.js';

/** What {@link reportOf} takes. */
export interface ReportOfOptions extends ReportOptions {
  /** Time zone of `month`, `day` and `hour`. @defaultValue `"UTC"` */
  readonly timeZone?: string;
  /** Groups that are kept apart; the calls of further ones stand in `(other)`. @defaultValue 100_000 */
  readonly maxGroups?: number;
}

/**
 * A report over receipts that no meter of this process has seen, e.g. those of a month's files. It keeps only the groups
 * asked for, so that any number of receipts fits.
 *
 * @throws `InvalidOptionError` for options that are unknown or wrong.
 *
 * @example
 * ```ts
 * const report = await reportOf(readReceipts('receipts.jsonl', onProblem), { by: ['month', 'feature'] });
 * ```
 */
export async function reportOf(
  receipts: Iterable<Receipt> | AsyncIterable<Receipt>,
  options: ReportOfOptions = {},
): Promise<MeterReport> {
  const { timeZone = 'UTC', maxGroups = 100_000, ...reportOptions } = options;
  checkReportOptions(reportOptions);
  checkOptions<ReportOfOptions>('meter', options, {
    by: isAnything,
    per: isAnything,
    timeZone: isTimeZone,
    maxGroups: isPositiveInteger,
  });
  const { by = [], per } = reportOptions;
  const timeOf = timeLabels(timeZone);
  const groups = reportGroups(by);
  const total = emptyRow();
  const others = by.map(() => OTHER);
  let collapsedCalls = 0;
  let since: Date | undefined;

  const valuesOf = (receipt: Receipt): string[] => {
    const { month, day, hour } = timeOf(receipt.startedAt.getTime());
    const builtIn: Readonly<Record<BuiltInDimension, string>> = {
      ...fixedDimensions(receipt),
      month,
      day,
      hour,
    };
    return by.map((name) => tagValue(builtIn, name) ?? tagValue(receipt.tags, name) ?? NO_VALUE);
  };

  for await (const receipt of receipts) {
    const values = valuesOf(receipt);
    const isKept = groups.size < maxGroups || groups.has(values);
    if (!isKept) collapsedCalls += 1;
    addReceipt(groups.row(isKept ? values : others), receipt);
    addReceipt(total, receipt);
    if (since === undefined || receipt.startedAt < since) since = receipt.startedAt;
  }
  return groups.report(total, { collapsedCalls, since }, per);
}
