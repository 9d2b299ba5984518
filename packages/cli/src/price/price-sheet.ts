import type { PriceRow, TokenKind } from '@costkit/pricing';
import { PRICE_SOURCES } from '@costkit/pricing/catalogue';
import { textTable } from '../text-table.js';

const DAY_MS = 86_400_000;
/** Prices moved within weeks, both ways, in 2026: the same age from which on `costOf` says that a price is stale. */
const OLD_AFTER_DAYS = 90;

const KINDS: readonly (readonly [kind: TokenKind, title: string])[] = [
  ['input', 'input'],
  ['output', 'output'],
  ['cacheRead', 'read'],
  ['cacheWrite5m', 'write 5m'],
  ['cacheWrite1h', 'write 1h'],
  ['cacheWrite30m', 'write 30m'],
];

/** A row of the price list, with its age. */
export interface DatedRow extends PriceRow {
  /** Newest day (UTC, ISO) on which a source listed the row; absent: its source is not dated. */
  readonly readOn?: string;
  /** Whole days since then. */
  readonly ageDays?: number;
  /** Whether that is long ago. */
  readonly isOld: boolean;
}

const isPrice = ({ rates, units }: PriceRow): boolean => Object.keys(rates).length > 0 || units !== undefined;

/** Whether a newer row of the same place holds today. */
function isHistory(row: PriceRow, rows: readonly PriceRow[], today: string): boolean {
  return rows.some(
    ({ scope, region, tier, aboveTokens, effectiveFrom = '' }) =>
      scope === row.scope &&
      region === row.region &&
      tier === row.tier &&
      aboveTokens === row.aboveTokens &&
      effectiveFrom > (row.effectiveFrom ?? '') &&
      effectiveFrom <= today,
  );
}

/** Rows with the day on which each was last read somewhere. */
export function datedRows(rows: readonly PriceRow[], now: Date): DatedRow[] {
  const today = now.toISOString().slice(0, 10);
  return rows.map((row) => {
    const readOn = [row.source, row.confirmedBy ?? '']
      .flatMap((source) => PRICE_SOURCES.get(source) ?? [])
      .sort()
      .at(-1);
    if (readOn === undefined) return { ...row, isOld: false };
    const ageDays = Math.max(0, Math.floor((now.getTime() - Date.parse(readOn)) / DAY_MS));
    // A price of the past does not change any more, and a row that gives none cannot be wrong.
    const isOld = ageDays >= OLD_AFTER_DAYS && isPrice(row) && !isHistory(row, rows, today);
    return { ...row, readOn, ageDays, isOld };
  });
}

/** What people should know about the age of prices; `undefined` when none is old. */
export function ageWarning(rows: readonly DatedRow[]): string | undefined {
  const old = rows.filter(({ isOld }) => isOld);
  const [oldest] = old.toSorted((one, other) => (other.ageDays ?? 0) - (one.ageDays ?? 0));
  if (oldest === undefined) return undefined;
  const prices = rows.filter(isPrice).length;
  const count =
    old.length === prices ? 'All of these prices were' : `${old.length} of these ${prices} prices were`;
  return `${count} last read ${OLD_AFTER_DAYS} days ago or earlier, the oldest on ${oldest.readOn} (${oldest.ageDays} days ago); they are marked with "!". \`costkit price refresh\` compares them with what AWS lists now.`;
}

/** Rows that say something: an empty one does where it takes an older price away. */
function shownRows(rows: readonly DatedRow[]): DatedRow[] {
  return rows.filter((row) => isPrice(row) || row.effectiveFrom !== undefined);
}

/** Pico-dollars per token are millionths of dollars per million tokens. */
const perMillion = (rate: number | undefined): string => (rate === undefined ? '' : `$${rate / 1_000_000}`);

function sourceOf({ source, confirmedBy, certainty, assumed }: PriceRow): string {
  const doubt =
    certainty === 'assumed' ? ' (assumed)' : assumed === undefined ? '' : ` (${assumed.join(', ')} assumed)`;
  return `${source}${confirmedBy === undefined ? '' : `, ${confirmedBy}`}${doubt}`;
}

/** Rows that differ in nothing but the scope, as one. */
function byScopes(rows: readonly DatedRow[]): (readonly [row: DatedRow, scopes: readonly string[]])[] {
  const groups = new Map<string, [DatedRow, string[]]>();
  for (const row of rows) {
    const { scope, ...rest } = row;
    const key = JSON.stringify(rest);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row, [scope]]);
    else group[1].push(scope);
  }
  return [...groups.values()];
}

/** Every scope, Region and tier, for people. */
export function priceSheet(rows: readonly DatedRow[]): string {
  const shown = shownRows(rows);
  // Columns that would stand empty are left out: the sheet is wide enough.
  const kinds = KINDS.filter(([kind]) => shown.some(({ rates }) => rates[kind] !== undefined));
  const [hasRegions, hasUnits, hasDates] = [
    shown.some(({ region }) => region !== undefined),
    shown.some(({ units }) => units !== undefined),
    shown.some(({ effectiveFrom }) => effectiveFrom !== undefined),
  ];
  const only = <Cell>(isShown: boolean, cell: Cell): Cell[] => (isShown ? [cell] : []);
  const table = textTable([
    'scope',
    ...only(hasRegions, 'Region'),
    'tier',
    ...kinds.map(([, title]) => title),
    ...only(hasUnits, 'per unit'),
    ...only(hasDates, 'from'),
    'as of',
    'source',
  ]);
  for (const [row, scopes] of byScopes(shown)) {
    const bracket = row.aboveTokens === undefined ? '' : ` > ${row.aboveTokens.toLocaleString('en-US')}`;
    const units = Object.entries(row.units ?? {}).map(([unit, usd]) => `${unit} $${usd}`);
    table.push([
      scopes.join('\n'),
      ...only(hasRegions, row.region ?? ''),
      row.tier + bracket,
      ...kinds.map(([kind], index) =>
        index === 0 && !isPrice(row) ? 'unknown' : perMillion(row.rates[kind]),
      ),
      ...only(hasUnits, units.join('\n')),
      ...only(hasDates, row.effectiveFrom ?? ''),
      `${row.readOn ?? ''}${row.isOld ? ' !' : ''}`,
      sourceOf(row),
    ]);
  }
  return table.toString();
}
