import { InvalidOptionError, isNonNegativeNumber } from '@costkit/core';
import type { Dimension } from './dimensions.js';
import { emptyRow, type LedgerRow, type Totals, totalsOf } from './ledger-row.js';

/** Something of the business that costs are divided by. */
export interface BusinessKey {
  /** What one of them is called, e.g. `resolved ticket`. */
  readonly name: string;
  /**
   * How many there were, in all groups together, so that the groups' dollars for one add up; or a function that counts
   * those of each group, `undefined` where that is not known.
   */
  readonly count: number | ((group: Readonly<Record<string, string>>) => number | undefined);
}

/** What one of a {@link BusinessKey} cost. */
export interface CostPer {
  readonly name: string;
  /** `undefined`: not known. */
  readonly count: number | undefined;
  /** Dollars for one; `undefined` where there were none or their count is not known. Unpriced calls are not in it. */
  readonly usd: number | undefined;
}

/** One group of a {@link MeterReport}. */
export interface ReportRow extends Totals {
  /** The group's value of every dimension asked for. */
  readonly group: Readonly<Record<string, string>>;
  /** Present when the report was asked `per` something. */
  readonly per?: CostPer;
}

/** Sums over the receipts of all calls so far. */
export interface MeterReport {
  readonly by: readonly Dimension[];
  /** Dearest first. Their sums are exactly `total`. */
  readonly rows: readonly ReportRow[];
  readonly total: Totals;
  /** Present when the report was asked `per` something. */
  readonly per?: CostPer;
  /** Calls that stand in a row of `(other)` because the ledger was full. 0: nothing was put together. */
  readonly collapsedCalls: number;
  /** When the first call was booked. */
  readonly since: Date | undefined;
}

/** The groups of a report that is being made. */
export interface ReportGroups {
  /** How many there are. */
  readonly size: number;
  /** Whether there is a row for these values. */
  has(values: readonly string[]): boolean;
  /** The row for values of the dimensions, in their order; changed in place. */
  row(values: readonly string[]): LedgerRow;
  /** The finished report. @throws `InvalidOptionError` for a count of business keys that is none */
  report(
    total: LedgerRow,
    state: Pick<MeterReport, 'collapsedCalls' | 'since'>,
    per: BusinessKey | undefined,
  ): MeterReport;
}

function countOf({ count }: BusinessKey, group: Readonly<Record<string, string>>): number | undefined {
  if (typeof count === 'number') return count;
  const counted = count(group);
  const problem = counted === undefined ? undefined : isNonNegativeNumber(counted);
  if (problem !== undefined) throw new InvalidOptionError('meter', 'per.count', `${problem} for every group`);
  return counted;
}

function costPer(name: string, count: number | undefined, { cost }: Totals): CostPer {
  return { name, count, usd: count === undefined || count === 0 ? undefined : cost.usd / count };
}

export function reportGroups(by: readonly Dimension[]): ReportGroups {
  const groups = new Map<string, { readonly group: Record<string, string>; readonly row: LedgerRow }>();
  return {
    get size() {
      return groups.size;
    },
    has: (values) => groups.has(JSON.stringify(values)),
    row: (values) => {
      const key = JSON.stringify(values);
      let entry = groups.get(key);
      if (entry === undefined) {
        entry = {
          group: Object.fromEntries(by.map((name, index) => [name, values[index] as string])),
          row: emptyRow(),
        };
        groups.set(key, entry);
      }
      return entry.row;
    },
    report: (total, state, per) => {
      const rows: ReportRow[] = [...groups.values()].map(({ group, row }) => {
        const totals = totalsOf(row);
        return per === undefined
          ? { group, ...totals }
          : { group, ...totals, per: costPer(per.name, countOf(per, group), totals) };
      });
      rows.sort((one, other) => other.cost.compare(one.cost) || other.calls - one.calls);
      const all = totalsOf(total);
      if (per === undefined) return { by, rows, total: all, ...state };
      const counts = rows.map((row) => row.per?.count);
      const count =
        typeof per.count === 'number'
          ? per.count
          : counts.reduce((sum, one) => (sum === undefined || one === undefined ? undefined : sum + one), 0);
      return { by, rows, total: all, per: costPer(per.name, count, all), ...state };
    },
  };
}
