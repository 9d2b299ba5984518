import pc from 'picocolors';
import { shareBar } from '../share-bar.js';
import { textTable as table } from '../text-table.js';
import type { DemoQuality, DemoResult } from './demo-result.js';
import { monthlyDollars, percentText, usdText } from './figures.js';

const WIDEST_BAR = 28;
const NARROWEST_BAR = 6;
/** What the other columns of the waterfall take. */
const BESIDE_THE_BAR = 74;

function waterfall({ steps, baselineUsd }: DemoResult, columns: number): string {
  const barWidth = Math.min(WIDEST_BAR, Math.max(NARROWEST_BAR, columns - BESIDE_THE_BAR));
  const rows = table(
    [
      'step',
      'bill',
      barWidth < WIDEST_BAR ? 'share' : 'of the naive bill',
      'this step',
      'in all',
      'at $9,000/month',
    ],
    ['left', 'right', 'left', 'right', 'right', 'right'],
  );
  for (const [index, step] of steps.entries()) {
    rows.push([
      index === 0 ? step.name : `+ ${step.name}`,
      usdText(step.usd),
      shareBar(baselineUsd === 0 ? 0 : step.usd / baselineUsd, barWidth),
      index === 0 ? '' : percentText(step.stepSavedPercent),
      index === 0 ? '' : percentText(step.savedPercent),
      monthlyDollars(step.monthUsd),
    ]);
  }
  return rows.toString();
}

function attribution({ attribution: lines }: DemoResult): string {
  const rows = table(
    ['feature', 'model', 'mode', 'calls', 'cost', 'saved'],
    ['left', 'left', 'left', 'right', 'right', 'right'],
  );
  for (const { feature, model, mode, calls, usd, savedUsd } of lines) {
    rows.push([feature, model, mode, calls, usdText(usd), savedUsd === null ? 'unknown' : usdText(savedUsd)]);
  }
  return rows.toString();
}

/** What the figures beside an assumption take. */
const BESIDE_THE_ASSUMPTION = 47;
const WIDEST_ASSUMPTION = 56;

function sensitivity(result: DemoResult, columns: number): string {
  const room = Math.max(24, columns - BESIDE_THE_ASSUMPTION);
  const rows = table(
    ['if …', 'naive', 'final', 'saved', 'right answers'],
    ['left', 'right', 'right', 'right', 'right'],
    room < WIDEST_ASSUMPTION ? [room] : [],
  );
  for (const { assumption, baselineUsd, finalUsd, savedPercent, rightAnswers, of } of result.sensitivity) {
    rows.push([
      assumption,
      usdText(baselineUsd),
      usdText(finalUsd),
      percentText(savedPercent),
      `${rightAnswers} of ${of}`,
    ]);
  }
  return rows.toString();
}

function qualityLine(quality: DemoQuality | null): string {
  if (quality === null) return 'Right answers: not known, these requests come without them.';
  const bulk =
    quality.bulk === undefined
      ? ''
      : ` Bulk job: ${quality.bulk.baseline} of ${quality.bulk.of} right before, ${quality.bulk.final} after.`;
  return `Right answers: ${quality.baseline} of ${quality.questions} before, ${quality.final} after.${bulk}`;
}

function runawayLines({ runaway }: DemoResult): readonly string[] {
  if (runaway === undefined) return [];
  const ending =
    runaway.stoppedBy === null
      ? pc.red('The loop was not stopped.')
      : `Limit ${usdText(runaway.limitUsd)} an hour. Stopped by ${runaway.stoppedBy} after ${runaway.calls} calls and ${usdText(runaway.spentUsd)}.`;
  return ['', pc.bold('A runaway loop, with a budget in its way'), ending];
}

/**
 * What a person sees after `costkit demo`.
 *
 * @param columns - width of the terminal; tables fit into 80 and more
 */
export function renderTerminal(result: DemoResult, columns: number = Number.POSITIVE_INFINITY): string {
  const { assumptions } = result;
  return [
    pc.bold(result.title),
    '',
    waterfall(result, columns),
    '',
    qualityLine(result.quality),
    result.receiptsMatchBill
      ? pc.green('Every receipt agrees with the bill of the local Bedrock to the last digit.')
      : pc.red('The receipts do NOT agree with the bill of the local Bedrock.'),
    '',
    pc.bold('What the last bill was spent on (savings are estimates)'),
    attribution(result),
    ...runawayLines(result),
    ...(result.sensitivity.length === 0
      ? []
      : ['', pc.bold('If the assumptions were otherwise'), sensitivity(result, columns)]),
    '',
    pc.dim(
      `${assumptions.note} Prices: ${assumptions.priceVersion}, from AWS's price list of ${assumptions.awsPriceListOf} and other sources until ${assumptions.pricesAsOf}.`,
    ),
  ].join('\n');
}
