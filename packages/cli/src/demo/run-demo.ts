import { Money, type Receipt } from '@costkit/core';
import { PRICE_VERSION, PRICES_AS_OF } from '@costkit/pricing';
import { ACCURACY_SOURCE, ASSUMPTIONS, type Assumptions, BREVITY_SOURCE } from './assumptions.js';
import type { AttributionRow, DemoResult, DemoStepResult, SensitivityRow } from './demo-result.js';
import { DEMO_MODELS } from './models.js';
import { runStep, type StepRun } from './run-step.js';
import { runAway } from './runaway.js';
import { DEMO_STEPS } from './steps.js';

const MONTH_USD = 9_000;

/** Told what is being run, for a progress bar. */
export type DemoProgress = (done: number, total: number, doing: string) => void;

const percentSaved = (before: Money, after: Money): number =>
  before.usd === 0 ? 0 : (1 - after.usd / before.usd) * 100;

function waterfall(runs: readonly StepRun[]): readonly DemoStepResult[] {
  const naive = (runs[0] as StepRun).cost;
  return runs.map((run, index) => ({
    name: run.name,
    usd: run.cost.usd,
    usdExact: run.cost.toUsdString(),
    savedPercent: percentSaved(naive, run.cost),
    stepSavedPercent: index === 0 ? 0 : percentSaved((runs[index - 1] as StepRun).cost, run.cost),
    monthUsd: (run.cost.usd / naive.usd) * MONTH_USD,
    receiptsMatchBill: run.comparison?.matches ?? null,
  }));
}

function attribution(receipts: readonly Receipt[]): readonly AttributionRow[] {
  return [...groupBy(receipts).values()]
    .map((group) => {
      const [first] = group as [Receipt];
      const saved = group.map((receipt) => receipt.saved);
      return {
        feature: first.tags['feature'] ?? '(none)',
        model: first.servedModel,
        mode: first.mode,
        calls: group.length,
        usd: Money.sum(group.map((receipt) => receipt.cost ?? Money.zero)).usd,
        savedUsd: saved.includes(undefined) ? null : Money.sum(saved as Money[]).usd,
      };
    })
    .sort((one, other) => other.usd - one.usd);
}

function groupBy(receipts: readonly Receipt[]): Map<string, Receipt[]> {
  const groups = new Map<string, Receipt[]>();
  for (const receipt of receipts) {
    const key = `${receipt.tags['feature']} ${receipt.servedModel} ${receipt.mode}`;
    groups.set(key, [...(groups.get(key) ?? []), receipt]);
  }
  return groups;
}

const lessAccurate = (points: number): Assumptions => {
  const { lookup, 'order-total': total, enrich } = ASSUMPTIONS.cheapAccuracy;
  const less = (share: number): number => share - points / 100;
  return {
    ...ASSUMPTIONS,
    cheapAccuracy: { lookup: less(lookup), 'order-total': less(total), enrich: less(enrich) },
  };
};

/** The assumptions that could be otherwise. */
const VARIANTS: readonly (readonly [name: string, assumptions: Assumptions, changesNaive: boolean])[] = [
  ['answers ignore the request to be brief', { ...ASSUMPTIONS, brevityShareKept: 1 }, false],
  ['the cheap tiers are 5 points less accurate', lessAccurate(5), false],
  ['the cheap tiers are 10 points less accurate', lessAccurate(10), false],
  [
    'the service caches half of all shared prefixes unasked',
    { ...ASSUMPTIONS, implicitCacheHitRate: 0.5 },
    true,
  ],
];

/**
 * Runs the same application again and again, each time with one lever more around its client, each time against
 * a local Bedrock of its own, whose bill is the result.
 */
export async function runDemo(onProgress: DemoProgress = () => undefined): Promise<DemoResult> {
  const total =
    DEMO_STEPS.length + 1 + VARIANTS.reduce((sum, [, , changesNaive]) => sum + (changesNaive ? 2 : 1), 0);
  let done = 0;
  const run = async <T>(doing: string, work: () => Promise<T>): Promise<T> => {
    onProgress(done, total, doing);
    const result = await work();
    done += 1;
    return result;
  };

  const runs: StepRun[] = [];
  for (const step of DEMO_STEPS) runs.push(await run(step.name, () => runStep(step, ASSUMPTIONS)));
  const [naive, final] = [runs[0], runs.at(-1)] as [StepRun, StepRun];
  const [naiveStep, finalStep] = [DEMO_STEPS[0], DEMO_STEPS.at(-1)] as [
    (typeof DEMO_STEPS)[0],
    (typeof DEMO_STEPS)[0],
  ];

  const sensitivity: SensitivityRow[] = [];
  for (const [assumption, assumptions, changesNaive] of VARIANTS) {
    const before = changesNaive
      ? await run(`${assumption} (naive)`, () => runStep(naiveStep, assumptions))
      : naive;
    const after = await run(assumption, () => runStep(finalStep, assumptions));
    sensitivity.push({
      assumption,
      baselineUsd: before.cost.usd,
      finalUsd: after.cost.usd,
      savedPercent: percentSaved(before.cost, after.cost),
      rightAnswers: after.quality.rightAnswers,
    });
  }
  const runaway = await run('a runaway loop', () => runAway(ASSUMPTIONS));
  onProgress(total, total, 'done');

  return {
    baselineUsd: naive.cost.usd,
    finalUsd: final.cost.usd,
    savedPercent: percentSaved(naive.cost, final.cost),
    steps: waterfall(runs),
    quality: {
      baseline: naive.quality.rightAnswers,
      final: final.quality.rightAnswers,
      questions: naive.quality.questions,
      enrichment: {
        baseline: naive.quality.rightTopics,
        final: final.quality.rightTopics,
        documents: naive.quality.reviews,
      },
    },
    receiptsMatchBill: runs.every((one) => one.comparison?.matches !== false),
    attribution: attribution(final.receipts),
    runaway: {
      limitUsd: runaway.limitUsd,
      spentUsd: runaway.spent.usd,
      calls: runaway.calls,
      stoppedBy: runaway.stoppedBy ?? null,
    },
    assumptions: {
      ...ASSUMPTIONS,
      simulated: true,
      models: DEMO_MODELS,
      accuracySource: ACCURACY_SOURCE,
      brevitySource: BREVITY_SOURCE,
      priceVersion: PRICE_VERSION,
      pricesAsOf: PRICES_AS_OF,
    },
    sensitivity,
  };
}
