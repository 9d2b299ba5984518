import type { RequestView } from '@costkit/core';
import type { ChosenTier, NoTier } from './choose-tier.js';
import type { CompiledLearned } from './compile-options.js';
import { thresholdFor } from './learned/threshold-for.js';
import { modelText, type RoutePlan, stay } from './route-plan.js';

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** A question for a learned model. */
export interface LearnedQuestion {
  readonly learned: CompiledLearned;
  readonly view: RequestView;
  /** What the call is about; empty: unknown. */
  readonly task: string;
  /** The model that the caller asks for, for the receipt. */
  readonly requested: string;
  /** Looks for the request on the cheap tier. */
  choose(): ChosenTier | NoTier;
}

function promiseOf({ model, threshold }: CompiledLearned): string {
  const { target } = model.threshold ?? {};
  const { records } = model.provenance;
  return target === undefined || threshold !== undefined
    ? `${records} graded records`
    : `${percent(target.keepShareOfStrongQuality)} of the strong tier's quality, by ${records} graded records`;
}

/** What a learned model says of a request; `abstains` where it has not seen the like. */
export function planLearned(question: LearnedQuestion): {
  readonly plan: RoutePlan;
  readonly abstains: boolean;
} {
  const { learned, view, task, requested, choose } = question;
  const assessed = learned.model.assess(view.lastUserText, task === '' ? undefined : task);
  const { score, known } = assessed;
  if (!known) {
    const reason = `Stays on ${requested}: the learned model abstains, it has seen nothing like this prompt.`;
    return { plan: stay(reason), abstains: true };
  }
  const falls = `that tier "${learned.cheap.name}" falls short at ${percent(score)}`;
  const threshold = thresholdFor(learned.threshold, assessed, learned.model);
  const compared = `the threshold is ${percent(threshold)} (${promiseOf(learned)})`;
  if (score >= threshold) {
    const reason = `Stays on ${requested}: the learned model puts the chance ${falls}, ${compared}.`;
    return { plan: stay(reason), abstains: false };
  }
  const chosen = choose();
  if ('obstacle' in chosen) {
    return { plan: stay(`Stays on ${requested}: ${chosen.obstacle}.`), abstains: false };
  }
  const reason = `Goes to ${modelText(chosen)}: the learned model puts the chance ${falls}, ${compared}.${chosen.aside}`;
  return { plan: { kind: 'route', chosen, reason, tokenRatio: undefined, task: undefined }, abstains: false };
}
