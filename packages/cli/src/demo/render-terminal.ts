import Table from 'cli-table3';
import pc from 'picocolors';
import type { DemoResult } from './demo-result.js';

const BAR_WIDTH = 36;

const usd = (amount: number): string => `$${amount.toFixed(amount !== 0 && Math.abs(amount) < 0.1 ? 4 : 2)}`;
const monthly = (amount: number): string => `$${Math.round(amount).toLocaleString('en-US')}`;
const percent = (share: number): string => `${share >= 0 ? '−' : '+'}${Math.abs(share).toFixed(1)} %`;

function bar(share: number): string {
  const filled = Math.max(share > 0 ? 1 : 0, Math.round(share * BAR_WIDTH));
  return pc.cyan('█'.repeat(filled)) + pc.dim('░'.repeat(BAR_WIDTH - filled));
}

/** Borders that read well in a log file too. */
const table = (head: readonly string[], aligns: readonly ('left' | 'right')[]): Table.Table =>
  new Table({
    head: head.map((title) => pc.bold(title)),
    colAligns: [...aligns],
    style: { head: [], border: ['gray'] },
  });

function waterfall({ steps, baselineUsd }: DemoResult): string {
  const rows = table(
    ['step', 'bill', 'of the naive bill', 'this step', 'in all', 'at $9,000 a month'],
    ['left', 'right', 'left', 'right', 'right', 'right'],
  );
  for (const step of steps) {
    const first = step.name === 'naive';
    rows.push([
      first ? step.name : `+ ${step.name}`,
      usd(step.usd),
      bar(step.usd / baselineUsd),
      first ? '' : percent(step.stepSavedPercent),
      first ? '' : percent(step.savedPercent),
      monthly(step.monthUsd),
    ]);
  }
  return rows.toString();
}

function attribution({ attribution: lines }: DemoResult): string {
  const rows = table(
    ['feature', 'model', 'mode', 'calls', 'cost', 'saved (estimate)'],
    ['left', 'left', 'left', 'right', 'right', 'right'],
  );
  for (const line of lines) {
    rows.push([
      line.feature,
      line.model,
      line.mode,
      line.calls,
      usd(line.usd),
      line.savedUsd === null ? 'unknown' : usd(line.savedUsd),
    ]);
  }
  return rows.toString();
}

function sensitivity(result: DemoResult): string {
  const rows = table(
    ['if …', 'naive', 'final', 'saved', 'right answers'],
    ['left', 'right', 'right', 'right', 'right'],
  );
  for (const row of result.sensitivity) {
    rows.push([
      row.assumption,
      usd(row.baselineUsd),
      usd(row.finalUsd),
      percent(row.savedPercent),
      `${row.rightAnswers} of ${result.quality.questions}`,
    ]);
  }
  return rows.toString();
}

/** What a person sees after `costkit demo`. */
export function renderTerminal(result: DemoResult): string {
  const { quality, runaway, assumptions } = result;
  const { enrichment } = quality;
  const agreed = result.receiptsMatchBill
    ? pc.green('Every receipt agrees with the bill of the local Bedrock to the last digit.')
    : pc.red('The receipts do NOT agree with the bill of the local Bedrock.');
  return [
    pc.bold(
      'One support assistant, one day: 200 questions, 300 reviews enriched at night. The same code, lever by lever.',
    ),
    '',
    waterfall(result),
    '',
    `Right answers: ${quality.baseline} of ${quality.questions} before, ${quality.final} after. Right review topics: ${enrichment.baseline} of ${enrichment.documents} before, ${enrichment.final} after.`,
    agreed,
    '',
    pc.bold('What the last bill was spent on'),
    attribution(result),
    '',
    pc.bold('A runaway loop, with a budget in its way'),
    runaway.stoppedBy === null
      ? pc.red('The loop was not stopped.')
      : `Limit ${usd(runaway.limitUsd)} an hour. Stopped by ${runaway.stoppedBy} after ${runaway.calls} calls and ${usd(runaway.spentUsd)}.`,
    '',
    pc.bold('If the assumptions were otherwise'),
    sensitivity(result),
    '',
    pc.dim(
      `The models are simulated. Accuracy: ${assumptions.accuracySource}. Brevity: ${assumptions.brevitySource}. Thinking is not simulated. Prices: ${assumptions.priceVersion}, sources read until ${assumptions.pricesAsOf}.`,
    ),
  ].join('\n');
}
