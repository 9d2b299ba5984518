import type { Call, CallOutput, Decision, Lever, NextCall, RequestView } from '@costkit/core';
import { attributionText } from './attribution.js';
import type { Surroundings } from './choose-tier.js';
import type { CompiledOptions } from './compile-options.js';
import { modelText, type RoutePlan, routePlanner } from './plan-route.js';
import { errorName, isRecoverable } from './refusals.js';

/** The request, on the model that gave the call's last answer. */
function onItsOwnModel(view: RequestView, call: Call): RequestView {
  const answer = call.attempts.findLast(({ error }) => error === undefined);
  return answer === undefined ? view : view.withModel(answer.modelId);
}

type RoutedPlan = Extract<RoutePlan, { kind: 'route' }>;
type StayPlan = Extract<RoutePlan, { kind: 'stay' }>;

const LEVER = 'router';

/** Makes the lever that chooses the model of every call. */
export function routerLever(options: CompiledOptions, surroundings: Surroundings): Lever {
  const { mode, cascade, fallback } = options;
  const { refusals, history, authors } = surroundings;
  const plan = routePlanner(options, surroundings);

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

  const sendRouted = async (
    { chosen, reason, tokenRatio }: RoutedPlan,
    view: RequestView,
    call: Call,
    next: NextCall,
  ): Promise<CallOutput> => {
    const lost = attributionText(view, { call: chosen.view }, call);
    tell(call, `routed to ${chosen.tier.name}`, `${reason}${lost}`, chosen.saving);
    const before = call.counterfactual;
    if (tokenRatio !== undefined) call.counterfactual = { ...before, tokenRatio };
    try {
      return await next(chosen.view);
    } catch (error) {
      if (!fallback || !isRecoverable(error, call)) throw error;
      call.counterfactual = before;
      const why = `${chosen.view.modelId} did not answer (${errorName(error)}), so the caller's own request goes out.`;
      tell(call, 'fell back', why);
      const answer = await next(view);
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
      return await next(view);
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

  const observe = (planned: RoutePlan, view: RequestView, call: Call): void => {
    if (planned.kind === 'stay') {
      tell(call, 'left alone', planned.reason);
    } else if (planned.kind === 'route') {
      const { chosen, reason } = planned;
      const lost = attributionText(view, { call: chosen.view }, call);
      tell(call, `would route to ${chosen.tier.name}`, `${reason}${lost}`, chosen.saving);
    } else {
      const lost = attributionText(view, { draft: planned.draft.view }, call);
      tell(call, 'would ask for a draft', `${planned.reason}${lost}`);
    }
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
      // An answer is completed by the model that began it.
      if (mode === 'enforce' && options?.purpose === 'repair') return next(onItsOwnModel(view, call));
      const planned = planSafely(view, call);
      if (planned === undefined) return next(view);
      if (mode === 'enforce' && planned.kind === 'route') return sendRouted(planned, view, call, next);
      if (mode === 'enforce' && planned.kind === 'cascade' && cascade !== undefined) {
        // Loaded when first used: most routers never ask for a draft.
        const { runCascade } = await import('./run-cascade.js');
        const { draft, strong: escalation } = planned;
        return runCascade(planned, cascade, call, next, refusals, (action, reason, saving) => {
          const sent = { draft: draft.view, ...(action === 'escalated' ? { escalation } : {}) };
          tell(call, action, `${reason}${attributionText(view, sent, call)}`, saving);
        });
      }
      observe(planned, view, call);
      if (mode === 'enforce' && planned.kind === 'stay') return sendPinned(planned, view, call, next);
      return next(view);
    },
    onAttempt: (attempt, _view, call) => history.learn(attempt, call),
    onReceipt: (receipt, call) => authors.learn(receipt, call),
  };
}
