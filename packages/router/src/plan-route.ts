import type { Call, RequestView } from '@costkit/core';
import { type ChosenTier, chooseTier, requestedModel, type Surroundings } from './choose-tier.js';
import type { CompiledOptions, CompiledPolicy, CompiledTask } from './compile-options.js';
import type { ResolvedTier } from './resolve-tiers.js';
import type { RoutingEvidence } from './routing-policy.js';

/** What the router does with one request. Reasons are sentences. */
export type RoutePlan =
  | { readonly kind: 'stay'; readonly reason: string }
  | {
      readonly kind: 'route';
      readonly chosen: ChosenTier;
      readonly reason: string;
      /** Tokens of the model asked for per token of the chosen one, where an evaluation measured it. */
      readonly tokenRatio: number | undefined;
    }
  | {
      readonly kind: 'cascade';
      readonly draft: ChosenTier;
      /** The request for the escalation. */
      readonly strong: RequestView;
      readonly reason: string;
    };

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

function evidenceText(evidence: RoutingEvidence): string {
  const { cases, evaluatedAt, score, baselineScore, baselineModel, lossUpperBound, confidence } = evidence;
  const bound =
    lossUpperBound === undefined
      ? ''
      : `, a loss of at most ${percent(lossUpperBound)}${confidence === undefined ? '' : ` at ${percent(confidence)} confidence`}`;
  return `${cases} cases on ${evaluatedAt.slice(0, 10)} scored ${percent(score)} against ${percent(baselineScore)} of ${baselineModel}${bound}`;
}

const stay = (reason: string): RoutePlan => ({ kind: 'stay', reason });

const modelText = ({ tier, view }: ChosenTier): string => `tier "${tier.name}" (${view.modelId})`;

const passedOverText = ({ passedOver }: ChosenTier): string =>
  passedOver === '' ? '' : ` Passed over: ${passedOver}.`;

/** The tiers that may stand in for `tier`: itself, then stronger ones, which the user ordered above it. */
const upwardsFrom = (tier: ResolvedTier, { tiers }: CompiledOptions): readonly ResolvedTier[] =>
  tiers.slice(tier.index);

function isStale(evidence: RoutingEvidence | undefined, tier: ResolvedTier): boolean {
  return evidence !== undefined && evidence.model !== tier.resolved.model.id;
}

/** Makes the function that decides, for one request, whether and where it moves. It changes nothing. */
export function routePlanner(
  options: CompiledOptions,
  surroundings: Surroundings,
): (view: RequestView, call: Call) => RoutePlan {
  const { rules, policy, cascade } = options;

  const planPolicy = (
    entry: CompiledTask,
    task: string | undefined,
    by: CompiledPolicy,
    view: RequestView,
    call: Call,
  ): RoutePlan => {
    const requested = requestedModel(view);
    if ('obstacle' in requested) return stay(requested.obstacle);
    const { tier, evidence } = entry;
    const subject = task === undefined ? 'A call without a task tag' : `Task "${task}"`;
    if (evidence !== undefined && isStale(evidence, tier)) {
      return stay(
        `${subject} stays: the policy's evidence is about ${evidence.model}, tier "${tier.name}" is ${tier.resolved.model.id}.`,
      );
    }
    const chosen = chooseTier(upwardsFrom(tier, options), view, call, requested.model, surroundings, false);
    if ('obstacle' in chosen)
      return stay(`${subject} stays on ${requested.model.model.id}: ${chosen.obstacle}.`);
    const why =
      evidence === undefined
        ? `the policy of ${by.createdAt} says so, without recorded evidence`
        : evidenceText(evidence);
    const expired = by.expiresAt <= call.clock.now() ? ' The policy has expired: evaluate again.' : '';
    const measured =
      evidence !== undefined && chosen.tier === tier && evidence.baselineModel === requested.model.model.id;
    return {
      kind: 'route',
      chosen,
      reason: `${subject} goes to ${modelText(chosen)}: ${why}.${passedOverText(chosen)}${expired}`,
      tokenRatio: measured ? evidence.tokenRatio : undefined,
    };
  };

  const planRule = (view: RequestView, call: Call): RoutePlan | undefined => {
    const rule = rules.find(({ matches }) => matches(view, call));
    if (rule === undefined) return undefined;
    const requested = requestedModel(view);
    if ('obstacle' in requested) return stay(requested.obstacle);
    const chosen = chooseTier(
      upwardsFrom(rule.tier, options),
      view,
      call,
      requested.model,
      surroundings,
      rule.force,
    );
    if ('obstacle' in chosen) return stay(`A rule names tier "${rule.tier.name}", but ${chosen.obstacle}.`);
    return {
      kind: 'route',
      chosen,
      reason: `Goes to ${modelText(chosen)} because ${rule.reason}.${passedOverText(chosen)}`,
      tokenRatio: undefined,
    };
  };

  const planCascade = (view: RequestView, call: Call): RoutePlan | undefined => {
    if (cascade === undefined || !cascade.matches(view, call)) return undefined;
    const requested = requestedModel(view);
    if ('obstacle' in requested) return stay(requested.obstacle);
    const draft = chooseTier([cascade.cheap], view, call, requested.model, surroundings, false);
    if ('obstacle' in draft) return stay(`No draft is asked for: ${draft.obstacle}.`);
    const strong =
      cascade.strong === undefined
        ? undefined
        : chooseTier([cascade.strong], view, call, requested.model, surroundings, true);
    return {
      kind: 'cascade',
      draft,
      strong: strong === undefined || 'obstacle' in strong ? view : strong.view,
      reason: `A draft of ${modelText(draft)} is checked before ${requested.model.model.id} is asked.`,
    };
  };

  return (view, call) => {
    const byRule = planRule(view, call);
    if (byRule !== undefined) return byRule;
    const task = call.tags['task'];
    const entry = task === undefined ? undefined : policy?.tasks.get(task);
    const byTask =
      entry === undefined || policy === undefined ? undefined : planPolicy(entry, task, policy, view, call);
    if (byTask?.kind === 'route') return byTask;
    const byCascade = planCascade(view, call);
    if (byCascade?.kind === 'cascade') return byCascade;
    if (byTask !== undefined) return byTask;
    if (byCascade !== undefined) return byCascade;
    if (policy?.fallback !== undefined) return planPolicy(policy.fallback, task, policy, view, call);
    return stay(
      task === undefined
        ? 'No rule matches and the call has no task tag.'
        : `No rule matches and no policy names task "${task}".`,
    );
  };
}
