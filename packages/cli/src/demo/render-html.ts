import { escapeHtml, htmlPage, htmlTable as table } from '../html-page.js';
import type { DemoResult } from './demo-result.js';
import { monthlyDollars, percentText, usdText } from './figures.js';

/** The waterfall as an SVG that needs no script: what each step took off, and what is left. */
async function chart(result: DemoResult): Promise<string> {
  const { init } = await import('echarts');
  const drawing = init(null, null, { renderer: 'svg', ssr: true, width: 960, height: 380 });
  const before = result.steps.map((step, index) =>
    index === 0 ? step.usd : (result.steps[index - 1]?.usd ?? 0),
  );
  drawing.setOption({
    animation: false,
    textStyle: { fontFamily: 'system-ui, sans-serif' },
    grid: { left: 64, right: 16, top: 24, bottom: 40 },
    legend: { top: 0, right: 16, padding: [0, 12], data: ['paid', 'saved by this step'] },
    xAxis: {
      type: 'category',
      data: result.steps.map(({ name }, index) => (index === 0 ? name : `+ ${name}`)),
      axisLabel: { interval: 0 },
    },
    yAxis: { type: 'value', axisLabel: { formatter: (value: number) => `$${value}` } },
    series: [
      {
        name: 'paid',
        type: 'bar',
        stack: 'dollars',
        itemStyle: { color: '#0f6fb8' },
        label: {
          show: true,
          position: 'inside',
          color: '#fff',
          formatter: ({ value }: { value: unknown }) => usdText(Number(value)),
        },
        data: result.steps.map((step) => step.usd),
      },
      {
        name: 'saved by this step',
        type: 'bar',
        stack: 'dollars',
        itemStyle: { color: '#b9d7ea' },
        data: result.steps.map((step, index) => (before[index] ?? 0) - step.usd),
      },
    ],
  });
  const svg = drawing.renderToSVGString();
  drawing.dispose();
  return svg;
}

function qualityText({ quality }: DemoResult): string {
  if (quality === null) return 'Right answers: not known, these requests come without them.';
  const { bulk } = quality;
  const more =
    bulk === undefined ? '' : ` Bulk job: ${bulk.baseline} of ${bulk.of} right before, ${bulk.final} after.`;
  return `Right answers: ${quality.baseline} of ${quality.questions} before, ${quality.final} after.${more}`;
}

function runawayText({ runaway }: DemoResult): string {
  if (runaway === undefined) return '';
  const ending = runaway.stoppedBy === null ? 'not stopped' : `stopped by ${escapeHtml(runaway.stoppedBy)}`;
  return `<p>A planted runaway loop: limit ${escapeHtml(usdText(runaway.limitUsd))} an hour, ${ending} after ${runaway.calls} calls and ${escapeHtml(usdText(runaway.spentUsd))}.</p>`;
}

const NUMBER = true;

/** The page of `costkit demo --html`: one file, no script, no request to anywhere. */
export async function renderHtml(result: DemoResult): Promise<string> {
  const { assumptions } = result;
  const steps = table(
    'The bill, lever by lever',
    [
      { title: 'Step' },
      { title: 'Bill', number: NUMBER },
      { title: 'This step', number: NUMBER },
      { title: 'In all', number: NUMBER },
      { title: 'At $9,000 a month', number: NUMBER },
    ],
    result.steps.map((step, index) => [
      step.name,
      usdText(step.usd),
      index === 0 ? '' : percentText(step.stepSavedPercent),
      index === 0 ? '' : percentText(step.savedPercent),
      monthlyDollars(step.monthUsd),
    ]),
  );
  const spent = table(
    'What the last bill was spent on',
    [
      { title: 'Feature' },
      { title: 'Model' },
      { title: 'Mode' },
      { title: 'Calls', number: NUMBER },
      { title: 'Cost', number: NUMBER },
      { title: 'Saved (estimate)', number: NUMBER },
    ],
    result.attribution.map(({ feature, model, mode, calls, usd, savedUsd }) => [
      feature,
      model,
      mode,
      calls,
      usdText(usd),
      savedUsd === null ? 'unknown' : usdText(savedUsd),
    ]),
  );
  const otherwise =
    result.sensitivity.length === 0
      ? ''
      : table(
          'If the assumptions were otherwise',
          [
            { title: 'If …' },
            { title: 'Naive', number: NUMBER },
            { title: 'Final', number: NUMBER },
            { title: 'Saved', number: NUMBER },
            { title: 'Right answers', number: NUMBER },
          ],
          result.sensitivity.map((row) => [
            row.assumption,
            usdText(row.baselineUsd),
            usdText(row.finalUsd),
            percentText(row.savedPercent),
            `${row.rightAnswers} of ${row.of}`,
          ]),
        );
  const headline = `From ${usdText(result.baselineUsd)} to ${usdText(result.finalUsd)}, lever by lever (${percentText(result.savedPercent)})`;
  return htmlPage(
    `costkit demo: ${percentText(result.savedPercent)}`,
    `<h1>${escapeHtml(headline)}</h1>
<p>${escapeHtml(result.title)} Every figure is the local Bedrock's own bill; the receipts ${result.receiptsMatchBill ? 'agree with it to the last digit' : 'do <strong>not</strong> agree with it'}.</p>
<figure role="img" aria-label="Bar chart of the bill after each step">${await chart(result)}</figure>
${steps}
<p>${escapeHtml(qualityText(result))}</p>
${spent}
${runawayText(result)}
${otherwise}
<p class="note">${escapeHtml(`${assumptions.note} Prices: ${assumptions.priceVersion}, from AWS's price list of ${assumptions.awsPriceListOf} and other sources until ${assumptions.pricesAsOf}.`)}</p>`,
  );
}
