import type { CallState } from './call-state.js';
import { errorName } from './error-name.js';
import type { CallOutput, FitPlan, Lever, NextCall, NextCallOptions } from './lever.js';
import type { AttemptPurpose } from './receipt.js';
import type { RequestView } from './request-view.js';
import { streamOf } from './stream-member.js';
import { isStarted } from './tap-stream.js';

function reportFailure(lever: Lever, call: CallState, error: unknown): void {
  call.decide({
    lever: lever.name,
    mode: lever.mode,
    action: 'failed',
    reason: `The lever threw ${errorName(error)}; the request went on without it.`,
  });
}

/** What a lever asks for on its way to the answer, and could not hand on by itself. */
const NO_ANSWER: ReadonlySet<AttemptPurpose | undefined> = new Set(['draft', 'check', 'repair']);

/** Whether a lever has begun to read the stream of an answer: then it can no longer be handed on. */
function isUsedUp({ output }: CallOutput): boolean {
  const stream = streamOf(output);
  return stream !== undefined && isStarted(stream);
}

/**
 * Runs a lever around the inner slots. Optimisation fails open: when the lever itself throws, the request goes
 * on as it was, or, where the answer is there already, the answer stands. What the inner slots throw is not
 * the lever's failure and passes through as the same object. A lever that observes changes nothing, whatever it does.
 */
export async function runAround(
  lever: Lever,
  view: RequestView,
  call: CallState,
  next: NextCall,
  options: NextCallOptions | undefined,
): Promise<CallOutput> {
  const innerErrors = new Set<unknown>();
  let refusal: { readonly error: unknown } | undefined;
  let answer: CallOutput | undefined;
  let observed: Promise<CallOutput> | undefined;

  const send = async (target: RequestView, inner?: NextCallOptions): Promise<CallOutput> => {
    try {
      const output = await next(target, { ...options, ...inner });
      if (!NO_ANSWER.has(inner?.purpose)) answer = output;
      return output;
    } catch (error) {
      if (!NO_ANSWER.has(inner?.purpose)) refusal = { error };
      innerErrors.add(error);
      throw error;
    }
  };
  const observes = lever.mode === 'observe';
  // What observes sends the caller's own request, once, whatever it asks for.
  const observe: NextCall = () => (observed ??= send(view));

  try {
    const output = await (lever.around as NonNullable<Lever['around']>)(
      view,
      call,
      observes ? observe : send,
      options,
    );
    return observes ? await observe(view) : output;
  } catch (error) {
    if (innerErrors.has(error) || (lever.failsClosed === true && !observes)) throw error;
    reportFailure(lever, call, error);
    if (answer !== undefined && !isUsedUp(answer)) return answer;
    if (refusal !== undefined) throw refusal.error;
    return next(view, options);
  }
}

/** Runs a `fit` lever; returns the view to send. */
export function runFit(lever: Lever, view: RequestView, call: CallState): RequestView | Promise<RequestView> {
  const apply = (plan: FitPlan | undefined): RequestView => {
    if (plan === undefined) return view;
    for (const decision of plan.decisions) call.decide(decision);
    return lever.mode === 'enforce' ? plan.view : view;
  };
  const refuse = (error: unknown): RequestView => {
    if (lever.failsClosed === true && lever.mode === 'enforce') throw error;
    reportFailure(lever, call, error);
    return view;
  };
  // Most levers answer at once; a promise would cost every call a turn of the queue.
  try {
    const planned = lever.fit?.(view, call);
    return planned instanceof Promise ? planned.then(apply).catch(refuse) : apply(planned);
  } catch (error) {
    return refuse(error);
  }
}
