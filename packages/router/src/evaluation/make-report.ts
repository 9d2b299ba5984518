import { Money } from '@costkit/core';
import { choiceOf, compareTasks, tasksOf } from './compare-tasks.js';
import { usdPerCall } from './compare-tier.js';
import { describeComparison } from './describe-comparison.js';
import { digestOf } from './digest.js';
import { type Cell, type EvaluationPlan, graderId } from './evaluation-plan.js';
import {
  type AnswerFailure,
  type CaseOutcome,
  EVALUATION_REPORT_VERSION,
  type EvaluationReport,
  type JudgeReport,
  type TaskReport,
  type TierResult,
} from './evaluation-report.js';
import type { EvaluationForecast } from './forecast.js';
import { isRightOrWrong, meanOf } from './paired-grades.js';
import type { ResultRecord } from './results-file.js';
import { shuffledControl } from './shuffled-control.js';
import { boundedMeanInterval } from './statistics/bounded-mean.js';
import { wilsonInterval } from './statistics/wilson.js';

/** What a report is made of. */
export interface ReportMaterial {
  readonly plan: EvaluationPlan;
  readonly records: ReadonlyMap<Cell, ResultRecord>;
  readonly resumed: number;
  readonly forecast: EvaluationForecast;
  readonly spent: Money;
  readonly startedAt: Date;
  readonly tool: string;
}

const usdNumber = (usd: string | null): number | null => (usd === null ? null : Number(usd));

function outcomeOf({ evaluationCase, tier }: Cell, record: ResultRecord): CaseOutcome {
  const { failure, error, judgement, latencyMs, inputTokens, outputTokens } = record;
  return {
    id: evaluationCase.id,
    task: evaluationCase.task,
    tier: tier.name,
    score: record.score ?? 0,
    ...(failure === undefined ? {} : { failure }),
    ...(error === undefined ? {} : { error }),
    ...(judgement === undefined ? {} : { judgement }),
    usd: usdNumber(record.usd),
    usdOnBaseline: usdNumber(record.usdOnBaseline),
    paidUsd: usdNumber(record.paidUsd),
    latencyMs,
    inputTokens,
    outputTokens,
  };
}

function quantile(sorted: readonly number[], share: number): number | null {
  return sorted.length === 0 ? null : (sorted[Math.ceil(share * sorted.length) - 1] ?? sorted[0] ?? null);
}

function resultOf(
  tier: string,
  outcomes: readonly CaseOutcome[],
  rightOrWrong: boolean,
  confidence: number,
): TierResult {
  const scores = outcomes.map(({ score }) => score);
  const latencies = outcomes
    .flatMap(({ latencyMs, failure }) => (latencyMs === null || failure === 'error' ? [] : [latencyMs]))
    .sort((a, b) => a - b);
  const failed = (why: AnswerFailure): number => outcomes.filter(({ failure }) => failure === why).length;
  const right = scores.filter((score) => score === 1).length;
  return {
    tier,
    cases: outcomes.length,
    score: meanOf(scores),
    scoreInterval:
      scores.length === 0
        ? { low: 0, high: 1 }
        : rightOrWrong
          ? wilsonInterval(right, scores.length, confidence)
          : boundedMeanInterval(scores, confidence),
    usdPerCall: usdPerCall(outcomes),
    medianLatencyMs: quantile(latencies, 0.5),
    p95LatencyMs: quantile(latencies, 0.95),
    inputTokens: outcomes.reduce((sum, { inputTokens }) => sum + inputTokens, 0),
    outputTokens: outcomes.reduce((sum, { outputTokens }) => sum + outputTokens, 0),
    failures: {
      refused: failed('refused'),
      cut: failed('cut'),
      malformed: failed('malformed'),
      error: failed('error'),
    },
  };
}

function judgeReport(outcomes: readonly CaseOutcome[]): JudgeReport | undefined {
  const judgements = outcomes.flatMap(({ judgement }) => (judgement === undefined ? [] : [judgement]));
  if (judgements.length === 0) return undefined;
  const count = (holds: (judgement: (typeof judgements)[number]) => boolean): number =>
    judgements.filter(holds).length;
  const won = (preference: string): boolean => preference === 'tier' || preference === 'baseline';
  return {
    compared: judgements.length,
    agreement:
      count((one) => one.baselineFirst === one.tierFirst && one.tierFirst !== 'unreadable') /
      judgements.length,
    ties: count((one) => one.baselineFirst === 'tie' && one.tierFirst === 'tie'),
    positionDisagreements: count(
      (one) => won(one.baselineFirst) && won(one.tierFirst) && one.baselineFirst !== one.tierFirst,
    ),
    unreadable:
      count((one) => one.baselineFirst === 'unreadable') + count((one) => one.tierFirst === 'unreadable'),
  };
}

/** Makes the report of what has been graded. */
export function makeReport(material: ReportMaterial): EvaluationReport {
  const { plan, records, resumed, forecast, spent, startedAt, tool } = material;
  const { tiers, baseline, bar, graders, cases } = plan;
  const outcomes = plan.cells.flatMap((cell) => {
    const record = records.get(cell);
    return record === undefined ? [] : [outcomeOf(cell, record)];
  });
  const compared = { tiers, baseline: baseline.name, outcomes };
  const comparisons = compareTasks(compared, bar);
  const choices = new Map<string, string>();
  const tasks = tasksOf(outcomes).map((task): TaskReport => {
    const ofTask = outcomes.filter((outcome) => outcome.task === task);
    const rightOrWrong = isRightOrWrong(ofTask.map(({ score }) => score));
    const ofComparison = comparisons.filter(({ pair }) => pair.task === task);
    const choice = choiceOf(ofComparison)?.pair.tier;
    if (choice !== undefined) choices.set(task, choice);
    return {
      task,
      cases: new Set(ofTask.map(({ id }) => id)).size,
      rightOrWrong,
      tiers: tiers.map(({ name }) => {
        const ownComparison = ofComparison.find(({ pair }) => pair.tier === name);
        const ofTier = ofTask.filter(({ tier }) => tier === name);
        const result = resultOf(name, ofTier, rightOrWrong, bar.confidence);
        if (ownComparison === undefined) return result;
        const { pair, comparison } = ownComparison;
        return { ...result, comparison: describeComparison(pair, comparison, bar, comparisons.length) };
      }),
      choice: choice ?? baseline.name,
    };
  });
  const control = shuffledControl(compared, choices, bar.confidence);
  const judge = judgeReport(outcomes);
  const grading = Money.sum([...records.values()].map(({ gradingUsd }) => Money.fromUsd(gradingUsd)));
  return {
    version: EVALUATION_REPORT_VERSION,
    evaluatedAt: startedAt.toISOString(),
    tool,
    casesDigest: digestOf([...cases].sort((a, b) => (a.id < b.id ? -1 : 1))),
    cases: cases.length,
    tiers: tiers.map(({ name, modelId, resolved }) => ({ name, modelId, model: resolved.model.id })),
    baseline: baseline.name,
    graders: Object.fromEntries([...graders].map(([task, grader]) => [task, graderId(grader)])),
    bar,
    tasks,
    ...(control === undefined ? {} : { control }),
    ...(judge === undefined ? {} : { judge }),
    forecast,
    spentUsd: spent.usd,
    spentUsdExact: spent.toUsdString(),
    gradingUsd: grading.usd,
    resumed,
    missing: plan.cells.length - outcomes.length,
    outcomes,
  };
}
