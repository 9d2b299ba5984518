import { checkOptions, type Receipt, type Tags } from '@costkit/core';
import {
  type BuiltInDimension,
  type Dimension,
  fixedDimensions,
  NO_VALUE,
  OLDER,
  OTHER,
} from './dimensions.js';
import { isNames } from './is-names.js';
import { addReceipt, addRow, emptyRow, type LedgerRow, type Totals, totalsOf } from './ledger-row.js';
import { localTime } from './period-bounds.js';

/** Hours and days that the ledger keeps apart before it puts them together. */
const HOURS_KEPT = 48;
const DAYS_KEPT = 62;
const HOUR_MS = 3_600_000;

/** How a report groups. */
export interface ReportOptions {
  /**
   * Tags and built-in dimensions (`model`, `servedModel`, `operation`, `mode`, `scope`, `region`, `day`,
   * `hour`) to group by.
   *
   * @defaultValue `[]`: one row for everything
   */
  readonly by?: readonly Dimension[];
}

/** One group of a {@link MeterReport}. */
export interface ReportRow extends Totals {
  /** The group's value of every dimension asked for. */
  readonly group: Readonly<Record<string, string>>;
}

/** Sums over the receipts of all calls so far. */
export interface MeterReport {
  readonly by: readonly Dimension[];
  /** Dearest first. Their sums are exactly `total`. */
  readonly rows: readonly ReportRow[];
  readonly total: Totals;
  /** Calls that stand in a row of `(other)` because the ledger was full. 0: nothing was put together. */
  readonly collapsedCalls: number;
  /** When the first call was booked. */
  readonly since: Date | undefined;
}

/** How much a ledger keeps apart. */
export interface LedgerOptions {
  /** Most rows of calls that agree in all dimensions. @defaultValue 10_000 */
  readonly maxRows?: number;
  /** Names of the tags that are kept apart. @defaultValue all */
  readonly tagNames?: readonly string[];
  /** Time zone of `day` and `hour`. @defaultValue `"UTC"` */
  readonly timeZone?: string;
}

/** Sums of receipts in bounded memory. */
export interface Ledger {
  add(receipt: Receipt): void;
  report(options?: ReportOptions): MeterReport;
}

interface Entry {
  readonly tags: Tags;
  readonly fixed: Readonly<Record<string, string>>;
  readonly day: string;
  readonly hour: string;
  readonly hourStartsAt: number;
  readonly row: LedgerRow;
}

type Place = Omit<Entry, 'row'>;

/** Texts with their lengths before them, so that no two lists of texts share a key. Made for every call. */
function keyOf({ tags, fixed, day, hour }: Place): string {
  let key = `${day} ${hour}`;
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
  return { ...place, tags: { [OTHER]: OTHER }, fixed, day: OTHER, hour: OTHER };
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
  let slot: { readonly startsAt: number; readonly day: string; readonly hour: string } | undefined;

  // Every offset is a multiple of 15 minutes, so within a quarter of an hour neither day nor hour changes.
  const timeOf = (
    atMs: number,
  ): { readonly startsAt: number; readonly day: string; readonly hour: string } => {
    const startsAt = Math.floor(atMs / 900_000) * 900_000;
    if (slot?.startsAt === startsAt) return slot;
    const local = localTime(startsAt, timeZone);
    const previousHour = slot?.hour;
    slot = { startsAt, day: local.slice(0, 10), hour: local.slice(0, 13) + local.slice(19) };
    if (previousHour !== undefined && previousHour !== slot.hour) forgetOldTimes(startsAt);
    return slot;
  };

  /** Puts hours and days together that are too old, so that time alone never fills the ledger. */
  const forgetOldTimes = (nowMs: number): void => {
    const kept = new Map<string, Entry>();
    for (const entry of entries.values()) {
      const age = nowMs - entry.hourStartsAt;
      const place = {
        ...entry,
        ...(age > HOURS_KEPT * HOUR_MS && entry.hour !== OTHER ? { hour: OLDER } : {}),
        ...(age > DAYS_KEPT * 24 * HOUR_MS && entry.day !== OTHER ? { day: OLDER } : {}),
      };
      const key = keyOf(place);
      const present = kept.get(key);
      if (present === undefined) kept.set(key, place);
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
    const { startsAt, day, hour } = timeOf(receipt.startedAt.getTime());
    const tags =
      tagNames === undefined
        ? receipt.tags
        : Object.fromEntries(
            tagNames.flatMap((name) =>
              receipt.tags[name] === undefined ? [] : [[name, receipt.tags[name]]],
            ),
          );
    return { tags, fixed: fixedDimensions(receipt), day, hour, hourStartsAt: startsAt };
  };

  const groupValue = (entry: Entry, dimension: Dimension): string => {
    if (dimension === 'day') return entry.day;
    if (dimension === 'hour') return entry.hour;
    const value = entry.fixed[dimension as BuiltInDimension] ?? entry.tags[dimension];
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
      checkOptions<ReportOptions>('meter', reportOptions, { by: isNames });
      const { by = [] } = reportOptions;
      const groups = new Map<string, { readonly group: Record<string, string>; readonly row: LedgerRow }>();
      const total = emptyRow();
      for (const entry of entries.values()) {
        const values = by.map((dimension) => groupValue(entry, dimension));
        const key = JSON.stringify(values);
        let group = groups.get(key);
        if (group === undefined) {
          group = {
            group: Object.fromEntries(by.map((name, index) => [name, values[index] as string])),
            row: emptyRow(),
          };
          groups.set(key, group);
        }
        addRow(group.row, entry.row);
        addRow(total, entry.row);
      }
      const rows = [...groups.values()].map(({ group, row }) => ({ group, ...totalsOf(row) }));
      rows.sort((one, other) => other.cost.compare(one.cost) || other.calls - one.calls);
      return { by, rows, total: totalsOf(total), collapsedCalls, since };
    },
  };
}
