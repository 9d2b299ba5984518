/** Text as HTML, in elements and in quoted attributes. */
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);

/** A column of {@link htmlTable}. */
export interface Column {
  readonly title: string;
  readonly isNumber?: boolean;
}

/** A cell: text, or markup that is safe already. */
export type Cell = string | { readonly html: string };

/** A table that scrolls by itself where the screen is narrow, also with the keyboard. */
export function htmlTable(
  caption: string,
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
): string {
  const classOf = (column: Column | undefined): string =>
    column?.isNumber === true ? ' class="number"' : '';
  const head = columns
    .map((column) => `<th scope="col"${classOf(column)}>${escapeHtml(column.title)}</th>`)
    .join('');
  const body = rows.map((row) => {
    const cells = row.map((cell, index) => {
      const html = typeof cell === 'string' ? escapeHtml(cell) : cell.html;
      return `<td${classOf(columns[index])}>${html}</td>`;
    });
    return `<tr>${cells.join('')}</tr>`;
  });
  return `<div class="scroll" tabindex="0" role="region" aria-label="${escapeHtml(caption)}"><table><caption>${escapeHtml(caption)}</caption>
<thead><tr>${head}</tr></thead><tbody>${body.join('\n')}</tbody></table></div>`;
}

/** Colours with a contrast of 4.5 and more on both papers. */
const STYLE = `:root{color-scheme:light dark;--ink:#16202a;--paper:#fff;--card:#f5f7f9;--line:#cfd8e0;--soft:#4d5b68;--paid:#0f6fb8;--saved:#1e7a45;--write:#a85a00;--link:#0b5c9c}
@media (prefers-color-scheme:dark){:root{--ink:#e8edf2;--paper:#12181f;--card:#1b242d;--line:#3a4a59;--soft:#a9b6c3;--paid:#5aa9e6;--saved:#5cc489;--write:#e0a050;--link:#7dbdf0}}
*{box-sizing:border-box}body{margin:0;font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper)}
main{margin:0 auto;padding:1.5rem 1rem 3rem;max-width:74rem}h1{font-size:1.7rem;line-height:1.2;margin:.2rem 0 .6rem}h2{font-size:1.25rem;margin:2.2rem 0 .6rem}h3{font-size:1.05rem;margin:0}
p{margin:.5rem 0;max-width:60rem}.note{color:var(--soft);font-size:.9rem}.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.5rem,1fr));gap:.75rem;margin:1rem 0;padding:0;list-style:none}
.figures li{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:.6rem .8rem}.figures strong{display:block;font-size:1.35rem;font-variant-numeric:tabular-nums}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;margin:.5rem 0}caption{text-align:left;font-weight:600;padding:.4rem 0}th,td{padding:.3rem .6rem;border-bottom:1px solid var(--line);text-align:left;vertical-align:top;overflow-wrap:anywhere;min-width:4.5rem}
td:first-child,th:first-child{min-width:11rem}.track{min-width:6rem}
td.number,th.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap;overflow-wrap:normal}
.waterfall{margin:0;padding:0;list-style:none}.waterfall li{display:grid;grid-template-columns:minmax(0,16rem) 1fr 6rem;gap:.2rem .8rem;align-items:center;padding:.25rem 0}
.waterfall .label{overflow-wrap:anywhere}.waterfall .amount{text-align:right;font-variant-numeric:tabular-nums}.track{display:block;height:1.1rem;background:var(--card);border-radius:.2rem;overflow:hidden}.bar{display:block;height:100%;border-radius:.2rem}
.paid{background:var(--paid)}.saved{background:var(--saved)}@media (max-width:40rem){.waterfall li{grid-template-columns:1fr 6rem}.waterfall .track{grid-column:1/-1;grid-row:2}}
article{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:.8rem 1rem;margin:.8rem 0}article p{margin:.35rem 0}.money{font-weight:600;color:var(--saved)}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem .8rem;margin:.5rem 0}dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
pre{overflow-x:auto;background:var(--paper);border:1px solid var(--line);border-radius:.4rem;padding:.6rem .8rem;margin:.5rem 0;font:.85rem/1.45 ui-monospace,monospace}code{font:.85em ui-monospace,monospace;overflow-wrap:anywhere}
summary{cursor:pointer}summary:focus-visible,.scroll:focus-visible,pre:focus-visible{outline:2px solid var(--link);outline-offset:2px}
svg{display:block;width:100%;height:11rem;border-bottom:1px solid var(--line)}.chart{margin:.5rem 0 1rem}.chart p{margin:.2rem 0}.ends{display:flex;justify-content:space-between;max-width:none}.keyed{white-space:nowrap;margin-right:.9rem}.read-fill{fill:var(--saved)}.write-fill{fill:var(--write)}.input-fill{fill:var(--paid)}.on-demand-line,.provisioned-line{fill:none;stroke-width:3;stroke:var(--paid);vector-effect:non-scaling-stroke}.provisioned-line{stroke:var(--write)}.interval,.dot{fill:none;stroke-width:2;vector-effect:non-scaling-stroke}.dot{stroke-width:12;stroke-linecap:round}.mark{fill:none;stroke:var(--soft);stroke-dasharray:4 4;vector-effect:non-scaling-stroke}
.key{display:inline-block;width:.8rem;height:.8rem;border-radius:.15rem;margin:0 .35rem 0 0;vertical-align:-.05rem}`;

/** A whole page without script, font or picture from anywhere; `main` is HTML. */
export function htmlPage(title: string, main: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
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
