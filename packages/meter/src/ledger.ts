import {
  checkOptions,
  InvalidOptionError,
  isNonNegativeNumber,
  isObject,
  isText,
  type Receipt,
  type Tags,
} from '@costkit/core';
import { type Dimension, fixedDimensions, NO_VALUE, OLDER, OTHER, tagValue } from './dimensions.js';
import { isNames } from './is-names.js';
import { addReceipt, addRow, emptyRow, type LedgerRow } from './ledger-row.js';
import { type BusinessKey, type MeterReport, reportGroups } from './report-groups.js';
import { type TimeLabels, timeLabels } from './time-labels.js';

/** Hours, days and months that the ledger keeps apart before it puts them together. */
const HOURS_KEPT = 48;
const DAYS_KEPT = 62;
const DAYS_OF_MONTHS_KEPT = 427;
const HOUR_MS = 3_600_000;

/** Calls after which a time in the past is believed: what is booked late must not cost a pass over all rows each. */
const CALLS_BETWEEN_PASSES = 1_000;

/** How a report groups. */
export interface ReportOptions {
  /**
   * Tags and built-in dimensions (`model`, `servedModel`, `operation`, `mode`, `scope`, `region`, `month`, `day`,
   * `hour`) to group by.
   *
   * @defaultValue `[]`: one row for everything
   */
  readonly by?: readonly Dimension[];
  /**
   * Divides every cost by a count of your business, e.g. `{ name: 'resolved ticket', count: 1_250 }`.
   *
   * @defaultValue no division
   */
  readonly per?: BusinessKey;
}

/** @throws `InvalidOptionError` for options that are unknown or wrong */
export function checkReportOptions(options: ReportOptions): void {
  checkOptions<ReportOptions>('meter', options, { by: isNames, per: isObject });
  if (options.per === undefined) return;
  checkOptions<BusinessKey>(
    'meter',
    options.per,
    {
      name: isText,
      count: (value) => (typeof value === 'function' ? undefined : isNonNegativeNumber(value)),
    },
    'per.',
  );
  const { name, count } = options.per as Partial<BusinessKey>;
  if (name === undefined || count === undefined)
    throw new InvalidOptionError('meter', 'per', 'must have a name and a count');
}

/** How much a ledger keeps apart. */
export interface LedgerOptions {
  /** Most rows of calls that agree in all dimensions. @defaultValue 10_000 */
  readonly maxRows?: number;
  /** Names of the tags that are kept apart. @defaultValue all */
  readonly tagNames?: readonly string[];
  /** Time zone of `month`, `day` and `hour`. @defaultValue `"UTC"` */
  readonly timeZone?: string;
}

/** Sums of receipts in bounded memory. */
export interface Ledger {
  add(receipt: Receipt): void;
  report(options?: ReportOptions): MeterReport;
}

interface Entry extends TimeLabels {
  readonly tags: Tags;
  readonly fixed: Readonly<Record<string, string>>;
  readonly row: LedgerRow;
}

type Place = Omit<Entry, 'row'>;

/** Texts with their lengths before them, so that no two lists of texts share a key. Made for every call. */
function keyOf({ tags, fixed, month, day, hour }: Place): string {
  let key = `${month} ${day} ${hour}`;
  for (const name in fixed) key += ` ${fixed[name]?.length} ${fixed[name]}`;
  for (const name of Object.keys(tags).sort()) {
    key += ` ${name.length} ${tags[name]?.length} ${name}${tags[name]}`;
  }
  return key;
}

function collapseTags(place: Place): Place {
  const tags = Object.fromEntries(Object.keys(place.tags).map((name) => [name, OTHER]));
  return { ...place, tags, hour: OTHER };
}

function collapseAll(place: Place): Place {
  const fixed = Object.fromEntries(Object.keys(place.fixed).map((name) => [name, OTHER]));
  return { ...place, tags: { [OTHER]: OTHER }, fixed, month: OTHER, day: OTHER, hour: OTHER };
}

/** An entry whose times are no longer kept apart at its age; the same object when all of them are. */
function agedPlace(entry: Entry, ageMs: number): Entry {
  const isOld = (kept: string, hours: number): boolean =>
    ageMs > hours * HOUR_MS && kept !== OTHER && kept !== OLDER;
  const hour = isOld(entry.hour, HOURS_KEPT) ? OLDER : entry.hour;
  const day = isOld(entry.day, DAYS_KEPT * 24) ? OLDER : entry.day;
  const month = isOld(entry.month, DAYS_OF_MONTHS_KEPT * 24) ? OLDER : entry.month;
  return hour === entry.hour && day === entry.day && month === entry.month
    ? entry
    : { ...entry, month, day, hour };
}

/**
 * Makes a ledger. Calls that agree in all dimensions share a row. When the rows run out, new combinations are
 * put together in rows whose tags are `(other)`, which keep model, mode and day; should those run out too, in
 * one row for all. Nothing is dropped: the sums stay exact.
 */
export function createLedger(options: LedgerOptions = {}): Ledger {
  const { maxRows = 10_000, tagNames, timeZone = 'UTC' } = options;
  let entries = new Map<string, Entry>();
  let since: Date | undefined;
  let collapsedCalls = 0;
  let latestPass: TimeLabels | undefined;
  let callsSincePass = 0;
  const timeOf = timeLabels(timeZone);

  /** Puts times together that are too old, so that time alone never fills the ledger. */
  const forgetOldTimes = (nowMs: number): void => {
    const kept = new Map<string, Entry>();
    for (const [key, entry] of entries) {
      const place = agedPlace(entry, nowMs - entry.startsAt);
      const keptKey = place === entry ? key : keyOf(place);
      const present = kept.get(keptKey);
      if (present === undefined) kept.set(keptKey, place);
      else addRow(present.row, entry.row);
    }
    entries = kept;
  };

  const find = (place: Place, limit: number): Entry | undefined => {
    const key = keyOf(place);
    let entry = entries.get(key);
    if (entry === undefined && entries.size < limit) {
      entry = { ...place, row: emptyRow() };
      entries.set(key, entry);
    }
    return entry;
  };

  const placeOf = (receipt: Receipt): Place => {
    const time = timeOf(receipt.startedAt.getTime());
    latestPass ??= time;
    callsSincePass += 1;
    const isLater = time.startsAt > latestPass.startsAt;
    if (time.hour !== latestPass.hour && (isLater || callsSincePass > CALLS_BETWEEN_PASSES)) {
      forgetOldTimes(time.startsAt);
      latestPass = time;
      callsSincePass = 0;
    }
    const tags =
      tagNames === undefined
        ? receipt.tags
        : Object.fromEntries(
            tagNames.flatMap((name) => {
              const value = tagValue(receipt.tags, name);
              return value === undefined ? [] : [[name, value]];
            }),
          );
    return { tags, fixed: fixedDimensions(receipt), ...time };
  };

  const groupValue = (entry: Entry, dimension: Dimension): string => {
    if (dimension === 'month') return entry.month;
    if (dimension === 'day') return entry.day;
    if (dimension === 'hour') return entry.hour;
    const value = tagValue(entry.fixed, dimension) ?? tagValue(entry.tags, dimension);
    return value ?? (entry.tags[OTHER] === undefined ? NO_VALUE : OTHER);
  };

  return {
    add: (receipt) => {
      const place = placeOf(receipt);
      const coarseRows = Math.ceil(maxRows / 10);
      let entry = find(place, maxRows - coarseRows - 1);
      if (entry === undefined) {
        collapsedCalls += 1;
        entry = find(collapseTags(place), maxRows - 1) ?? (find(collapseAll(place), maxRows) as Entry);
      }
      addReceipt(entry.row, receipt);
      if (since === undefined || receipt.startedAt < since) since = receipt.startedAt;
    },
    report: (reportOptions = {}) => {
      checkReportOptions(reportOptions);
      const { by = [], per } = reportOptions;
      const groups = reportGroups(by);
      const total = emptyRow();
      for (const entry of entries.values()) {
        addRow(groups.row(by.map((dimension) => groupValue(entry, dimension))), entry.row);
        addRow(total, entry.row);
      }
      return groups.report(total, { collapsedCalls, since }, per);
    },
  };
}
