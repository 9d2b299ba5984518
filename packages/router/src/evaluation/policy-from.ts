import {
  ROUTING_POLICY_VERSION,
  type RoutingEvidence,
  type RoutingPolicy,
  type TaskPolicy,
} from '../routing-policy.js';
import { type ComparedTier, choiceOf, compareTasks, tasksOf } from './compare-tasks.js';
import type { Comparison } from './compare-tier.js';
import { checkBarTasks, type EvaluationBar, type ResolvedBar, resolveBar } from './evaluation-bar.js';
import { EvaluationError } from './evaluation-error.js';
import { EVALUATION_REPORT_VERSION, type EvaluationReport } from './evaluation-report.js';
import { meanOf } from './paired-grades.js';

const MS_PER_DAY = 86_400_000;

const dateOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** To four digits behind the point: a policy is read by people. */
const rounded = (value: number): number => Number(value.toFixed(4));

/** Upwards: a bound must stay one. */
const roundedUp = (value: number): number => Number((Math.ceil(value * 10_000 - 1e-6) / 10_000).toFixed(4));

/**
 * How much more the baseline's model costs per token of the other model: its own answers' price, by that of the other
 * model's tokens on it. It weighs input and output as the price does.
 */
function tokenRatioOf({ pair }: ComparedTier): number | undefined {
  let [baseline, tier] = [0, 0];
  for (const [index, outcome] of pair.tierOutcomes.entries()) {
    const { usdOnBaseline } = outcome;
    const usd = pair.baselineOutcomes[index]?.usdOnBaseline ?? null;
    if (usdOnBaseline === null || usd === null) return undefined;
    baseline += usd;
    tier += usdOnBaseline;
  }
  return baseline > 0 && tier > 0 ? rounded(baseline / tier) : undefined;
}

function evidenceOf(chosen: ComparedTier, report: EvaluationReport, bar: ResolvedBar): RoutingEvidence {
  const { pair, comparison } = chosen;
  const modelOf = (name: string): string => report.tiers.find((tier) => tier.name === name)?.model ?? name;
  const tokenRatio = tokenRatioOf(chosen);
  return {
    model: modelOf(pair.tier),
    baselineModel: modelOf(report.baseline),
    evaluatedAt: report.evaluatedAt.slice(0, 10),
    cases: pair.tierGrades.length,
    score: rounded(meanOf(pair.tierGrades)),
    baselineScore: rounded(meanOf(pair.baselineGrades)),
    lossUpperBound: roundedUp(comparison.lossUpperBound),
    confidence: bar.confidence,
    ...(tokenRatio === undefined ? {} : { tokenRatio }),
  };
}

function barText({ maxLoss, confidence, minCases, tasks }: ResolvedBar): string {
  const percent = (share: number): number => rounded(100 * share);
  const own = Object.entries(tasks).flatMap(([name, task]) =>
    task.maxLoss === undefined ? [] : `, ${name} ${percent(task.maxLoss)}`,
  );
  return `loses less than ${percent(maxLoss)} points${own.join('')}, at ${percent(confidence)} % over all tasks and tiers (Holm), on ${minCases} cases or more`;
}

function checkReport(report: EvaluationReport): void {
  const {
    version,
    outcomes,
    tiers,
    baseline,
    evaluatedAt = '',
  } = (report ?? {}) as Partial<EvaluationReport>;
  const problem =
    version !== EVALUATION_REPORT_VERSION
      ? `its version is ${version}, not ${EVALUATION_REPORT_VERSION}`
      : !Array.isArray(outcomes) || !Array.isArray(tiers) || !tiers.some(({ name }) => name === baseline)
        ? 'it has no outcomes, or no tiers with a baseline'
        : Number.isNaN(Date.parse(evaluatedAt))
          ? `it has no date (${evaluatedAt})`
          : undefined;
  if (problem !== undefined) {
    throw new EvaluationError(
      'COSTKIT_EVALUATION_INVALID_REPORT',
      `this is no report of evaluateTiers: ${problem}. Pass what evaluateTiers returned, or the JSON of it`,
    );
  }
}

/**
 * Writes the routing policy that an evaluation supports: each task goes to the cheapest tier that holds by the bar. All
 * others stay on the model that is asked for, and `provenance` says why. Keep it in version control: it is small, and
 * says what was measured, when, on which cases, and when to measure again.
 *
 * The same report and bar give the same policy.
 *
 * @param report - what `evaluateTiers` returned, or the JSON of it.
 * @param bar - what to ask for. @defaultValue the bar of the report
 * @throws `InvalidOptionError` for a bar that is wrong, `EvaluationError` for what is no report.
 *
 * @example
 * ```ts
 * const policy = policyFrom(report, { maxLoss: 0.03 });
 * await writeFile('routing-policy.json', `${JSON.stringify(policy, null, 2)}\n`);
 * ```
 */
export function policyFrom(report: EvaluationReport, bar?: EvaluationBar): RoutingPolicy {
  checkReport(report);
  const resolved = resolveBar(bar ?? report.bar);
  const names = tasksOf(report.outcomes);
  checkBarTasks(resolved, new Set(names));
  const compared = compareTasks(report, resolved);
  const tasks = new Map<string, TaskPolicy>();
  const stays: string[] = [];
  for (const task of names) {
    const ofTask = compared.filter(({ pair }) => pair.task === task);
    const chosen = choiceOf(ofTask);
    if (chosen === undefined) {
      const why = ofTask.map(({ pair, comparison }) => `${pair.tier}: ${reasonOf(comparison)}`);
      stays.push(`${task} (${why.join(', ')})`);
    } else {
      tasks.set(task, { tier: chosen.pair.tier, evidence: evidenceOf(chosen, report, resolved) });
    }
  }
  const createdMs = Date.parse(report.evaluatedAt);
  return {
    version: ROUTING_POLICY_VERSION,
    createdAt: dateOf(createdMs),
    expiresAt: dateOf(createdMs + resolved.expiresInDays * MS_PER_DAY),
    provenance: {
      tool: report.tool,
      cases: `${report.cases} cases, ${report.casesDigest}`,
      graders: [...new Set(Object.values(report.graders))].join(', '),
      bar: barText(resolved),
      ...(stays.length === 0 ? {} : { stays: stays.join('; ') }),
    },
    tasks: Object.fromEntries(tasks),
  };
}

function reasonOf({ verdict, nothingToTell, savedUsdPerCall }: Comparison): string {
  if (verdict === 'holds') return savedUsdPerCall === null ? 'its cost is unknown' : 'saves nothing';
  if (verdict === 'loses') return 'loses too much';
  if (nothingToTell === 'judge') return 'the judge goes by order';
  return nothingToTell === 'baseline' ? 'the baseline is hardly ever right' : 'not enough cases';
}
