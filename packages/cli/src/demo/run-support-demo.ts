import { Money } from '@costkit/core';
import type { DemoResult, SensitivityRow } from './demo-result.js';
import { type DemoProgress, percentSaved, runScenario } from './run-scenario.js';
import { runStep } from './run-step.js';
import { runAway } from './runaway.js';
import {
  ACCURACY_SOURCE,
  ASSUMPTIONS,
  type Assumptions,
  BREVITY_SOURCE,
} from './scenarios/support-assumptions.js';
import { DEMO_MODELS } from './scenarios/support-models.js';
import { supportScenario } from './scenarios/support-scenario.js';

const lessAccurate = (points: number): Assumptions => {
  const { lookup, 'order-total': total, enrich } = ASSUMPTIONS.cheapAccuracy;
  const less = (share: number): number => share - points / 100;
  return {
    ...ASSUMPTIONS,
    cheapAccuracy: { lookup: less(lookup), 'order-total': less(total), enrich: less(enrich) },
  };
};

interface Variant {
  readonly assumption: string;
  readonly assumptions: Assumptions;
  readonly changesNaive?: boolean;
}

/** The assumptions that could be otherwise. */
const VARIANTS: readonly Variant[] = [
  {
    assumption: 'answers ignore the request to be brief',
    assumptions: { ...ASSUMPTIONS, brevityShareKept: 1 },
  },
  { assumption: 'the cheap tiers are 5 points less accurate', assumptions: lessAccurate(5) },
  { assumption: 'the cheap tiers are 10 points less accurate', assumptions: lessAccurate(10) },
  {
    assumption: 'the service caches half of all shared prefixes unasked',
    assumptions: { ...ASSUMPTIONS, implicitCacheHitRate: 0.5 },
    changesNaive: true,
  },
];

/** How many times {@link runSupportDemo} reports progress. */
export const SUPPORT_DEMO_RUNS: number =
  supportScenario(ASSUMPTIONS).steps.length +
  VARIANTS.length +
  VARIANTS.filter(({ changesNaive }) => changesNaive).length +
  1;

async function runVariant(
  variant: Variant,
  baseline: Money,
  onProgress: DemoProgress,
): Promise<SensitivityRow> {
  const scenario = supportScenario(variant.assumptions);
  let before = baseline;
  if (variant.changesNaive === true) {
    onProgress(`${variant.assumption} (naive)`);
    before = (await runStep(scenario, scenario.steps[0])).cost;
  }
  onProgress(variant.assumption);
  const after = await runStep(scenario, scenario.steps.at(-1) ?? scenario.steps[0]);
  return {
    assumption: variant.assumption,
    baselineUsd: before.usd,
    finalUsd: after.cost.usd,
    savedPercent: percentSaved(before, after.cost),
    rightAnswers: after.quality?.right ?? 0,
    of: after.quality?.of ?? 0,
  };
}

/** The main job: the support assistant, lever by lever. */
export async function runSupportDemo(onProgress: DemoProgress = () => undefined): Promise<DemoResult> {
  const result = await runScenario(
    'One support assistant, one day: 200 questions, 300 reviews enriched at night. The same code, lever by lever.',
    supportScenario(ASSUMPTIONS),
    {
      note: `The models are simulated. Accuracy: ${ACCURACY_SOURCE}. Brevity: ${BREVITY_SOURCE}. Thinking is not simulated.`,
      details: {
        ...ASSUMPTIONS,
        simulated: true,
        models: DEMO_MODELS,
        accuracySource: ACCURACY_SOURCE,
        brevitySource: BREVITY_SOURCE,
      },
    },
    onProgress,
  );
  const baseline = Money.fromUsd((result.steps[0] as (typeof result.steps)[0]).usdExact);
  const sensitivity: SensitivityRow[] = [];
  for (const variant of VARIANTS) sensitivity.push(await runVariant(variant, baseline, onProgress));
  onProgress('a runaway loop');
  const { limitUsd, spent, calls, stoppedBy } = await runAway(ASSUMPTIONS);
  return {
    ...result,
    sensitivity,
    runaway: { limitUsd, spentUsd: spent.usd, calls, stoppedBy: stoppedBy ?? null },
  };
}
