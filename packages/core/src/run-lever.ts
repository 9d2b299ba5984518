import type { CallState } from './call-state.js';
import type { CallOutput, Lever, NextCall, NextCallOptions } from './lever.js';
import type { RequestView } from './request-view.js';

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : typeof error);

function reportFailure(lever: Lever, call: CallState, error: unknown): void {
  call.decide({
    lever: lever.name,
    mode: lever.mode,
    action: 'failed',
    reason: `The lever threw ${nameOf(error)}; the request went on without it.`,
  });
}

/**
 * Runs a lever around the inner slots. Optimisation fails open: when the lever itself throws, the request goes
 * on as it was, or, where the answer is there already, the answer stands. What the inner slots throw is not
 * the lever's failure and passes through as the same object.
 */
export async function runAround(
  lever: Lever,
  view: RequestView,
  call: CallState,
  next: NextCall,
  options: NextCallOptions | undefined,
): Promise<CallOutput> {
  const innerErrors = new Set<unknown>();
  let innerError: unknown;
  let answer: CallOutput | undefined;
  let observed: Promise<CallOutput> | undefined;

  const send = async (target: RequestView, inner?: NextCallOptions): Promise<CallOutput> => {
    try {
      answer = await next(target, { ...options, ...inner });
      return answer;
    } catch (error) {
      innerError = error;
      innerErrors.add(error);
      throw error;
    }
  };
  // What observes sends the caller's own request, once, whatever it asks for.
  const observe: NextCall = () => (observed ??= send(view));

  try {
    return await (lever.around as NonNullable<Lever['around']>)(
      view,
      call,
      lever.mode === 'observe' ? observe : send,
    );
  } catch (error) {
    if (lever.failsClosed === true || innerErrors.has(error)) throw error;
    reportFailure(lever, call, error);
    if (answer !== undefined) return answer;
    if (innerErrors.size > 0) throw innerError;
    return next(view, options);
  }
}

/** Runs a `fit` lever; returns the view to send. */
export async function runFit(lever: Lever, view: RequestView, call: CallState): Promise<RequestView> {
  if (lever.fit === undefined) return view;
  try {
    const planned = lever.fit(view, call);
    const plan = planned instanceof Promise ? await planned : planned;
    if (plan === undefined) return view;
    for (const decision of plan.decisions) call.decide(decision);
    return lever.mode === 'enforce' ? plan.view : view;
  } catch (error) {
    if (lever.failsClosed === true) throw error;
    reportFailure(lever, call, error);
    return view;
  }
}
