/** A cell of a CSV file: text, or a number that is written as it is; `undefined` and `null` are empty. */
export type CsvCell = string | number | null | undefined;

/** What spreadsheets take for the beginning of a formula, also in full width. */
const FORMULA_START = /^[=+\-@\t\r\n＝＋－＠]/;

/** A text that no spreadsheet runs as a formula: tags come from outside. */
export function csvText(text: string): string {
  return FORMULA_START.test(text) ? `'${text}` : text;
}

function quoted(cell: CsvCell): string {
  const text = cell === undefined || cell === null ? '' : String(cell);
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** One record of a CSV file by RFC 4180, with its line end. Texts from outside go through {@link csvText} first. */
export function csvRecord(cells: readonly CsvCell[]): string {
  return `${cells.map(quoted).join(',')}\r\n`;
}
