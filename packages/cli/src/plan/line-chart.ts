import pc from 'picocolors';
import type { Point } from 'simple-ascii-chart';

/** One line of a chart. */
export interface ChartSeries {
  readonly name: string;
  readonly points: readonly Point[];
}

export interface ChartOptions {
  readonly title: string;
  readonly xLabel: string;
  /** Width of the terminal. */
  readonly columns: number;
}

const COLORS = ['ansiCyan', 'ansiYellow', 'ansiMagenta'] as const;
const LETTERS = ['●', '○', '×'] as const;
const HEIGHT = 14;
const WIDEST = 90;
const NARROWEST = 20;
/** What labels and frame take. */
const BESIDE = 14;
const TICKS = 4;

/** Lines over dollars, for the terminal: each with a mark of its own, so that they differ without colours too. */
export async function lineChart(
  series: readonly ChartSeries[],
  { title, xLabel, columns }: ChartOptions,
): Promise<string> {
  const { default: plot } = await import('simple-ascii-chart');
  const drawn = series.filter(({ points }) => points.length > 1);
  if (drawn.length === 0) return '';
  const marks = drawn.flatMap(({ points }, index) =>
    points.map(([x, y]) => ({ x, y, mark: LETTERS[index] ?? '·' })),
  );
  const all = marks.map(({ x }) => x);
  const [least, most] = [Math.min(...all), Math.max(...all)];
  const chart = plot(
    drawn.map(({ points }) => [...points]),
    {
      title,
      xLabel,
      width: Math.min(WIDEST, Math.max(NARROWEST, columns - BESIDE)),
      height: HEIGHT,
      mode: 'point',
      customXAxisTicks: Array.from(
        { length: TICKS + 1 },
        (_, tick) => least + ((most - least) * tick) / TICKS,
      ),
      formatter: (value, { axis }) => (axis === 'y' ? `$${shortNumber(value)}` : shortNumber(value)),
      lineFormatter: ({ plotX, plotY, x, y }) => ({
        x: plotX,
        y: plotY,
        symbol: marks.find((mark) => mark.x === x && mark.y === y)?.mark ?? '·',
      }),
      ...(pc.isColorSupported ? { color: [...COLORS] } : {}),
    },
  );
  const legend = drawn.map(({ name }, index) => `${LETTERS[index] ?? '·'} ${name}`).join('   ');
  return `${chart.replace(/^\n+/, '').trimEnd()}\n${legend}`;
}

/** 1234567 is 1.2M. */
function shortNumber(value: number): string {
  return value.toLocaleString('en-US', { notation: 'compact', maximumFractionDigits: 1 });
}
