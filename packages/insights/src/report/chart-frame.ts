import { escapeHtml } from './html.js';

/** Units of a drawing, which is stretched to the width of its page; what is written stands beside it, readable on any. */
export const CHART = { width: 960, height: 200 } as const;

/** What a chart is made of besides its drawing. */
export interface ChartFrame {
  /** All that the drawing shows, for those who do not see it. */
  readonly label: string;
  /** Colours and what they are. */
  readonly keys?: readonly (readonly [colour: 'paid' | 'saved' | 'write', words: string])[];
  /** What the highest point stands for; the lowest is nothing. */
  readonly highest: string;
  readonly first: string;
  readonly last: string;
  /** Shapes in units of {@link CHART}; no text. */
  readonly drawing: string;
}

/** A chart with its labels as text of the page. */
export function chartFrame({ label, keys = [], highest, first, last, drawing }: ChartFrame): string {
  const legend = keys.map(
    ([colour, words]) =>
      `<span class="keyed"><span class="key" style="background:var(--${colour})"></span>${escapeHtml(words)}</span>`,
  );
  return `${legend.length === 0 ? '' : `<p class="note">${legend.join(' ')}</p>\n`}<div class="chart"><p class="note">${escapeHtml(highest)}</p>
<svg viewBox="0 0 ${CHART.width} ${CHART.height}" preserveAspectRatio="none" role="img" aria-label="${escapeHtml(label)}">
${drawing}
</svg>
<p class="note ends"><span>${escapeHtml(first)}</span><span>${escapeHtml(last)}</span></p></div>`;
}
