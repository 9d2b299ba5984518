import type { TaskReport } from '@costkit/router/evaluation';

const COLOURS = { baseline: '#566573', holds: '#1e8449', loses: '#c0392b', undecided: '#b9770e' } as const;

/** Large enough on a telephone, to whose width the drawing is scaled. */
const FONT_SIZE = 16;

/** Cost and quality of one task's tiers, as an SVG that needs no script; `undefined` where no cost is known. */
export async function qualityPlane({ tiers }: TaskReport): Promise<string | undefined> {
  const points = tiers.flatMap(({ tier, score, scoreInterval, usdPerCall, comparison }) =>
    usdPerCall === null || usdPerCall <= 0
      ? []
      : [{ tier, score, scoreInterval, usdPerCall, standing: comparison?.verdict ?? ('baseline' as const) }],
  );
  if (points.length === 0) return undefined;
  const lowest = Math.min(...points.map(({ scoreInterval }) => scoreInterval.low));
  const costs = points.map(({ usdPerCall }) => usdPerCall);
  // Of the logarithmic axis.
  const middle = Math.sqrt(Math.min(...costs) * Math.max(...costs));
  const { init } = await import('echarts');
  const drawing = init(null, null, { renderer: 'svg', ssr: true, width: 520, height: 340 });
  drawing.setOption({
    animation: false,
    textStyle: { fontFamily: 'system-ui, sans-serif', fontSize: FONT_SIZE },
    grid: { left: 64, right: 40, top: 16, bottom: 64 },
    xAxis: {
      type: 'log',
      name: 'cost of a call',
      nameLocation: 'middle',
      nameGap: 34,
      nameTextStyle: { fontSize: FONT_SIZE },
      // Whole decades, so that there are labels to read.
      min: 10 ** Math.floor(Math.log10(Math.min(...costs))),
      max: 10 ** Math.ceil(Math.log10(Math.max(...costs)) + 1e-9),
      axisLabel: { fontSize: FONT_SIZE, formatter: (value: number) => `$${Number(value.toPrecision(1))}` },
    },
    yAxis: {
      type: 'value',
      min: Math.max(0, Math.floor(10 * lowest - 0.5) / 10),
      max: 1,
      axisLabel: { fontSize: FONT_SIZE, formatter: (value: number) => `${Math.round(100 * value)} %` },
    },
    series: points.flatMap(({ tier, score, scoreInterval, usdPerCall, standing }) => [
      {
        type: 'line',
        symbol: 'none',
        lineStyle: { color: COLOURS[standing], width: 2 },
        data: [
          [usdPerCall, scoreInterval.low],
          [usdPerCall, scoreInterval.high],
        ],
      },
      {
        type: 'scatter',
        symbolSize: 12,
        itemStyle: { color: COLOURS[standing] },
        // To the side where there is more room.
        label: {
          show: true,
          position: usdPerCall > middle ? 'left' : 'right',
          color: '#16202a',
          fontSize: FONT_SIZE,
          // In words too: not everybody tells the colours apart.
          formatter: () => `${tier}: ${standing}`,
        },
        data: [[usdPerCall, score]],
      },
    ]),
  });
  const svg = drawing.renderToSVGString();
  drawing.dispose();
  return svg;
}
