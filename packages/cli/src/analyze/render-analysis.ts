import type { Analysis, Recommendation } from '@costkit/insights';
import pc from 'picocolors';
import { plainText } from '../plain-text.js';
import { textTable } from '../text-table.js';
import { renderCredits } from './render-credits.js';

const dollars = ({ kind, perMonth }: Recommendation): string =>
  kind === 'measure' ? '' : String(perMonth.expected);
const interval = ({ kind, perMonth }: Recommendation): string =>
  kind === 'measure' ? '' : `${perMonth.low} to ${perMonth.high}`;

function rankingTable(recommendations: readonly Recommendation[]): string {
  const table = textTable(
    ['', 'What', 'Task', '$ a month', '90 %', 'After others', 'Sure', 'Days'],
    ['right', 'left', 'left', 'right', 'right', 'right', 'left', 'right'],
    [4, 44, 22],
  );
  for (const recommendation of recommendations) {
    const { rank, title, task, perMonthAfterOthers, confidence, effortDays, alternativeTo, kind } =
      recommendation;
    const after =
      kind === 'measure'
        ? ''
        : alternativeTo === undefined
          ? String(perMonthAfterOthers)
          : `or ${alternativeTo}`;
    table.push([
      String(rank),
      plainText(title),
      plainText(task),
      dollars(recommendation),
      interval(recommendation),
      after,
      confidence,
      String(effortDays),
    ]);
  }
  return table.toString();
}

/** The ranking for a terminal, and what to paste for the first. */
export function renderAnalysis(analysis: Analysis, top: number): string {
  const {
    recommendations,
    perMonth,
    perMonthAfter,
    total,
    calls,
    failed,
    unpriced,
    days,
    belowNoise,
    brokenLines,
  } = analysis;
  const shown = recommendations.slice(0, top);
  const lines = [
    pc.bold(
      recommendations.length === 0
        ? `${perMonth} a month, and nothing to cut above noise.`
        : `${perMonth} a month could be ${perMonthAfter}.`,
    ),
    `${total} in ${days.toFixed(1)} days: ${calls} calls, ${failed} failed, ${unpriced} without a known price.`,
    '',
  ];
  if (shown.length > 0) lines.push(rankingTable(shown), '');
  const left = recommendations.length - shown.length;
  if (left > 0) lines.push(`${left} more: --top ${recommendations.length}.`);
  if (belowNoise > 0)
    lines.push(`${belowNoise} more ${belowNoise === 1 ? 'was' : 'were'} found below what counts.`);
  if (brokenLines > 0) lines.push(`${brokenLines} lines held no record.`);
  const first = recommendations.find(({ kind }) => kind !== 'measure') ?? recommendations[0];
  if (first !== undefined) {
    lines.push(pc.bold(`${first.rank}. ${plainText(first.title)}`), first.method, `Risk: ${first.risk}`);
    if (first.evidence.length > 0) lines.push(`Requests: ${first.evidence.map(plainText).join(', ')}`);
    lines.push('', ...first.patch.split('\n').map((line) => `  ${plainText(line)}`), '');
  }
  for (const { lever, about, perMonthAtStake, unknownWithout, command } of analysis.undecided) {
    lines.push(
      `${lever}, ${plainText(about)}: ${perMonthAtStake} a month at stake, unknown without ${plainText(unknownWithout)}.`,
      `  ${plainText(command)}`,
    );
  }
  if (analysis.credits !== undefined) lines.push(...renderCredits(analysis.credits));
  lines.push(...analysis.notes.map(plainText));
  return lines.join('\n');
}
