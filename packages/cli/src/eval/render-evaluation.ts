import { Money } from '@costkit/core';
import type {
  EvaluationForecast,
  EvaluationReport,
  TaskReport,
  TierResult,
} from '@costkit/router/evaluation';
import pc from 'picocolors';
import { textTable } from '../text-table.js';
import {
  intervalText,
  percentOf,
  powerText,
  savedText,
  secondsText,
  usdOrUnknown,
} from './evaluation-figures.js';

/** What an evaluation will cost, by tier. */
export function renderForecast(forecast: EvaluationForecast): string {
  const rows = textTable(
    ['forecast', 'model', 'calls', 'expected', 'at most'],
    ['left', 'left', 'right', 'right', 'right'],
  );
  for (const { name, modelId, calls, expectedUsd, highestUsd } of forecast.lines)
    rows.push([name, modelId, calls, usdOrUnknown(expectedUsd), usdOrUnknown(highestUsd)]);
  rows.push([
    'in all',
    '',
    forecast.lines.reduce((sum, { calls }) => sum + calls, 0),
    usdOrUnknown(forecast.expectedUsd),
    usdOrUnknown(forecast.highestUsd),
  ]);
  const already =
    forecast.alreadySpentUsd === 0
      ? ''
      : `\nEarlier runs have paid ${usdOrUnknown(forecast.alreadySpentUsd)}.`;
  return `${rows}${already}`;
}

function mark({ comparison }: TierResult): string {
  if (comparison === undefined) return 'baseline';
  if (comparison.verdict === 'holds') return pc.green('holds');
  return comparison.verdict === 'loses' ? pc.red('loses') : pc.yellow('undecided');
}

function taskTable(report: EvaluationReport): string {
  const rows = textTable(
    [
      'task',
      'tier',
      'quality',
      `${percentOf(report.bar.confidence)} interval`,
      'cost a call',
      'saved',
      'median',
      'verdict',
    ],
    ['left', 'left', 'right', 'right', 'right', 'right', 'right', 'left'],
  );
  for (const { task, tiers } of report.tasks) {
    for (const [index, tier] of tiers.entries()) {
      rows.push([
        index === 0 ? pc.bold(task) : '',
        tier.tier,
        percentOf(tier.score, 1),
        intervalText(tier.scoreInterval),
        usdOrUnknown(tier.usdPerCall),
        tier.comparison === undefined ? '' : savedText(tier.comparison.savedShare),
        secondsText(tier.medianLatencyMs),
        mark(tier),
      ]);
    }
  }
  return rows.toString();
}

function sentencesOf({ task, tiers }: TaskReport): readonly string[] {
  return tiers.flatMap(({ tier, comparison }) =>
    comparison === undefined
      ? []
      : [`${pc.bold(`${task} on ${tier}`)}: ${comparison.summary} ${pc.dim(powerText(comparison))}`],
  );
}

/** What failed, beside what was graded. */
export function failureText({ tasks, outcomes, baseline }: EvaluationReport): string {
  const counts = { refused: 0, cut: 0, malformed: 0, error: 0 };
  for (const { failures } of tasks.flatMap(({ tiers }) => tiers)) {
    for (const why of Object.keys(counts) as (keyof typeof counts)[]) counts[why] += failures[why];
  }
  const names = [...new Set(outcomes.flatMap(({ error }) => error ?? []))];
  const parts = Object.entries(counts).flatMap(([why, count]) => (count === 0 ? [] : [`${count} ${why}`]));
  if (parts.length === 0) return '';
  const errors = names.length === 0 ? '' : ` (${names.join(', ')})`;
  const left = outcomes.filter(({ failure, tier }) => failure === 'error' && tier === baseline).length;
  const notCompared =
    left === 0
      ? ''
      : ` Errors of ${baseline}, the baseline, are compared with nothing: ${left} of its cases.`;
  return `Counted as wrong: ${parts.join(', ')}${errors}.${notCompared}`;
}

/** What the choice is worth beside moving the same dollars of traffic by chance. */
export function controlText({ control, bar, tasks, baseline: stay }: EvaluationReport): string {
  if (control === undefined) {
    return tasks.every(({ choice }) => choice === stay)
      ? 'No task leaves the baseline.'
      : 'What the choice is worth beside chance cannot be said: a cost is unknown, or moving tasks by chance saves nothing.';
  }
  const { chosen, shuffled, baseline, difference, differenceInterval, movedShare } = control;
  const points = (share: number): string => (100 * share).toFixed(1);
  return (
    `${percentOf(movedShare)} of the cases leave the baseline: ${usdOrUnknown(chosen.usdPerCall)} a call instead of ${usdOrUnknown(baseline.usdPerCall)} (${savedText(1 - chosen.usdPerCall / baseline.usdPerCall)}), ` +
    `quality ${percentOf(chosen.score, 1)} (baseline ${percentOf(baseline.score, 1)}). ` +
    `The same dollars saved by chance: ${percentOf(shuffled.score, 1)}. ` +
    `The choice is worth ${points(difference)} points (${points(differenceInterval.low)} to ${points(differenceInterval.high)} at ${percentOf(bar.confidence)}).`
  );
}

/** How far the judge can be trusted. */
export function judgeText({ judge }: EvaluationReport): string {
  if (judge === undefined) return '';
  const { compared, agreement, ties, positionDisagreements, unreadable } = judge;
  return `The judge compared ${compared} answers in both orders and agreed with itself on ${percentOf(agreement)}; ${ties} ties, ${positionDisagreements} decided by the order alone, ${unreadable} verdicts unreadable.`;
}

/** What it has cost. */
export function spentText({ spentUsdExact, gradingUsd, resumed, missing }: EvaluationReport): string {
  const grading = gradingUsd === 0 ? '' : `, ${usdOrUnknown(gradingUsd)} of it for grading`;
  const kept = resumed === 0 ? '' : ` ${resumed} results came from the file.`;
  const lacking =
    missing === 0
      ? ''
      : ` ${missing} answers are missing: the limit was reached, or a judge could not be reached. With --results another run goes on from there.`;
  return `Paid ${Money.fromUsd(spentUsdExact)}${grading}.${kept}${lacking}`;
}

/** The report for a terminal. */
export function renderEvaluation(report: EvaluationReport): string {
  return [
    taskTable(report),
    report.tasks.flatMap(sentencesOf).join('\n'),
    [controlText(report), failureText(report), judgeText(report), spentText(report)]
      .filter((text) => text !== '')
      .join('\n'),
  ].join('\n\n');
}
