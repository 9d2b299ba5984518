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

/** One lever around the inner slots of one call. */
interface Run {
  readonly lever: Lever;
  readonly view: RequestView;
  readonly call: CallState;
  readonly next: NextCall;
  readonly options: NextCallOptions | undefined;
}

/**
 * Asks a lever for the answer. Optimisation fails open: when the lever itself throws, the request goes on as it was,
 * or, where the answer is there already, the answer stands. What the inner slots throw is not the lever's
 * failure and passes through as the same object. A lever that observes changes nothing, whatever it does.
 *
 * @param thrown - what the inner slots threw before the lever was asked.
 */
function ask(
  { lever, view, call, next, options }: Run,
  asking: (send: NextCall) => Promise<CallOutput>,
  thrown?: { readonly error: unknown },
): Promise<CallOutput> {
  const innerErrors: unknown[] = thrown === undefined ? [] : [thrown.error];
  let refusal = thrown;
  let answer: CallOutput | undefined;
  let observed: Promise<CallOutput> | undefined;

  const send: NextCall = (target, inner) => {
    const isAnswer = !NO_ANSWER.has(inner?.purpose);
    return next(target, inner === undefined ? options : { ...options, ...inner }).then(
      (output) => {
        if (isAnswer) answer = output;
        return output;
      },
      (error: unknown) => {
        if (isAnswer) refusal = { error };
        innerErrors.push(error);
        throw error;
      },
    );
  };
  const observes = lever.mode === 'observe';
  // What observes sends the caller's own request, once, whatever it asks for.
  const observe: NextCall = () => (observed ??= send(view));
  const failed = (error: unknown): CallOutput | Promise<CallOutput> => {
    if (innerErrors.includes(error) || (lever.failsClosed === true && !observes)) throw error;
    reportFailure(lever, call, error);
    if (answer !== undefined && !isUsedUp(answer)) return answer;
    if (refusal !== undefined) throw refusal.error;
    return next(view, options);
  };

  try {
    const asked = Promise.resolve(asking(observes ? observe : send));
    return observes ? asked.then(() => observe(view)).catch(failed) : asked.catch(failed);
  } catch (error) {
    return new Promise((resolve) => resolve(failed(error)));
  }
}

/** Runs a lever around the inner slots. */
export function runAround(
  lever: Lever,
  view: RequestView,
  call: CallState,
  next: NextCall,
  options: NextCallOptions | undefined,
): Promise<CallOutput> {
  const around = lever.around as NonNullable<Lever['around']>;
  return ask({ lever, view, call, next, options }, (send) => around(view, call, send, options));
}

/** Asks a lever for another way only where the inner slots threw: a call that succeeds pays nothing for it. */
export function runRecover(
  lever: Lever,
  view: RequestView,
  call: CallState,
  next: NextCall,
  options: NextCallOptions | undefined,
): Promise<CallOutput> {
  const recover = lever.recover as NonNullable<Lever['recover']>;
  return next(view, options).catch((error: unknown) =>
    ask({ lever, view, call, next, options }, (send) => recover(error, view, call, send, options), { error }),
  );
}

/** Runs a `fit` lever; returns the view to send. */
export function runFit(
  lever: Lever,
  view: RequestView,
  call: CallState,
  purpose?: AttemptPurpose,
): RequestView | Promise<RequestView> {
  // Most levers answer at once; a promise would cost every call a turn of the queue.
  try {
    const planned = lever.fit?.(view, call, purpose);
    return planned instanceof Promise
      ? planned
          .then((plan) => applyPlan(plan, lever, view, call))
          .catch((error) => refuse(error, lever, view, call))
      : applyPlan(planned, lever, view, call);
  } catch (error) {
    return refuse(error, lever, view, call);
  }
}

/** Asks a lever before the SDK sends the same request again, where the first may be billed. */
export async function runResend(lever: Lever, view: RequestView, call: CallState): Promise<void> {
  try {
    await lever.resend?.(view, call);
  } catch (error) {
    refuse(error, lever, view, call);
  }
}

function applyPlan(plan: FitPlan | undefined, lever: Lever, view: RequestView, call: CallState): RequestView {
  if (plan === undefined) return view;
  for (const decision of plan.decisions) call.decide(decision);
  return lever.mode === 'enforce' ? plan.view : view;
}

function refuse(error: unknown, lever: Lever, view: RequestView, call: CallState): RequestView {
  if (lever.failsClosed === true && lever.mode === 'enforce') throw error;
  reportFailure(lever, call, error);
  return view;
}
