/**
 * Ledgers read from files, as reports, CSV, FOCUS datasets and forecasts.
 * @module
 */
export { FOCUS_COLUMNS, type FocusColumn, type FocusRow } from './export/focus-columns.js';
export {
  type FocusDataset,
  type FocusExportOptions,
  focusCsv,
  focusExport,
  TooManyRowsError,
} from './export/focus-export.js';
export { type ForecastMonthOptions, forecastMonth, type MonthForecast } from './export/forecast-month.js';
export { type LineProblem, readReceipts } from './export/read-receipts.js';
export { InvalidReceiptError, receiptFromJson } from './export/receipt-from-json.js';
export { reportCsv } from './export/report-csv.js';
export { type ReportOfOptions, reportOf } from './export/report-of.js';
export { reportTable } from './export/report-table.js';
