import type { ComparedOutcomes } from './compare-tasks.js';
import { usdPerCall } from './compare-tier.js';
import type { CaseOutcome, ShuffledControl } from './evaluation-report.js';
import { meanOf } from './paired-grades.js';
import { boundedMeanBound } from './statistics/bounded-mean.js';

/** @param choices - the tier of every task that leaves the baseline. */
export function shuffledControl(
  { tiers, baseline, outcomes }: ComparedOutcomes,
  choices: ReadonlyMap<string, string>,
  confidence: number,
): ShuffledControl | undefined {
  const rows = new Map<string, Map<string, CaseOutcome>>();
  for (const outcome of outcomes) {
    const row = rows.get(outcome.id) ?? new Map<string, CaseOutcome>();
    row.set(outcome.tier, outcome);
    rows.set(outcome.id, row);
  }
  const complete = [...rows.values()].filter(
    (row) => row.size === tiers.length && row.get(baseline)?.failure !== 'error',
  );
  const columnOf = (tier: string): CaseOutcome[] => complete.map((row) => row.get(tier) as CaseOutcome);
  const chosen = complete.map((row) => {
    const task = row.get(baseline)?.task ?? '';
    return row.get(choices.get(task) ?? baseline) as CaseOutcome;
  });
  const moved = chosen.filter(({ tier }) => tier !== baseline).length;
  const usd = new Map(tiers.map(({ name }) => [name, usdPerCall(columnOf(name))]));
  const [chosenUsd, baselineUsd] = [usdPerCall(chosen), usd.get(baseline) ?? null];
  if (moved === 0 || chosenUsd === null || baselineUsd === null) return undefined;

  const cheaper = tiers.filter(({ name }) => name !== baseline);
  const shares = cheaper.map(({ name }) => chosen.filter(({ tier }) => tier === name).length / chosen.length);
  let savedByChance = 0;
  for (const [index, { name }] of cheaper.entries()) {
    const tierUsd = usd.get(name) ?? null;
    if (tierUsd === null && (shares[index] ?? 0) > 0) return undefined;
    savedByChance += (shares[index] ?? 0) * (baselineUsd - (tierUsd ?? 0));
  }
  if (savedByChance <= 0) return undefined;
  const movedShare = moved / chosen.length;
  // Chance saves more or less than the choice with the same share: as much traffic as costs the same, if there is so much.
  const scale = Math.min((baselineUsd - chosenUsd) / savedByChance, 1 / movedShare);
  const byChance = complete.map((row) => {
    const base = row.get(baseline)?.score ?? 0;
    return cheaper.reduce(
      (sum, { name }, index) => sum + scale * (shares[index] ?? 0) * ((row.get(name)?.score ?? 0) - base),
      base,
    );
  });
  const differences = chosen.map(({ score }, index) => score - (byChance[index] ?? 0));
  const oneSided = 0.5 + confidence / 2;
  return {
    movedShare,
    chosen: { score: meanOf(chosen.map(({ score }) => score)), usdPerCall: chosenUsd },
    shuffled: {
      score: meanOf(byChance),
      usdPerCall: baselineUsd - scale * savedByChance,
      movedShare: scale * movedShare,
    },
    baseline: { score: meanOf(columnOf(baseline).map(({ score }) => score)), usdPerCall: baselineUsd },
    difference: meanOf(differences),
    differenceInterval: {
      low: -boundedMeanBound(
        differences.map((difference) => -difference),
        oneSided,
        -1,
        1,
      ),
      high: boundedMeanBound(differences, oneSided, -1, 1),
    },
  };
}
