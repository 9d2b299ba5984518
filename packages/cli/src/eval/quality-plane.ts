import type { TaskReport, TierResult } from '@costkit/router/evaluation';
import { escapeHtml } from '../html-page.js';

/** White numbers can be read on them. */
const COLOURS = { baseline: '#566573', holds: '#1e8449', loses: '#c0392b', undecided: '#9a5b00' } as const;

/** Large enough on a telephone, to whose width the drawing is scaled. */
const FONT_SIZE = 16;

const standingOf = ({ comparison }: TierResult): keyof typeof COLOURS => comparison?.verdict ?? 'baseline';

const isDrawn = ({ usdPerCall }: TierResult): boolean => usdPerCall !== null && usdPerCall > 0;

/** What the numbers stand for, in words too: not everybody tells the colours apart. Names in the drawing would overlap. */
function legend(tiers: readonly TierResult[]): string {
  const items = tiers.map((tier) => {
    const { usdPerCall } = tier;
    const why = isDrawn(tier)
      ? ''
      : ` (not drawn: its cost is ${usdPerCall === null ? 'unknown' : 'nothing'})`;
    return `<li style="color:${COLOURS[standingOf(tier)]}">${escapeHtml(tier.tier)}: ${standingOf(tier)}${why}</li>`;
  });
  return `<figcaption><ol>${items.join('')}</ol></figcaption>`;
}

/**
 * Cost and quality of one task's tiers, as an SVG that needs no script, and what stands in it; `undefined` where no cost is
 * known.
 */
export async function qualityPlane({ tiers }: TaskReport): Promise<string | undefined> {
  const points = tiers.flatMap((tier, index) =>
    isDrawn(tier)
      ? [
          {
            number: index + 1,
            score: tier.score,
            scoreInterval: tier.scoreInterval,
            usdPerCall: tier.usdPerCall ?? 0,
            standing: standingOf(tier),
          },
        ]
      : [],
  );
  if (points.length === 0) return undefined;
  const lowest = Math.min(...points.map(({ scoreInterval }) => scoreInterval.low));
  const costs = points.map(({ usdPerCall }) => usdPerCall);
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
      axisLabel: { fontSize: FONT_SIZE, formatter: decadeText },
    },
    yAxis: {
      type: 'value',
      min: Math.max(0, Math.floor(10 * lowest - 0.5) / 10),
      max: 1,
      axisLabel: { fontSize: FONT_SIZE, formatter: (value: number) => `${Math.round(100 * value)} %` },
    },
    series: points.flatMap(({ number, score, scoreInterval, usdPerCall, standing }) => [
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
        // Over the lines.
        z: 4,
        symbolSize: 26,
        itemStyle: { color: COLOURS[standing], borderColor: '#fff', borderWidth: 2, opacity: 1 },
        label: {
          show: true,
          color: '#fff',
          fontSize: FONT_SIZE,
          fontWeight: 'bold',
          formatter: String(number),
        },
        data: [[usdPerCall, score]],
      },
    ]),
  });
  const svg = drawing.renderToSVGString();
  drawing.dispose();
  return `${svg}${legend(tiers)}`;
}

/** `$0.0001`: a whole power of ten, with all its digits. */
const decadeText = (usd: number): string =>
  `$${usd.toFixed(Math.min(12, Math.max(0, -Math.round(Math.log10(usd)))))}`;
