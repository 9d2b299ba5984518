import type { Totals } from '../ledger-row.js';
import type { CostPer, MeterReport } from '../report-groups.js';
import { type CsvCell, csvRecord, csvText } from './csv.js';

type Figures = Totals & { readonly per?: CostPer };

/** Dollars with all their digits. Where not one of the calls has a price, the sum is not $0 but unknown. */
const knownUsd =
  (name: 'cost' | 'estimatedCost') =>
  (totals: Figures): CsvCell =>
    totals.calls > 0 && totals.calls === totals.unpriced ? undefined : totals[name].toUsdString();

const comparableUsd =
  (name: 'baseline' | 'saved' | 'estimatedSaved') =>
  (totals: Figures): CsvCell =>
    totals.calls > 0 && totals.comparable === 0 ? undefined : totals[name].toUsdString();

const COLUMNS: readonly (readonly [name: string, cell: (totals: Figures) => CsvCell])[] = [
  ['calls', ({ calls }) => calls],
  ['failed_calls', ({ failed }) => failed],
  ['unpriced_calls', ({ unpriced }) => unpriced],
  ['estimated_calls', ({ estimated }) => estimated],
  ['input_tokens', ({ usage }) => usage.input],
  ['output_tokens', ({ usage }) => usage.output],
  ['cache_read_tokens', ({ usage }) => usage.cacheRead],
  ['cache_write_5m_tokens', ({ usage }) => usage.cacheWrite5m],
  ['cache_write_1h_tokens', ({ usage }) => usage.cacheWrite1h],
  ['cache_write_30m_tokens', ({ usage }) => usage.cacheWrite30m],
  ['cost_usd', knownUsd('cost')],
  ['estimated_cost_usd', knownUsd('estimatedCost')],
  ['baseline_usd', comparableUsd('baseline')],
  ['saved_usd', comparableUsd('saved')],
  ['estimated_saved_usd', comparableUsd('estimatedSaved')],
  ['mean_latency_ms', ({ meanLatencyMs }) => meanLatencyMs],
  ['mean_first_chunk_ms', ({ meanFirstChunkMs }) => meanFirstChunkMs],
  ['cache_hit_rate', ({ cacheHitRate }) => cacheHitRate],
];

const PER_COLUMNS: typeof COLUMNS = [
  ['per', ({ per }) => csvText(per?.name ?? '')],
  ['per_count', ({ per }) => per?.count],
  ['usd_per_one', ({ per }) => per?.usd],
];

/**
 * A report as CSV (RFC 4180): a record for each row, none for the total, so that sums in a spreadsheet are right. Amounts
 * have all their digits; an unknown one is empty, never 0. Values that a spreadsheet would run as a formula are guarded
 * by an apostrophe.
 *
 * @example
 * ```ts
 * await writeFile('november.csv', reportCsv(meter.report({ by: ['month', 'team', 'servedModel'] })));
 * ```
 */
export function reportCsv(report: MeterReport): string {
  const columns = report.per === undefined ? COLUMNS : [...COLUMNS, ...PER_COLUMNS];
  const head = csvRecord([...report.by.map(csvText), ...columns.map(([name]) => name)]);
  const records = report.rows.map((row) =>
    csvRecord([
      ...report.by.map((name) => csvText(row.group[name] ?? '')),
      ...columns.map(([, cell]) => cell(row)),
    ]),
  );
  return head + records.join('');
}
