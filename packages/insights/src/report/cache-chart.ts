import type { CacheHour } from '../types.js';
import { CHART, chartFrame } from './chart-frame.js';

const MOST_BARS = 240;

const short = (tokens: number): string =>
  new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 }).format(tokens);

/** Joins neighbours where there are more hours than a page has room for. */
function bucketed(hours: readonly CacheHour[]): readonly CacheHour[] {
  const size = Math.ceil(hours.length / MOST_BARS);
  return Array.from({ length: Math.ceil(hours.length / size) }, (_, index) =>
    hours.slice(index * size, (index + 1) * size).reduce((sum, hour) => ({
      at: sum.at,
      cacheRead: sum.cacheRead + hour.cacheRead,
      cacheWrite: sum.cacheWrite + hour.cacheWrite,
      input: sum.input + hour.input,
    })),
  );
}

/** What the prompt cache did over time, as a drawing: prompt tokens that were read, written, and neither. */
export function cacheChart(hours: readonly CacheHour[]): string {
  const bars = bucketed(hours);
  const highest = Math.max(
    1,
    ...bars.map(({ cacheRead, cacheWrite, input }) => cacheRead + cacheWrite + input),
  );
  const step = CHART.width / bars.length;
  const scale = CHART.height / highest;
  const drawn = bars.map(({ cacheRead, cacheWrite, input }, index) => {
    let y: number = CHART.height;
    const part = (tokens: number, fill: string): string => {
      if (tokens === 0) return '';
      const height = tokens * scale;
      y -= height;
      return `<rect class="${fill}" x="${(index * step).toFixed(1)}" y="${y.toFixed(1)}" width="${Math.max(0.5, step * 0.86).toFixed(1)}" height="${height.toFixed(1)}"/>`;
    };
    return part(cacheRead, 'read-fill') + part(cacheWrite, 'write-fill') + part(input, 'input-fill');
  });
  const [first, last] = [bars[0]?.at.slice(0, 10) ?? '', bars.at(-1)?.at.slice(0, 10) ?? ''];
  const sum = (name: 'cacheRead' | 'cacheWrite' | 'input'): number =>
    hours.reduce((total, hour) => total + hour[name], 0);
  const label = `Prompt tokens from ${first} to ${last}: ${short(sum('cacheRead'))} read from the cache, ${short(sum('cacheWrite'))} written to it, ${short(sum('input'))} plain`;
  return chartFrame({
    label,
    keys: [
      ['saved', 'read from the cache'],
      ['write', 'written'],
      ['paid', 'plain input'],
    ],
    highest: `${short(highest)} tokens`,
    first,
    last,
    drawing: drawn.join(''),
  });
}
