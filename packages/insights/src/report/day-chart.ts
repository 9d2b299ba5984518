import type { AttributionRow } from '../types.js';
import { CHART, chartFrame } from './chart-frame.js';
import { escapeHtml } from './html.js';

const WEEK = 7;

const sumOf = (rows: readonly AttributionRow[]): number => rows.reduce((sum, { cost }) => sum + cost.usd, 0);

/** The last seven days against the seven before, in words; with fewer days, nothing. */
function trendOf(days: readonly AttributionRow[]): string {
  if (days.length < 2 * WEEK) return 'Two weeks of logs would say whether it becomes more.';
  const [before, last] = [sumOf(days.slice(-2 * WEEK, -WEEK)), sumOf(days.slice(-WEEK))];
  if (before === 0) return 'The week before the last cost nothing.';
  const change = Math.round((100 * (last - before)) / before);
  return `The last seven days cost $${last.toFixed(2)}, ${Math.abs(change)} % ${change < 0 ? 'less' : 'more'} than the seven before.`;
}

/** Dollars by day as a drawing, with what they say of the trend. Days without calls keep their place. */
export function dayChart(rows: readonly AttributionRow[]): string {
  const days = rows.filter(({ value }) => !Number.isNaN(Date.parse(value)));
  const [first, last] = [days[0]?.value ?? '', days.at(-1)?.value ?? ''];
  const places = Math.round((Date.parse(last) - Date.parse(first)) / 86_400_000) + 1;
  const highest = Math.max(...days.map(({ cost }) => cost.usd), Number.MIN_VALUE);
  const step = CHART.width / places;
  const bars = days.map(({ value, cost }) => {
    const place = Math.round((Date.parse(value) - Date.parse(first)) / 86_400_000);
    const height = (CHART.height * cost.usd) / highest;
    return `<rect class="input-fill" x="${(place * step).toFixed(1)}" y="${(CHART.height - height).toFixed(1)}" width="${Math.max(0.5, step * 0.86).toFixed(1)}" height="${height.toFixed(1)}"/>`;
  });
  const dearest = days.reduce(
    (most, row) => (row.cost.compare(most.cost) > 0 ? row : most),
    days[0] as AttributionRow,
  );
  const trend = trendOf(days);
  const label = `Dollars by day from ${first} to ${last}. The dearest day, ${dearest.value}, cost ${dearest.cost}. ${trend}`;
  const drawing = bars.join('');
  const highestDay = `${dearest.cost} on ${dearest.value}`;
  return `<p class="note">${escapeHtml(trend)}</p>
${chartFrame({ label, highest: highestDay, first, last, drawing })}`;
}
