import type { Call, RequestView } from '@costkit/core';
import { draftPrices } from './cascade-economics.js';
import {
  type ChosenTier,
  chooseTier,
  type NoTier,
  type Surroundings,
  type TierQuery,
} from './choose-tier.js';
import type { CompiledOptions } from './compile-options.js';
import { type CompiledPolicy, type CompiledTask, isStale } from './compile-policy.js';
import { hasEnded } from './has-ended.js';
import { planLearned } from './plan-learned.js';
import { READING } from './request-reading.js';
import type { ResolvedTier } from './resolve-tiers.js';
import { modelText, type RoutePlan, stay } from './route-plan.js';
import type { RoutingEvidence } from './routing-policy.js';

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

function evidenceText(evidence: RoutingEvidence): string {
  const { cases, evaluatedAt, score, baselineScore, baselineModel, lossUpperBound, confidence } = evidence;
  const bound =
    lossUpperBound === undefined
      ? ''
      : `, a loss of at most ${percent(lossUpperBound)}${confidence === undefined ? '' : ` at ${percent(confidence)} confidence`}`;
  return `${cases} cases on ${evaluatedAt.slice(0, 10)} scored ${percent(score)} against ${percent(baselineScore)} of ${baselineModel}${bound}`;
}

const pinnedText = (why: string): string => `The model is pinned: ${why.replace(/\.$/, '')}.`;

function destinationOf(plan: RoutePlan): ChosenTier | undefined {
  if (plan.kind === 'stay') return undefined;
  return plan.kind === 'route' ? plan.chosen : plan.draft;
}

const unknownText = (modelId: string): string =>
  modelId.startsWith('arn:')
    ? `"${modelId}" names no model, so nothing can be compared with it. Say in \`models\` what stands behind it.`
    : `"${modelId}" names no model of the catalogue, so nothing can be compared with it.`;

/** The tiers that may stand in for `tier`: itself, then stronger ones, which the user ordered above it. */
const upwardsFrom = (tier: ResolvedTier, { tiers }: CompiledOptions): readonly ResolvedTier[] =>
  tiers.slice(tier.index);

/** One request on its way through rules, policy and cascade. */
interface Subject extends Pick<TierQuery, 'view' | 'call' | 'requested' | 'continues'> {
  /** The model that was asked for can no longer be called: dollars do not count. */
  readonly gone: boolean;
}

/** Decides, for one request, whether and where it moves. Changes nothing. */
export type RoutePlanner = (view: RequestView, call: Call) => RoutePlan;

/** Makes the function that decides. */
export function routePlanner(options: CompiledOptions, surroundings: Surroundings): RoutePlanner {
  const { rules, cascade, learned } = options;
  const { recognise, economics, rollbacks } = surroundings;

  const choose = (subject: Subject, tiers: readonly ResolvedTier[], force: boolean): ChosenTier | NoTier =>
    chooseTier({
      surroundings,
      tiers,
      view: subject.view,
      call: subject.call,
      requested: subject.requested,
      force: force || subject.gone,
      continues: subject.continues ?? false,
    });

  const planPolicy = (entry: CompiledTask, by: CompiledPolicy, subject: Subject): RoutePlan => {
    const { call, requested } = subject;
    const { tier, evidence } = entry;
    const { task, text: name } = recognise(call);
    if (isStale(entry)) {
      return stay(
        `${name} stays: the policy's evidence is about ${evidence?.model}, tier "${tier.name}" is ${tier.resolved.model.id}.`,
      );
    }
    const rollback = rollbacks.of(task, by);
    if (rollback !== undefined) return stay(`${name} stays: ${rollback}.`);
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
      reason: `${name} goes to ${modelText(chosen)}: ${why}.${chosen.aside}${expired}`,
      tokenRatio: measured ? evidence?.tokenRatio : undefined,
      task,
    };
  };

  const planRule = (subject: Subject): RoutePlan | undefined => {
    const rule = rules.find(({ matches }) => matches(subject.view, subject.call, READING));
    if (rule === undefined) return undefined;
    const chosen = choose(subject, upwardsFrom(rule.tier, options), rule.force);
    if ('obstacle' in chosen) return stay(`A rule names tier "${rule.tier.name}", but ${chosen.obstacle}.`);
    const reason = `Goes to ${modelText(chosen)} because ${rule.reason}.${chosen.aside}`;
    return { kind: 'route', chosen, reason, tokenRatio: undefined, task: undefined };
  };

  const planCascade = (subject: Subject): RoutePlan | undefined => {
    const { view, call, requested } = subject;
    if (cascade === undefined || subject.gone || !cascade.matches(view, call, READING)) return undefined;
    if (view.streaming && cascade.stream === 'never') {
      return stay('Streams are not cascaded: the decision falls before the first token.');
    }
    const { task } = recognise(call);
    const losing = cascade.stopWhenLosing ? economics.reasonToStop(task) : undefined;
    if (losing !== undefined) return stay(`No draft is asked for: ${losing}.`);
    const draft = choose(subject, [cascade.cheap], false);
    if ('obstacle' in draft) return stay(`No draft is asked for: ${draft.obstacle}.`);
    const named = cascade.strong === undefined ? undefined : choose(subject, [cascade.strong], true);
    const strong = named === undefined || 'obstacle' in named ? undefined : named;
    const prices = draftPrices(draft, strong);
    const vain = cascade.stopWhenLosing ? economics.reasonNotToBegin(task, prices) : undefined;
    if (vain !== undefined) return stay(`No draft is asked for: ${vain}.`);
    return {
      kind: 'cascade',
      draft,
      strong: strong?.view ?? view,
      reason: `A draft of ${modelText(draft)} is checked before ${requested.model.id} is asked.${draft.aside}`,
      task,
      prices,
    };
  };

  /** A conversation that the learned model has begun on one tier goes on there; up it may go, and then stays up. */
  const planByModel = (subject: Subject): { plan: RoutePlan; abstains: boolean } | undefined => {
    const { view, call, requested } = subject;
    if (learned === undefined || subject.gone || !learned.matches(view, call, READING)) return undefined;
    const author = surroundings.authors.authorOf(call);
    const wrote = author === undefined ? undefined : call.resolve(author)?.model;
    if (wrote !== undefined && wrote !== learned.cheap.resolved.model) {
      const reason = `Stays on ${requested.model.id}: ${wrote.id} wrote the last answer of the conversation.`;
      return { plan: stay(reason), abstains: false };
    }
    return planLearned({
      learned,
      view,
      task: recognise(call).task,
      requested: requested.model.id,
      choose: () => choose(subject, [learned.cheap], false),
    });
  };

  /** Where nothing else says so: the caller's own request could not be answered at all. */
  const planGone = (subject: Subject): RoutePlan | undefined => {
    const { lifecycle, id } = subject.requested.model;
    const chosen = choose(subject, options.failover, true);
    if ('obstacle' in chosen) return undefined;
    const reason = `Goes to ${modelText(chosen)} by the order of failover: ${id} reached its end of life on ${lifecycle.endOfLife}.`;
    return { kind: 'route', chosen, reason, tokenRatio: undefined, task: undefined };
  };

  const planUnpinned = (subject: Subject): RoutePlan => {
    const byRule = planRule(subject);
    if (byRule?.kind === 'stay' && subject.gone) return planGone(subject) ?? byRule;
    if (byRule !== undefined) return byRule;
    const policy = surroundings.policy();
    const { task, text } = recognise(subject.call);
    const entry = policy?.tasks.get(task);
    const byTask =
      entry === undefined || policy === undefined ? undefined : planPolicy(entry, policy, subject);
    if (byTask?.kind === 'route') return byTask;
    const byModel = planByModel(subject);
    if (byModel !== undefined && (byModel.plan.kind === 'route' || !byModel.abstains)) return byModel.plan;
    const byCascade = planCascade(subject);
    if (byCascade?.kind === 'cascade') return byCascade;
    if (byTask !== undefined) return (subject.gone ? planGone(subject) : undefined) ?? byTask;
    if (byModel !== undefined) return byModel.plan;
    if (byCascade !== undefined) return byCascade;
    if (policy?.fallback !== undefined) return planPolicy(policy.fallback, policy, subject);
    return (
      (subject.gone ? planGone(subject) : undefined) ??
      stay(
        subject.call.tags['task'] === undefined
          ? task === ''
            ? 'No rule matches and the call has no task tag.'
            : `No rule matches. ${text}, which no policy names.`
          : `No rule matches and no policy names task "${task}".`,
      )
    );
  };

  /** A conversation that was moved goes on where it is: its tool calls and signatures belong to their author. */
  const planPinned = (subject: Subject, pinned: string): RoutePlan => {
    const author = surroundings.authors.authorOf(subject.call);
    const resolved = author === undefined ? undefined : subject.call.resolve(author);
    const tier = options.tiers.find(({ resolved: { model } }) => model === resolved?.model);
    const continuing = { ...subject, continues: true };
    const chosen = tier === undefined ? undefined : choose(continuing, [tier], true);
    // Reserved capacity is filled first, and signs as the same model does on demand.
    const isAuthor =
      chosen !== undefined &&
      !('obstacle' in chosen) &&
      (chosen.view.modelId === author || chosen.tier.provisioned === author);
    if (!isAuthor) {
      // Nobody answers there any more; without signatures in it another model can go on.
      if (subject.gone && !subject.view.features.reasoning) return planUnpinned(subject);
      const stays = stay(pinnedText(pinned));
      return subject.view.features.reasoning
        ? { ...stays, likelyAuthor: () => destinationOf(planUnpinned(continuing)) }
        : stays;
    }
    const reason = `Stays with ${modelText(chosen)}, which wrote the last answer of the conversation.`;
    return { kind: 'route', chosen, reason, tokenRatio: undefined, task: undefined };
  };

  return (view, call) => {
    const requested = call.resolve(view.modelId);
    const pinned = view.pinned.get('model');
    if (requested === undefined) {
      return stay(pinned === undefined ? unknownText(view.modelId) : pinnedText(pinned));
    }
    // A prompt resource holds more than a model: it is never exchanged for one.
    if (pinned !== undefined && requested.reference === 'prompt') return stay(pinnedText(pinned));
    const gone = hasEnded(requested.model, call.clock.now());
    const subject: Subject = { view, call, requested, gone };
    return pinned === undefined ? planUnpinned(subject) : planPinned(subject, pinned);
  };
}
