import { checkOptions, isObject, type Money } from '@costkit/core';
import type { EvaluationLike } from '../evaluation-like.js';
import { BESIDE_TOKENS } from '../recommendation-texts.js';
import type { Analysis, AttributionDimension, AttributionRow, Recommendation } from '../types.js';
import { cacheChart } from './cache-chart.js';
import { creditsSection } from './credits-section.js';
import { dayChart } from './day-chart.js';
import { type Cell, escapeHtml, htmlPage, htmlTable } from './html.js';
import { provisionedChart } from './provisioned-chart.js';
import { checkEvaluation, qualityPlane } from './quality-plane.js';

const DIMENSIONS: readonly (readonly [AttributionDimension, string])[] = [
  ['model', 'By model'],
  ['feature', 'By feature'],
  ['team', 'By team'],
  ['task', 'By task'],
  ['tier', 'By tier'],
  ['scope', 'By scope'],
  ['region', 'By Region'],
  ['account', 'By account'],
  ['operation', 'By operation'],
  ['day', 'By day'],
  ['hour', 'By hour of the day (UTC)'],
];
/** Rows of a dimension on the page; JSON has them all. */
const MOST_ROWS = 25;

const whole = (count: number): string => count.toLocaleString('en-US');
const shareOf = (part: Money, all: Money): number => (all.picoUsd === 0n ? 0 : part.usd / all.usd);
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

function bar(from: number, width: number, kind: 'paid' | 'saved'): string {
  const [start, length] = [Math.max(0, Math.min(1, from)), Math.max(0, Math.min(1, width))];
  return `<span class="track" aria-hidden="true"><span class="bar ${kind}" style="margin-left:${(100 * start).toFixed(2)}%;width:${(100 * length).toFixed(2)}%"></span></span>`;
}

/** From today's month to the month after everything, step by step. */
function waterfall({ perMonth, perMonthAfter, recommendations }: Analysis): string {
  const rows = [
    `<li><span class="label">Today</span>${bar(0, 1, 'paid')}<span class="amount">${escapeHtml(String(perMonth))}</span></li>`,
  ];
  let left = perMonth;
  for (const { rank, title, task, perMonthAfterOthers, kind } of recommendations) {
    if (perMonthAfterOthers.picoUsd === 0n || BESIDE_TOKENS.has(kind)) continue;
    left = left.minus(perMonthAfterOthers);
    rows.push(
      `<li><span class="label">${rank}. ${escapeHtml(title)}${task === '*' ? '' : ` <span class="note">(${escapeHtml(task)})</span>`}</span>${bar(
        shareOf(left, perMonth),
        shareOf(perMonthAfterOthers, perMonth),
        'saved',
      )}<span class="amount">−${escapeHtml(String(perMonthAfterOthers))}</span></li>`,
    );
  }
  rows.push(
    `<li><span class="label">After all of it</span>${bar(0, shareOf(perMonthAfter, perMonth), 'paid')}<span class="amount">${escapeHtml(String(perMonthAfter))}</span></li>`,
  );
  return `<section><h2>A month, step by step</h2>
<p class="note">Each step is what is left of it after what is counted before it, so that every dollar counts once. What takes nothing off the calls, or is the alternative to a step, has none.</p>
<ul class="waterfall">${rows.join('\n')}</ul></section>`;
}

function recommendationCard(recommendation: Recommendation): string {
  const { rank, kind, title, task, modelId, perMonth, confidence, method, calls, evidence } = recommendation;
  const { risk, effortDays, bestFor, patch, alternativeTo } = recommendation;
  const about = [task === '*' ? 'all tasks' : `task ${task}`, ...(modelId === '*' ? [] : [modelId])].join(
    ', ',
  );
  const money =
    kind === 'measure'
      ? ''
      : `<p><span class="money">${escapeHtml(String(perMonth.expected))} a month</span> <span class="note">(90 %: ${escapeHtml(String(perMonth.low))} to ${escapeHtml(String(perMonth.high))}; confidence: ${confidence})</span></p>`;
  const alternative =
    alternativeTo === undefined
      ? ''
      : `<p class="note">Instead of number ${alternativeTo}, not beside it.</p>`;
  const shown =
    evidence.length === 0
      ? ''
      : `<dt>Requests</dt><dd>${evidence.map((id) => `<code>${escapeHtml(id)}</code>`).join(', ')}</dd>`;
  return `<article aria-labelledby="rank-${rank}"><h3 id="rank-${rank}">${rank}. ${escapeHtml(title)}</h3>
<p class="note">${escapeHtml(about)}; ${whole(calls)} calls</p>
${money}${alternative}
<dl><dt>How</dt><dd>${escapeHtml(method)}</dd><dt>Risk</dt><dd>${escapeHtml(risk)}</dd><dt>Best for</dt><dd>${escapeHtml(bestFor)}</dd><dt>Effort</dt><dd>about ${effortDays} ${effortDays === 1 ? 'day' : 'days'}</dd>${shown}</dl>
<pre tabindex="0" role="region" aria-label="Patch of number ${rank}">${escapeHtml(patch)}</pre></article>`;
}

function recommendationsSection({ recommendations, belowNoise }: Analysis): string {
  const none = '<p>Nothing found that is above noise.</p>';
  const noise =
    belowNoise === 0
      ? ''
      : `<p class="note">${belowNoise} more ${belowNoise === 1 ? 'was' : 'were'} found below what counts.</p>`;
  return `<section><h2>What to do, best first</h2>
${recommendations.length === 0 ? none : recommendations.map(recommendationCard).join('\n')}${noise}</section>`;
}

function undecidedSection({ undecided }: Analysis): string {
  if (undecided.length === 0) return '';
  const items = undecided.map(
    ({ lever, about, perMonthAtStake, unknownWithout, command }) =>
      `<dt>${escapeHtml(lever === 'distillation' ? 'Distillation' : 'Vector store')}</dt><dd>${escapeHtml(`${about}: ${perMonthAtStake} a month at stake. Unknown without ${unknownWithout}:`)} <code>${escapeHtml(command)}</code></dd>`,
  );
  return `<section><h2>What logs cannot decide</h2><dl>${items.join('')}</dl></section>`;
}

function attributionTable(title: string, rows: readonly AttributionRow[], total: Money): string {
  const cells = rows
    .slice(0, MOST_ROWS)
    .map(({ value, calls, failed, unpriced, usage, cost, medianLatencyMs }): Cell[] => [
      value,
      { html: bar(0, shareOf(cost, total), 'paid') },
      String(cost),
      percent(shareOf(cost, total)),
      whole(calls),
      whole(failed),
      whole(unpriced),
      whole(usage.input + usage.cacheRead + usage.cacheWrite5m + usage.cacheWrite1h + usage.cacheWrite30m),
      whole(usage.output),
      medianLatencyMs === undefined ? '' : `${whole(Math.round(medianLatencyMs))} ms`,
    ]);
  const more = rows.length > MOST_ROWS ? `<p class="note">${rows.length - MOST_ROWS} more.</p>` : '';
  const columns = [
    '',
    '',
    'Cost',
    'Share',
    'Calls',
    'Failed',
    'Unpriced',
    'Tokens in',
    'Tokens out',
    'Median',
  ];
  return (
    htmlTable(
      title,
      columns.map((column, index) => ({
        title: column === '' ? (index === 0 ? 'Value' : 'Part') : column,
        isNumber: index > 1,
      })),
      cells,
    ) + more
  );
}

function attributionSection({ attribution, total }: Analysis): string {
  const tables = DIMENSIONS.filter(([dimension]) => attribution[dimension].length > 0).map(
    ([dimension, title], index) =>
      `<details${index < 2 ? ' open' : ''}><summary>${title}</summary>${attributionTable(title, attribution[dimension], total)}</details>`,
  );
  return `<section><h2>Where the money went</h2>${tables.join('\n')}</section>`;
}

function cacheSection({ cacheTimeline }: Analysis): string {
  if (cacheTimeline.length === 0) return '';
  return `<section><h2>The prompt cache over time</h2>${cacheChart(cacheTimeline)}</section>`;
}

function trendSection({ attribution }: Analysis): string {
  if (attribution.day.length < 2) return '';
  return `<section><h2>Dollars by day</h2>${dayChart(attribution.day)}</section>`;
}

function provisionedSection({ provisionedUse }: Analysis): string {
  if (provisionedUse.length === 0) return '';
  return `<section><h2>Provisioned throughput against on demand</h2>${provisionedUse.map(provisionedChart).join('\n')}</section>`;
}

function qualitySection(evaluation: EvaluationLike | undefined): string {
  if (evaluation === undefined || evaluation.tasks.length === 0) return '';
  return `<section><h2>Quality against cost, as evaluated</h2>${evaluation.tasks.map(qualityPlane).join('\n')}</section>`;
}

function reconciliationSection({ reconciliation, supportingServices }: Analysis): string {
  if (reconciliation === undefined) return '';
  const table = htmlTable(
    'The bill, and what the calls in these logs cost by published prices',
    [
      { title: 'Model' },
      { title: 'Usage type' },
      { title: 'Billed', isNumber: true },
      { title: 'Metered', isNumber: true },
      { title: 'Off by', isNumber: true },
    ],
    reconciliation.map(({ model, usageType, billed, metered, difference }) => [
      model ?? 'unknown',
      usageType,
      String(billed),
      metered === undefined ? 'not in the logs' : String(metered),
      difference === undefined ? '' : percent(difference),
    ]),
  );
  const beside =
    supportingServices === undefined || supportingServices.length === 0
      ? ''
      : htmlTable(
          'Beside the models',
          [{ title: 'Service' }, { title: 'Billed', isNumber: true }],
          supportingServices.map(({ service, cost }) => [service, String(cost)]),
        );
  return `<section><h2>Against the bill</h2>${table}${beside}</section>`;
}

function topSection({ topRequests }: Analysis): string {
  if (topRequests.length === 0) return '';
  return `<section><h2>The dearest requests</h2>${htmlTable(
    'By id, without their content',
    [{ title: 'Request' }, { title: 'Task' }, { title: 'Model' }, { title: 'Cost', isNumber: true }],
    topRequests.map(({ requestId, task, model, cost }) => [requestId, task, model, String(cost)]),
  )}</section>`;
}

/** What {@link renderReport} shows beside the analysis. */
export interface RenderReportOptions {
  /** An evaluation of tasks on several models: shows what a cheaper one does to quality. @defaultValue none */
  readonly evaluation?: EvaluationLike;
}

/**
 * The analysis as a page: one file without scripts that asks nobody for anything, in light and dark, for narrow and
 * wide screens. Whatever stood in logs and tags is shown as text.
 *
 * @throws `InvalidOptionError` for an evaluation that is none.
 *
 * @example
 * ```ts
 * await writeFile('report.html', renderReport(await analyzeLogs({ source: 'logs' })));
 * ```
 */
export function renderReport(analysis: Analysis, options: RenderReportOptions = {}): string {
  checkOptions<RenderReportOptions>('insights', options, { evaluation: isObject });
  if (options.evaluation !== undefined) checkEvaluation(options.evaluation);
  const { perMonth, perMonthAfter, total, calls, failed, unpriced, days, from, to, notes, priceVersion } =
    analysis;
  const headline =
    perMonthAfter.picoUsd < perMonth.picoUsd
      ? `${perMonth} a month could be ${perMonthAfter}`
      : `${perMonth} a month, and nothing to cut above noise`;
  const figures = [
    [String(total), `in ${days.toFixed(1)} days`],
    [String(perMonth), 'a month like them'],
    [String(perMonthAfter), 'after everything below'],
    [whole(calls), `calls, ${whole(failed)} of them failed`],
    ...(unpriced === 0 ? [] : [[whole(unpriced), 'calls without a known price']]),
  ].map(([figure = '', words = '']) => `<li><strong>${escapeHtml(figure)}</strong>${escapeHtml(words)}</li>`);
  const main = `<h1>${escapeHtml(headline)}</h1>
<p class="note">${escapeHtml(`${from ?? 'no calls'} to ${to ?? ''}; prices ${priceVersion}`)}</p>
<ul class="figures">${figures.join('')}</ul>
${waterfall(analysis)}
${recommendationsSection(analysis)}
${undecidedSection(analysis)}
${creditsSection(analysis.credits)}
${qualitySection(options.evaluation)}
${attributionSection(analysis)}
${trendSection(analysis)}
${cacheSection(analysis)}
${provisionedSection(analysis)}
${reconciliationSection(analysis)}
${topSection(analysis)}
<section><h2>How to read this</h2>${notes.map((note) => `<p class="note">${escapeHtml(note)}</p>`).join('')}</section>`;
  return htmlPage(`costkit insights: ${headline}`, main);
}
