import { InvalidOptionError } from '@costkit/core';
import type { EvaluationLike } from '../evaluation-like.js';
import { CHART, chartFrame } from './chart-frame.js';
import { escapeHtml, htmlTable } from './html.js';

type Task = EvaluationLike['tasks'][number];

const COLOURS = ['paid', 'saved', 'write'] as const;
const colourOf = (index: number): (typeof COLOURS)[number] => COLOURS[index % COLOURS.length] ?? 'paid';
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const dollars = (usd: number): string => `$${usd.toPrecision(3)}`;

const isShare = (value: unknown): boolean => typeof value === 'number' && value >= 0 && value <= 1;

/** @throws InvalidOptionError for what is no report of an evaluation. */
export function checkEvaluation(evaluation: EvaluationLike): void {
  const isTask = ({ task, tiers }: Task): boolean =>
    typeof task === 'string' &&
    Array.isArray(tiers) &&
    tiers.every(
      ({ tier, score, scoreInterval, usdPerCall }) =>
        typeof tier === 'string' &&
        isShare(score) &&
        isShare(scoreInterval?.low) &&
        isShare(scoreInterval?.high) &&
        (usdPerCall === null || (typeof usdPerCall === 'number' && usdPerCall >= 0)),
    );
  if (!Array.isArray(evaluation?.tasks) || !evaluation.tasks.every(isTask))
    throw new InvalidOptionError(
      'insights',
      'evaluation',
      'must be the report of an evaluation, as costkit eval --json prints it',
    );
}

/** Cost of a call and quality of every tier of a task, with the interval of the quality. */
export function qualityPlane({ task, tiers }: Task): string {
  const priced = tiers.flatMap((tier) =>
    tier.usdPerCall === null ? [] : [{ ...tier, usd: tier.usdPerCall }],
  );
  const table = htmlTable(
    `Quality and cost of a call, task ${task}`,
    [
      { title: 'Tier' },
      { title: 'Quality', isNumber: true },
      { title: 'Interval', isNumber: true },
      { title: 'A call', isNumber: true },
    ],
    tiers.map(({ tier, score, scoreInterval, usdPerCall }) => [
      tier,
      percent(score),
      `${percent(scoreInterval.low)} to ${percent(scoreInterval.high)}`,
      usdPerCall === null ? 'unknown' : dollars(usdPerCall),
    ]),
  );
  if (priced.length === 0) return table;
  const most = 1.1 * Math.max(...priced.map(({ usd }) => usd), Number.MIN_VALUE);
  const x = (usd: number): string => ((CHART.width * usd) / most).toFixed(1);
  const y = (share: number): string => (CHART.height * (1 - share)).toFixed(1);
  const points = priced.map(({ score, scoreInterval, usd }, index) => {
    const stroke = `style="stroke:var(--${colourOf(index)})"`;
    // A line of no length with round ends is a dot, however the drawing is stretched.
    return `<path class="interval" ${stroke} d="M${x(usd)} ${y(scoreInterval.low)}V${y(scoreInterval.high)}"/><path class="dot" ${stroke} d="M${x(usd)} ${y(score)}h0"/>`;
  });
  const said = priced.map(({ tier, score, usd }) => `${tier} ${percent(score)} at ${dollars(usd)}`);
  const chart = chartFrame({
    label: `Quality by cost of a call, task ${task}: ${said.join(', ')}`,
    keys: priced.map(({ tier }, index) => [colourOf(index), tier] as const),
    highest: '100 % right',
    first: '$0 a call',
    last: `${dollars(most)} a call`,
    drawing: points.join('\n'),
  });
  return `<h3>${escapeHtml(`Task ${task}`)}</h3>${chart}${table}`;
}
