import type { AttributionRow } from '../types.js';
import { CHART, chartFrame } from './chart-frame.js';
import { escapeHtml } from './html.js';

const DAY_MS = 86_400_000;
const WEEK = 7;

/** Whole days from one date to another. */
const daysBetween = (first: string, last: string): number =>
  Math.round((Date.parse(last) - Date.parse(first)) / DAY_MS);

/** The last seven days against the seven before, in words; the logs must cover both. */
function trendOf(days: readonly AttributionRow[], first: string, last: string): string {
  if (daysBetween(first, last) + 1 < 2 * WEEK) return 'Two weeks of logs would say whether it becomes more.';
  const usdOf = (weeksAgo: number): number =>
    days
      .filter(({ value }) => Math.floor(daysBetween(value, last) / WEEK) === weeksAgo)
      .reduce((sum, { cost }) => sum + cost.usd, 0);
  const [before, now] = [usdOf(1), usdOf(0)];
  if (before === 0) return 'The week before the last cost nothing.';
  const change = Math.round((100 * (now - before)) / before);
  return `The last seven days cost $${now.toFixed(2)}, ${Math.abs(change)} % ${change < 0 ? 'less' : 'more'} than the seven before.`;
}

/** Dollars by day as a drawing, with what they say of the trend. Days without calls keep their place. */
export function dayChart(rows: readonly AttributionRow[]): string {
  const days = rows.filter(({ value }) => !Number.isNaN(Date.parse(value)));
  const [first, last] = [days[0]?.value ?? '', days.at(-1)?.value ?? ''];
  const highest = Math.max(...days.map(({ cost }) => cost.usd), Number.MIN_VALUE);
  const step = CHART.width / (daysBetween(first, last) + 1);
  const bars = days.map(({ value, cost }) => {
    const height = (CHART.height * cost.usd) / highest;
    return `<rect class="input-fill" x="${(daysBetween(first, value) * step).toFixed(1)}" y="${(CHART.height - height).toFixed(1)}" width="${Math.max(0.5, step * 0.86).toFixed(1)}" height="${height.toFixed(1)}"/>`;
  });
  const dearest = days.reduce(
    (most, row) => (row.cost.compare(most.cost) > 0 ? row : most),
    days[0] as AttributionRow,
  );
  const trend = trendOf(days, first, last);
  const label = `Dollars by day from ${first} to ${last}. The dearest day, ${dearest.value}, cost ${dearest.cost}. ${trend}`;
  const drawing = bars.join('');
  const highestDay = `${dearest.cost} on ${dearest.value}`;
  return `<p class="note">${escapeHtml(trend)}</p>
${chartFrame({ label, highest: highestDay, first, last, drawing })}`;
}
