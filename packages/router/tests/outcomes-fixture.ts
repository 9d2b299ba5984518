import { resolveBar } from '../src/evaluation/evaluation-bar.js';
import type { CaseOutcome, EvaluationBar, EvaluationReport } from '../src/evaluation.js';

/** What one tier does with one case: its grade and the dollars of the call. */
export type Doing = (index: number) => { readonly score: number; readonly usd: number | null };

/** Outcomes of a task, tier by tier. */
export function outcomesOf(
  task: string,
  cases: number,
  tiers: Readonly<Record<string, Doing>>,
): readonly CaseOutcome[] {
  return Object.entries(tiers).flatMap(([tier, doing]) =>
    Array.from({ length: cases }, (_, index): CaseOutcome => {
      const { score, usd } = doing(index);
      return {
        id: `${task}-${index}`,
        task,
        tier,
        score,
        usd,
        usdOnBaseline: usd === null ? null : 0.01,
        paidUsd: usd,
        latencyMs: 1_000,
        inputTokens: 100,
        outputTokens: 50,
      };
    }),
  );
}

/** A report of three tiers, of which nothing but the outcomes matters. */
export function reportOf(outcomes: readonly CaseOutcome[], bar: EvaluationBar = {}): EvaluationReport {
  return {
    version: 1,
    evaluatedAt: '2026-11-28T10:00:00.000Z',
    tool: '@costkit/router 0.1.0',
    casesDigest: 'abc',
    cases: new Set(outcomes.map(({ id }) => id)).size,
    tiers: ['small', 'middle', 'strong'].map((name) => ({
      name,
      modelId: `us.acme.${name}`,
      model: `acme.${name}`,
    })),
    baseline: 'strong',
    graders: { faq: 'exact' },
    bar: resolveBar(bar),
    tasks: [],
    forecast: { calls: 0, expectedUsd: 0, highestUsd: 0, alreadySpentUsd: 0, lines: [] },
    spentUsd: 0,
    spentUsdExact: '0',
    gradingUsd: 0,
    resumed: 0,
    missing: 0,
    outcomes,
  };
}
