import { acceptTiers } from './accept-tiers.js';
import { type Comparison, compareTier, type TierPair } from './compare-tier.js';
import type { ResolvedBar } from './evaluation-bar.js';
import type { CaseOutcome } from './evaluation-report.js';

/** What comparing needs of a report. */
export interface ComparedOutcomes {
  readonly tiers: readonly { readonly name: string }[];
  readonly baseline: string;
  readonly outcomes: readonly CaseOutcome[];
}

/** The tasks of outcomes, in the order of their names. */
export const tasksOf = (outcomes: readonly CaseOutcome[]): readonly string[] =>
  [...new Set(outcomes.map(({ task }) => task))].sort();

/**
 * Pairs every tier with the baseline, task by task, on the cases that both have answered. A case on which the baseline's
 * call ended in an error is left out: counted as wrong, it would speak for every other tier.
 */
function pairOutcomes({ tiers, baseline, outcomes }: ComparedOutcomes): readonly TierPair[] {
  const byTier = new Map(tiers.map(({ name }) => [name, new Map<string, CaseOutcome>()]));
  for (const outcome of outcomes) byTier.get(outcome.tier)?.set(outcome.id, outcome);
  const baselines = [...(byTier.get(baseline)?.values() ?? [])];
  return tasksOf(outcomes).flatMap((task) =>
    tiers
      .filter(({ name }) => name !== baseline)
      .map(({ name }) => {
        const answered = baselines.filter(
          (one) => one.task === task && one.failure !== 'error' && byTier.get(name)?.has(one.id),
        );
        const tierOutcomes = answered.map(({ id }) => byTier.get(name)?.get(id) as CaseOutcome);
        return {
          task,
          tier: name,
          baselineGrades: answered.map(({ score }) => score),
          tierGrades: tierOutcomes.map(({ score }) => score),
          judgements: tierOutcomes.flatMap(({ judgement }) => judgement ?? []),
          baselineOutcomes: answered,
          tierOutcomes,
        };
      }),
  );
}

/** A tier that was compared with the baseline on one task. */
export interface ComparedTier {
  readonly pair: TierPair;
  readonly comparison: Comparison;
}

/** Compares every tier with the baseline on every task, all by one bar. */
export function compareTasks(compared: ComparedOutcomes, bar: ResolvedBar): readonly ComparedTier[] {
  const pairs = pairOutcomes(compared);
  const acceptances = acceptTiers(pairs, bar);
  return pairs.map((pair, index) => ({
    pair,
    comparison: compareTier(pair, acceptances[index] as (typeof acceptances)[number], bar, pairs.length),
  }));
}

/** The cheapest of the tiers that hold and save money; `undefined`: the task stays. */
export function choiceOf(compared: readonly ComparedTier[]): ComparedTier | undefined {
  const saved = ({ comparison }: ComparedTier): number => comparison.savedUsdPerCall ?? 0;
  return compared
    .filter((one) => one.comparison.verdict === 'holds' && saved(one) > 0)
    .sort((one, other) => saved(other) - saved(one))[0];
}
