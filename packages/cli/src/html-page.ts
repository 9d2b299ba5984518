/**
 * What the pages of the command have in common: one file, no script, no request to anywhere.
 * @module
 */

/** Text as HTML. */
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/** A column of {@link htmlTable}. */
interface Column {
  readonly title: string;
  readonly number?: boolean;
}

/** A table that scrolls by itself where the screen is narrow. */
export function htmlTable(
  caption: string,
  columns: readonly Column[],
  rows: readonly (readonly (string | number)[])[],
): string {
  const cell = (tag: 'th' | 'td', value: string | number, column: Column | undefined): string =>
    `<${tag}${tag === 'th' ? ' scope="col"' : ''}${column?.number === true ? ' class="number"' : ''}>${escapeHtml(String(value))}</${tag}>`;
  const body = rows.map(
    (row) => `<tr>${row.map((value, index) => cell('td', value, columns[index])).join('')}</tr>`,
  );
  return `<div class="scroll"><table><caption>${escapeHtml(caption)}</caption><thead><tr>${columns.map((column) => cell('th', column.title, column)).join('')}</tr></thead><tbody>${body.join('')}</tbody></table></div>`;
}

const STYLE = `:root{color-scheme:light dark;--ink:#16202a;--paper:#fff;--line:#cfd8e0;--soft:#566573}
@media (prefers-color-scheme:dark){:root{--ink:#e8edf2;--paper:#12181f;--line:#33414e;--soft:#a3b1bf}}
body{margin:0 auto;padding:1.5rem 1rem 3rem;max-width:60rem;font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper)}
h1{font-size:1.6rem;line-height:1.25}figure{margin:1.5rem 0;padding:.75rem;background:#fff;border:1px solid var(--line);border-radius:.5rem;overflow-x:auto}
figure svg{display:block;min-width:34rem;width:100%;height:auto}figure.plane svg{min-width:0;max-width:40rem}figcaption{font-size:.9rem}figcaption ol{margin:.5rem 0 0;padding-left:1.5rem}.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;margin:1rem 0}
caption{text-align:left;font-weight:600;padding:.5rem 0}th,td{padding:.35rem .6rem;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}.note{color:var(--soft);font-size:.9rem}`;

/** A whole page; `main` is HTML. */
export function htmlPage(title: string, main: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
${main}
</main>
</body>
</html>
`;
}
