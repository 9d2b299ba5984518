import { Money, type Receipt } from '@costkit/core';
import { PRICE_VERSION } from '@costkit/pricing';
import type { AttributionRow, DemoQuality, DemoResult, DemoStepResult } from './demo-result.js';
import { priceAge } from './price-age.js';
import { runStep, type StepRun } from './run-step.js';
import type { Quality, Scenario } from './scenario.js';

const MONTH_USD = 9_000;

/** Told before each run what it is, for a progress bar. */
export type DemoProgress = (doing: string) => void;

/** What was not measured: a note for people, and details for programs. */
export interface StatedAssumptions {
  readonly note: string;
  readonly details: Readonly<Record<string, unknown>>;
}

export const percentSaved = (before: Money, after: Money): number =>
  before.usd === 0 ? 0 : (1 - after.usd / before.usd) * 100;

function waterfall(runs: readonly StepRun[]): readonly DemoStepResult[] {
  const naive = (runs[0] as StepRun).cost;
  return runs.map((run, index) => ({
    name: run.name,
    usd: run.cost.usd,
    usdExact: run.cost.toUsdString(),
    savedPercent: percentSaved(naive, run.cost),
    stepSavedPercent: index === 0 ? 0 : percentSaved((runs[index - 1] as StepRun).cost, run.cost),
    monthUsd: naive.usd === 0 ? 0 : (run.cost.usd / naive.usd) * MONTH_USD,
    receiptsMatchBill: run.comparison?.matches ?? null,
  }));
}

function attribution(receipts: readonly Receipt[]): readonly AttributionRow[] {
  const groups = new Map<string, Receipt[]>();
  for (const receipt of receipts) {
    const key = `${receipt.tags['feature']} ${receipt.servedModel} ${receipt.mode}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [receipt]);
    else group.push(receipt);
  }
  return [...groups.values()]
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

function qualityOf(before: Quality | undefined, after: Quality | undefined): DemoQuality | null {
  if (before === undefined || after === undefined) return null;
  return {
    baseline: before.right,
    final: after.right,
    questions: before.of,
    ...(before.bulk === undefined || after.bulk === undefined
      ? {}
      : { bulk: { baseline: before.bulk.right, final: after.bulk.right, of: before.bulk.of } }),
  };
}

/**
 * Runs the same application again and again, each time with one lever more around its client, each time against
 * a local Bedrock of its own, whose bill is the result.
 */
export async function runScenario(
  title: string,
  scenario: Scenario,
  assumptions: StatedAssumptions,
  onProgress: DemoProgress,
): Promise<DemoResult> {
  const runs: StepRun[] = [];
  for (const step of scenario.steps) {
    onProgress(step.name);
    runs.push(await runStep(scenario, step));
  }
  const [naive, final] = [runs[0], runs.at(-1)] as [StepRun, StepRun];
  return {
    title,
    baselineUsd: naive.cost.usd,
    finalUsd: final.cost.usd,
    savedPercent: percentSaved(naive.cost, final.cost),
    steps: waterfall(runs),
    quality: qualityOf(naive.quality, final.quality),
    receiptsMatchBill: runs.every((run) => run.comparison?.matches !== false),
    attribution: attribution(final.receipts),
    assumptions: {
      ...assumptions.details,
      note: assumptions.note,
      priceVersion: PRICE_VERSION,
      pricesAsOf: priceAge().newest,
      awsPriceListOf: priceAge().awsPriceList,
    },
    sensitivity: [],
  };
}
