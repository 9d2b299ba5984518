import type { Call, RequestView } from '@costkit/core';
import {
  type ChosenTier,
  chooseTier,
  type NoTier,
  type Surroundings,
  type TierQuery,
} from './choose-tier.js';
import { type CompiledOptions, type CompiledPolicy, type CompiledTask, isStale } from './compile-options.js';
import type { ResolvedTier } from './resolve-tiers.js';
import type { RoutingEvidence } from './routing-policy.js';

/** What the router does with one request. Reasons are sentences. */
export type RoutePlan =
  | {
      readonly kind: 'stay';
      readonly reason: string;
      /**
       * Set where the conversation holds signed reasoning: which tier may have written it, should the model asked
       * for refuse it. Another process may have moved the turn before.
       */
      readonly likelyAuthor?: () => ChosenTier | undefined;
    }
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

type StayPlan = Extract<RoutePlan, { kind: 'stay' }>;

const pinnedText = (why: string): string => `The model is pinned: ${why.replace(/\.$/, '')}.`;

function destinationOf(plan: RoutePlan): ChosenTier | undefined {
  if (plan.kind === 'stay') return undefined;
  return plan.kind === 'route' ? plan.chosen : plan.draft;
}

const stay = (reason: string): StayPlan => ({ kind: 'stay', reason });

/** The tier and what is called; of a profile also the model, because its ARN says nothing to people. */
export const modelText = ({ tier, modelId, view }: ChosenTier): string =>
  `tier "${tier.name}" (${view.modelId === modelId ? modelId : `${modelId} through ${view.modelId}`})`;

const unknownText = (modelId: string): string =>
  modelId.startsWith('arn:')
    ? `"${modelId}" names no model, so nothing can be compared with it. Say in \`models\` what stands behind it.`
    : `"${modelId}" names no model of the catalogue, so nothing can be compared with it.`;

const passedOverText = ({ passedOver }: ChosenTier): string =>
  passedOver === '' ? '' : ` Passed over: ${passedOver}.`;

/** The tiers that may stand in for `tier`: itself, then stronger ones, which the user ordered above it. */
const upwardsFrom = (tier: ResolvedTier, { tiers }: CompiledOptions): readonly ResolvedTier[] =>
  tiers.slice(tier.index);

/** One request on its way through rules, policy and cascade. */
type Subject = Pick<TierQuery, 'view' | 'call' | 'requested' | 'continues'>;

/** Decides, for one request, whether and where it moves. Changes nothing. */
export type RoutePlanner = (view: RequestView, call: Call) => RoutePlan;

/** Makes the function that decides. */
export function routePlanner(options: CompiledOptions, surroundings: Surroundings): RoutePlanner {
  const { rules, policy, cascade } = options;

  const choose = (subject: Subject, tiers: readonly ResolvedTier[], force: boolean): ChosenTier | NoTier =>
    chooseTier({
      surroundings,
      tiers,
      view: subject.view,
      call: subject.call,
      requested: subject.requested,
      force,
      continues: subject.continues ?? false,
    });

  const planPolicy = (entry: CompiledTask, by: CompiledPolicy, subject: Subject): RoutePlan => {
    const { call, requested } = subject;
    const { tier, evidence } = entry;
    const task = call.tags['task'];
    const name = task === undefined ? 'A call without a task tag' : `Task "${task}"`;
    if (isStale(entry)) {
      return stay(
        `${name} stays: the policy's evidence is about ${evidence?.model}, tier "${tier.name}" is ${tier.resolved.model.id}.`,
      );
    }
    const chosen = choose(subject, upwardsFrom(tier, options), false);
    if ('obstacle' in chosen) return stay(`${name} stays on ${requested.model.id}: ${chosen.obstacle}.`);
    const why =
      evidence === undefined
        ? `the policy of ${by.createdAt} says so, without recorded evidence`
        : evidenceText(evidence);
    const expired = by.expiresAt <= call.clock.now() ? ' The policy has expired: evaluate again.' : '';
    const measured =
      chosen.tier === tier && evidence?.baselineModel === requested.model.id && requested.scope !== 'custom';
    return {
      kind: 'route',
      chosen,
      reason: `${name} goes to ${modelText(chosen)}: ${why}.${passedOverText(chosen)}${expired}`,
      tokenRatio: measured ? evidence?.tokenRatio : undefined,
    };
  };

  const planRule = (subject: Subject): RoutePlan | undefined => {
    const rule = rules.find(({ matches }) => matches(subject.view, subject.call));
    if (rule === undefined) return undefined;
    const chosen = choose(subject, upwardsFrom(rule.tier, options), rule.force);
    if ('obstacle' in chosen) return stay(`A rule names tier "${rule.tier.name}", but ${chosen.obstacle}.`);
    const reason = `Goes to ${modelText(chosen)} because ${rule.reason}.${passedOverText(chosen)}`;
    return { kind: 'route', chosen, reason, tokenRatio: undefined };
  };

  const planCascade = (subject: Subject): RoutePlan | undefined => {
    const { view, call, requested } = subject;
    if (cascade === undefined || !cascade.matches(view, call)) return undefined;
    const draft = choose(subject, [cascade.cheap], false);
    if ('obstacle' in draft) return stay(`No draft is asked for: ${draft.obstacle}.`);
    const strong = cascade.strong === undefined ? undefined : choose(subject, [cascade.strong], true);
    return {
      kind: 'cascade',
      draft,
      strong: strong === undefined || 'obstacle' in strong ? view : strong.view,
      reason: `A draft of ${modelText(draft)} is checked before ${requested.model.id} is asked.`,
    };
  };

  const planUnpinned = (subject: Subject): RoutePlan => {
    const byRule = planRule(subject);
    if (byRule !== undefined) return byRule;
    const task = subject.call.tags['task'];
    const entry = task === undefined ? undefined : policy?.tasks.get(task);
    const byTask =
      entry === undefined || policy === undefined ? undefined : planPolicy(entry, policy, subject);
    if (byTask?.kind === 'route') return byTask;
    const byCascade = planCascade(subject);
    if (byCascade?.kind === 'cascade') return byCascade;
    if (byTask !== undefined) return byTask;
    if (byCascade !== undefined) return byCascade;
    if (policy?.fallback !== undefined) return planPolicy(policy.fallback, policy, subject);
    return stay(
      task === undefined
        ? 'No rule matches and the call has no task tag.'
        : `No rule matches and no policy names task "${task}".`,
    );
  };

  /** A conversation that was moved goes on where it is: its tool calls and signatures belong to their author. */
  const planPinned = (subject: Subject, pinned: string): RoutePlan => {
    const author = surroundings.authors.authorOf(subject.call);
    const resolved = author === undefined ? undefined : subject.call.resolve(author);
    const tier = options.tiers.find(({ resolved: { model } }) => model === resolved?.model);
    const continuing = { ...subject, continues: true };
    const chosen = tier === undefined ? undefined : choose(continuing, [tier], true);
    if (chosen === undefined || 'obstacle' in chosen || chosen.view.modelId !== author) {
      const stays = stay(pinnedText(pinned));
      return subject.view.features.reasoning
        ? { ...stays, likelyAuthor: () => destinationOf(planUnpinned(continuing)) }
        : stays;
    }
    const reason = `Stays with ${modelText(chosen)}, which wrote the last answer of the conversation.`;
    return { kind: 'route', chosen, reason, tokenRatio: undefined };
  };

  return (view, call) => {
    const requested = call.resolve(view.modelId);
    const pinned = view.pinned.get('model');
    if (requested === undefined) {
      return stay(pinned === undefined ? unknownText(view.modelId) : pinnedText(pinned));
    }
    // A prompt resource holds more than a model: it is never exchanged for one.
    if (pinned !== undefined && requested.reference === 'prompt') return stay(pinnedText(pinned));
    const subject: Subject = { view, call, requested };
    return pinned === undefined ? planUnpinned(subject) : planPinned(subject, pinned);
  };
}
