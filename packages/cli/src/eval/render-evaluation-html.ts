import type { EvaluationReport, TaskReport } from '@costkit/router/evaluation';
import { escapeHtml, htmlPage, htmlTable } from '../html-page.js';
import {
  intervalText,
  percentOf,
  powerText,
  savedText,
  secondsText,
  usdOrUnknown,
} from './evaluation-figures.js';
import { qualityPlane } from './quality-plane.js';
import { controlText, failureText, judgeText, spentText } from './render-evaluation.js';

const NUMBER = true;

function tierTable(report: EvaluationReport, { task, cases, tiers }: TaskReport): string {
  const { baseline } = report;
  return htmlTable(
    `${task}: ${cases} ${cases === 1 ? 'case' : 'cases'}`,
    [
      { title: 'Tier' },
      { title: 'Quality', number: NUMBER },
      { title: `${percentOf(report.bar.confidence)} interval`, number: NUMBER },
      { title: 'Cost of a call', number: NUMBER },
      { title: 'Saved', number: NUMBER },
      { title: 'Median', number: NUMBER },
      { title: '95 of 100', number: NUMBER },
      { title: 'Loss p (Holm)', number: NUMBER },
      { title: 'Verdict' },
    ],
    tiers.map((tier) => [
      tier.tier,
      percentOf(tier.score, 1),
      intervalText(tier.scoreInterval),
      usdOrUnknown(tier.usdPerCall),
      tier.comparison === undefined ? '' : savedText(tier.comparison.savedShare),
      secondsText(tier.medianLatencyMs),
      secondsText(tier.p95LatencyMs),
      tier.comparison === undefined ? '' : tier.comparison.adjustedP.toPrecision(2),
      tier.tier === baseline ? 'baseline' : (tier.comparison?.verdict ?? ''),
    ]),
  );
}

function verdictList({ tiers }: TaskReport): string {
  const items = tiers.flatMap(({ tier, comparison }) =>
    comparison === undefined
      ? []
      : [
          `<li><strong>${escapeHtml(tier)}</strong>: ${escapeHtml(comparison.summary)} <span class="note">${escapeHtml(powerText(comparison))}</span></li>`,
        ],
  );
  return `<ul>${items.join('')}</ul>`;
}

async function taskSection(report: EvaluationReport, task: TaskReport): Promise<string> {
  const plane = await qualityPlane(task);
  const label = escapeHtml(`Cost and quality of the tiers for ${task.task}`);
  return `<section><h2>${escapeHtml(task.task)}: ${escapeHtml(task.choice === report.baseline ? `stays on ${task.choice}` : `goes to ${task.choice}`)}</h2>
${plane === undefined ? '' : `<figure class="plane" aria-label="${label}">${plane}</figure>`}
${tierTable(report, task)}
${verdictList(task)}</section>`;
}

/** The page of `costkit eval --html`: one file, no script, no request to anywhere. */
export async function renderEvaluationHtml(report: EvaluationReport): Promise<string> {
  const { tasks, tiers, baseline, bar, evaluatedAt, casesDigest, cases, tool, graders } = report;
  const moved = tasks.filter(({ choice }) => choice !== baseline).length;
  const sections: string[] = [];
  for (const task of tasks) sections.push(await taskSection(report, task));
  const notes = [failureText(report), judgeText(report), spentText(report)].filter((text) => text !== '');
  const origin = `${cases} cases (${casesDigest}), graded by ${[...new Set(Object.values(graders))].join(', ')}; ${evaluatedAt.slice(0, 10)}, ${tool}. Tiers: ${tiers.map(({ name, modelId }) => `${name} is ${modelId}`).join(', ')}; compared with ${baseline}. A tier holds where a loss of ${(100 * bar.maxLoss).toFixed(1)} points is ruled out at ${percentOf(bar.confidence)}, adjusted (Holm) over all tasks and tiers. Points stand for mean grades with their intervals.`;
  return htmlPage(
    `costkit eval: ${moved} of ${tasks.length} tasks may go to a cheaper model`,
    `<h1>${moved} of ${tasks.length} tasks may go to a cheaper model</h1>
<p>${escapeHtml(controlText(report))}</p>
${sections.join('\n')}
${notes.map((note) => `<p>${escapeHtml(note)}</p>`).join('\n')}
<p class="note">${escapeHtml(origin)}</p>`,
  );
}
