import type {
  Call,
  CallOutput,
  Decision,
  Lever,
  NextCall,
  NextCallOptions,
  RequestView,
} from '@costkit/core';
import { attributionText } from './attribution.js';
import { chooseTier, type Surroundings } from './choose-tier.js';
import type { CompiledOptions } from './compile-options.js';
import type { CurrentPolicy } from './current-policy.js';
import type { Delivery, Parcel, TellDelivery } from './deliver.js';
import { hasEnded } from './has-ended.js';
import { isSampled } from './is-sampled.js';
import { routePlanner } from './plan-route.js';
import { errorName, isRecoverable } from './refusals.js';
import { modelText, type RoutePlan, type StayPlan } from './route-plan.js';
import { sendWatched } from './send-watched.js';
import type { Shadow } from './shadow.js';
import type { SharedState } from './shared-state.js';

/** The request, on the model that gave the call's last answer. */
function onItsOwnModel(view: RequestView, call: Call): RequestView {
  // What a judge said of a draft is no answer.
  const answer = call.attempts.findLast(({ error, purpose }) => error === undefined && purpose !== 'check');
  return answer === undefined ? view : view.withModel(answer.modelId);
}

type RoutedPlan = Extract<RoutePlan, { kind: 'route' }>;

const LEVER = 'router';

/** Makes the lever that chooses the model of every call. */
export function routerLever(
  options: CompiledOptions,
  surroundings: Surroundings,
  policies: CurrentPolicy,
): Lever {
  const { mode, cascade, fallback } = options;
  const { refusals, history, authors, health, economics, rollbacks } = surroundings;
  const plan = routePlanner(options, surroundings);
  let delivery: Promise<Delivery> | undefined;
  let loadingShadow: Promise<Shadow> | undefined;
  let shadow: Shadow | undefined;
  let state: SharedState | undefined;
  let latestMs = 0;

  /** Reads anew what is due: the policy, and what other processes know. Only what must be waited for is returned. */
  const refresh = (nowMs: number): Promise<void> | undefined => {
    latestMs = nowMs;
    const reading = policies.refresh(nowMs);
    const { store, storeKey: key, warn } = options;
    if (store === undefined) return reading;
    if (reading === undefined && state !== undefined) return state.refresh(nowMs);
    const connect = async (): Promise<void> => {
      await reading;
      const { createSharedState } = await import('./shared-state.js');
      state ??= createSharedState({ store, key, surroundings, shadow: () => shadow, warn });
      await state.refresh(nowMs);
    };
    return connect();
  };

  /** What sends by more than one way, where the options open any; loaded when first used. */
  const loadDelivery = (): Promise<Delivery> | undefined => {
    const { canWait, failover, tiers } = options;
    const opensWays =
      canWait !== undefined ||
      failover.length > 0 ||
      tiers.some(({ provisioned }) => provisioned !== undefined);
    if (opensWays)
      delivery ??= import('./deliver.js').then(({ createDelivery }) => createDelivery(options, surroundings));
    return delivery;
  };

  const tell = (
    call: Call,
    action: string,
    reason: string,
    estimatedSaving?: Decision['estimatedSaving'],
  ): void => {
    const decision: { -readonly [Member in keyof Decision]: Decision[Member] } = {
      lever: LEVER,
      mode,
      action,
      reason,
    };
    if (estimatedSaving !== undefined) decision.estimatedSaving = estimatedSaving;
    call.decide(decision);
  };

  /** Sends a planned request, by reserved capacity, flex or failover where the options say so. */
  const deliver = (
    parcel: Parcel,
    next: NextCall,
    sendOptions?: NextCallOptions,
    onMoved?: () => void,
  ): Promise<CallOutput> => {
    const { asked, view, call } = parcel;
    const ways = loadDelivery();
    if (ways === undefined) {
      // Without failover the health of the model asked for decides nothing.
      return view.modelId === asked.modelId
        ? next(view, sendOptions)
        : sendWatched(health, parcel, next, sendOptions);
    }
    const told: TellDelivery = (action, reason, saving) => {
      tell(call, action, reason, saving);
      if (action.startsWith('failed over')) onMoved?.();
    };
    return ways.then((delivery) => delivery.send(parcel, next, told, sendOptions));
  };

  const loadShadow = (): Promise<Shadow> | undefined => {
    const { shadow: shadowOptions, warn } = options;
    if (shadowOptions === undefined) return undefined;
    loadingShadow ??= import('./shadow.js').then(({ createShadow }) => {
      shadow = createShadow(shadowOptions, rollbacks, warn, async () => state?.exchange(latestMs));
      return shadow;
    });
    return loadingShadow;
  };

  /** What a policy has moved down, where it falls into the share that the model asked for answers, too. */
  const shadowedTask = ({ task }: RoutedPlan, call: Call) => {
    const policy = surroundings.policy();
    return task === undefined || policy === undefined || !isSampled(call.id, options.shadow?.share ?? 0)
      ? undefined
      : { task, policy };
  };

  const shadowed = async (
    answer: CallOutput,
    planned: RoutedPlan,
    view: RequestView,
    call: Call,
  ): Promise<CallOutput> => {
    const sampled = shadowedTask(planned, call);
    const shadow = sampled === undefined ? undefined : await loadShadow();
    if (sampled === undefined || shadow === undefined) return answer;
    tell(call, 'shadowed', shadow.reason);
    return shadow.follow(answer, { ...sampled, view, sent: planned.chosen.view, call });
  };

  const sendRouted = async (
    planned: RoutedPlan,
    view: RequestView,
    call: Call,
    next: NextCall,
  ): Promise<CallOutput> => {
    const { chosen, reason, tokenRatio } = planned;
    const lost = attributionText(view, { call: chosen.view }, call);
    tell(call, `routed to ${chosen.tier.name}`, `${reason}${lost}`, chosen.saving);
    const before = call.counterfactual;
    if (tokenRatio !== undefined) call.counterfactual = { ...before, tokenRatio };
    let moved = false;
    try {
      const answer = await deliver({ asked: view, view: chosen.view, call }, next, undefined, () => {
        moved = true;
        // What was measured of the chosen model says nothing of the one that answers.
        call.counterfactual = before;
      });
      return moved || options.shadow === undefined ? answer : await shadowed(answer, planned, view, call);
    } catch (error) {
      if (!fallback || !isRecoverable(error, call)) throw error;
      call.counterfactual = before;
      const why = `${chosen.view.modelId} did not answer (${errorName(error)}), so the caller's own request goes out.`;
      tell(call, 'fell back', why);
      const answer = await next(view).catch((own: unknown) => {
        // Of a model that is gone only the error of the one that takes its place tells anything.
        const requested = call.resolve(view.modelId)?.model;
        throw requested !== undefined && hasEnded(requested, call.clock.now()) ? error : own;
      });
      refusals.note(chosen.view.modelId, error, call);
      return answer;
    }
  };

  /** Signed reasoning that the model asked for refuses was written by the tier that another process had moved it to. */
  const sendPinned = async (
    { likelyAuthor }: StayPlan,
    view: RequestView,
    call: Call,
    next: NextCall,
  ): Promise<CallOutput> => {
    try {
      return await deliver({ asked: view, view, call }, next);
    } catch (error) {
      const refused = fallback && errorName(error) === 'ValidationException' && call.signal?.aborted !== true;
      const author = refused ? likelyAuthor?.() : undefined;
      if (author === undefined) throw error;
      // Where that is refused too, the caller gets the error of their own request.
      const answer = await next(author.view).catch(() => Promise.reject(error));
      const why = `${view.modelId} refused the reasoning in the conversation, which ${modelText(author)} accepts.`;
      const lost = attributionText(view, { call: author.view }, call);
      tell(call, `routed to ${author.tier.name}`, `${why}${lost}`, author.saving);
      return answer;
    }
  };

  /** Says what would be done. @returns what must be waited for: only what opens more ways than one loads anything. */
  const observe = (planned: RoutePlan, view: RequestView, call: Call): Promise<void> | undefined => {
    if (planned.kind === 'stay') {
      tell(call, 'left alone', planned.reason);
    } else if (planned.kind === 'route') {
      const { chosen, reason } = planned;
      const lost = attributionText(view, { call: chosen.view }, call);
      tell(call, `would route to ${chosen.tier.name}`, `${reason}${lost}`, chosen.saving);
    } else {
      const lost = attributionText(view, { draft: planned.draft.view }, call);
      const saving = economics.expectedSaving(planned.task, planned.prices);
      tell(call, 'would ask for a draft', `${planned.reason}${lost}`, saving);
    }
    if (mode !== 'observe' || planned.kind === 'cascade') return undefined;
    const sent = planned.kind === 'route' ? planned.chosen.view : view;
    const sampled = planned.kind === 'route' ? shadowedTask(planned, call) : undefined;
    const shadowing = sampled === undefined ? undefined : loadShadow();
    const delivering = loadDelivery();
    if (shadowing === undefined && delivering === undefined) return undefined;
    const say = async (): Promise<void> => {
      const way = (await delivering)?.firstWay({ asked: view, view: sent, call });
      if (way !== undefined) tell(call, `would be ${way.action}`, way.reason, way.saving);
      const shadow = await shadowing;
      if (shadow !== undefined) tell(call, 'would be shadowed', shadow.reason);
    };
    return say();
  };

  /** The caller's request on a tier that a check asks, with the cap of its question. */
  const viewOnTier = (name: string, view: RequestView, call: Call): RequestView | undefined => {
    const tier = options.tiers.find((one) => one.name === name);
    const requested = call.resolve(view.modelId);
    if (tier === undefined || requested === undefined) return undefined;
    if (tier.resolved.model === requested.model) return view;
    const chosen = chooseTier({ surroundings, tiers: [tier], view, call, requested, force: true });
    return 'obstacle' in chosen ? undefined : chosen.view;
  };

  const planSafely = (view: RequestView, call: Call): RoutePlan | undefined => {
    try {
      return plan(view, call);
    } catch (error) {
      tell(call, 'failed', `Choosing a model threw ${errorName(error)}; the request went on as it was.`);
      return undefined;
    }
  };

  return {
    name: LEVER,
    slot: 'route',
    mode,
    // Choosing fails open here. What is thrown later is the service's own error, or the caller's abort between two
    // calls, after which neither a draft nor another request must follow.
    failsClosed: true,
    around: async (view, call, next, options) => {
      // Who asks something beside the call (for a summary of its turns) has chosen the model.
      if (options?.purpose === 'check') return next(view);
      // An answer is completed by the model that began it.
      if (mode === 'enforce' && options?.purpose === 'repair') return next(onItsOwnModel(view, call));
      const reading = refresh(call.clock.now());
      if (reading !== undefined) await reading;
      const planned = planSafely(view, call);
      if (planned === undefined) return next(view);
      if (mode === 'enforce' && planned.kind === 'route') return sendRouted(planned, view, call, next);
      if (mode === 'enforce' && planned.kind === 'cascade' && cascade !== undefined) {
        // Loaded when first used: most routers never ask for a draft.
        const { runCascade } = await import('./run-cascade.js');
        const { draft, strong: escalation } = planned;
        return runCascade({
          plan: planned,
          cascade,
          call,
          next: (target, sent) => deliver({ asked: view, view: target, call }, next, sent),
          refusals,
          economics,
          tell: (action, reason, saving) => {
            const sent = { draft: draft.view, ...(action === 'escalated' ? { escalation } : {}) };
            tell(call, action, `${reason}${attributionText(view, sent, call)}`, saving);
          },
          onTier: (name, maxTokens) =>
            viewOnTier(name, maxTokens === undefined ? view : view.withMaxTokens(maxTokens), call),
        });
      }
      const observing = observe(planned, view, call);
      if (observing !== undefined) await observing;
      if (mode === 'enforce' && planned.kind === 'stay') return sendPinned(planned, view, call, next);
      // Where the request would have gone elsewhere, how it fares here says nothing of failover.
      const watched = mode === 'observe' && planned.kind === 'stay' ? loadDelivery() : undefined;
      return watched === undefined
        ? next(view)
        : (await watched).watch(view, call, next, (action, reason, saving) =>
            tell(call, action, reason, saving),
          );
    },
    onAttempt: (attempt, _view, call) => history.learn(attempt, call),
    onReceipt: (receipt, call) => authors.learn(receipt, call),
  };
}
