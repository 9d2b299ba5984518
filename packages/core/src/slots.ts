import { callOutput } from './call-output.js';
import { CallState } from './call-state.js';
import type { CallOutput, Lever, NextCall, Slot } from './lever.js';
import { leverPosition } from './lever-order.js';
import type { InferenceOperation, RequestView } from './request-view.js';
import { runAround, runFit, runRecover } from './run-lever.js';
import type { Handler, HandlerArguments, HandlerContext, HandlerResult, Middleware } from './sdk.js';
import { Transmission } from './transmission.js';
import { type Travel, travelOf, withTravel } from './travel.js';
import { viewRequest } from './view-request.js';

/** Dispatch is by command name, never by class: two SDK copies have two classes. */
const OPERATIONS: Readonly<Record<string, InferenceOperation>> = {
  ConverseCommand: 'Converse',
  ConverseStreamCommand: 'ConverseStream',
  InvokeModelCommand: 'InvokeModel',
  InvokeModelWithResponseStreamCommand: 'InvokeModelWithResponseStream',
};

type LeversBySlot = Readonly<Record<Slot, readonly Lever[]>>;

// A client's levers are the same for all its calls: they are sorted once.
const sorted = new WeakMap<readonly Lever[], LeversBySlot>();

function sortLevers(levers: readonly Lever[]): LeversBySlot {
  const of = (slot: Slot): readonly Lever[] =>
    levers
      .filter((lever) => lever.slot === slot && lever.mode !== 'off')
      .sort((one, other) => leverPosition(one) - leverPosition(other));
  const bySlot: LeversBySlot = {
    receipt: of('receipt'),
    shape: of('shape'),
    route: of('route'),
    fit: of('fit'),
    attempt: of('attempt'),
  };
  sorted.set(levers, bySlot);
  return bySlot;
}

function leversOf({ levers }: Travel, slot: Slot): readonly Lever[] {
  return (sorted.get(levers) ?? sortLevers(levers))[slot];
}

/** Runs the levers of a slot around what comes after it, outermost first. */
function compose(levers: readonly Lever[], call: CallState, innermost: NextCall): NextCall {
  let next = innermost;
  for (let index = levers.length - 1; index >= 0; index -= 1) {
    const lever = levers[index] as Lever;
    const inner = next;
    if (lever.around !== undefined) {
      next = (view, options) => runAround(lever, view, call, inner, options);
    } else if (lever.recover !== undefined && lever.mode === 'enforce') {
      next = (view, options) => runRecover(lever, view, call, inner, options);
    }
  }
  return next;
}

/** What comes after a slot, for views. No async function: a promise costs as much as a small lever. */
function inward(next: Handler, args: HandlerArguments, travel: Travel): NextCall {
  return (view, options) => {
    const purpose = options?.purpose ?? travel.purpose ?? 'answer';
    const unchanged = view === travel.view && purpose === travel.purpose;
    const { levers, settings, call } = travel;
    try {
      return next(unchanged ? args : withTravel(args, { levers, settings, call, view, purpose })).then(
        (result) => callOutput(view, result),
      );
    } catch (error) {
      // Middleware that is no async function: what it throws is the inner slots' error all the same.
      return Promise.reject(error);
    }
  };
}

/** The receipt slot, for a call with everything that is registered on its client. */
async function receiptSlot(
  next: Handler,
  context: HandlerContext,
  travel: Travel,
  args: HandlerArguments,
): Promise<HandlerResult> {
  const operation = OPERATIONS[context.commandName ?? ''];
  if (operation === undefined || process.env['COSTKIT_MODE'] === 'off') return next(args);
  const { levers, settings } = travel;
  const view = viewRequest(operation, args.input, settings.models);
  const opened = CallState.open(view, travel, context.__smithy_context?.abortSignal);
  const call = opened instanceof CallState ? opened : await opened;
  try {
    const send = compose(
      leversOf(travel, 'receipt'),
      call,
      inward(next, args, { levers, settings, call, view: undefined, purpose: undefined }),
    );
    return call.finish(await send(view));
  } catch (error) {
    call.fail(error);
    throw error;
  }
}

function aroundSlot(slot: 'shape' | 'route'): Middleware {
  return (next) => (args) => {
    const travel = travelOf(args);
    const { call, purpose } = travel;
    if (call === undefined) return next(args);
    const levers = leversOf(travel, slot);
    if (levers.length === 0) return next(args);
    const send = compose(levers, call, inward(next, args, travel));
    return send(currentView(args, travel, call), purpose === undefined ? undefined : { purpose });
  };
}

/** Another middleware may have replaced the input on the way; then the view is read anew. */
function currentView(args: HandlerArguments, travel: Travel, call: CallState): RequestView {
  const { view } = travel;
  return view !== undefined && view.input === args.input
    ? view
    : viewRequest(call.operation, args.input, travel.settings.models);
}

const fitSlot: Middleware = (next) => (args) => {
  const travel = travelOf(args);
  const { levers, settings, call, purpose } = travel;
  if (call === undefined) return next(args);
  const send = (view: RequestView): Promise<HandlerResult> =>
    next(withTravel(args, { levers, settings, call, view: call.withMetadata(view), purpose }));
  try {
    const fitted = fitFrom(0, travel, currentView(args, travel, call), call);
    return fitted instanceof Promise ? fitted.then(send) : send(fitted);
  } catch (error) {
    return Promise.reject(error);
  }
};

/** Runs the `fit` levers from one on. Most of them answer at once; the rest waits only for one that does not. */
function fitFrom(
  first: number,
  travel: Travel,
  view: RequestView,
  call: CallState,
): RequestView | Promise<RequestView> {
  const levers = leversOf(travel, 'fit');
  let fitted = view;
  for (let index = first; index < levers.length; index += 1) {
    const planned = runFit(levers[index] as Lever, fitted, call, travel.purpose);
    if (planned instanceof Promise) {
      return planned.then((planning) => fitFrom(index + 1, travel, planning, call));
    }
    fitted = planned;
  }
  return fitted;
}

const attemptSlot: Middleware = (next, context) => (args) => {
  const travel = travelOf(args);
  const { levers: all, settings, call, purpose } = travel;
  if (call === undefined) return next(args);
  const view = currentView(args, travel, call);
  const region = context.__smithy_context?.selectedHttpAuthScheme?.signingProperties?.signingRegion;
  // The request is serialised by now: a lever here may answer in the service's place, but no longer edit.
  const send = async (): Promise<CallOutput> => {
    const transmission = new Transmission({
      call,
      view,
      purpose: purpose ?? 'answer',
      region,
      levers: leversOf(travel, 'fit'),
    });
    try {
      return transmission.succeed(
        await next(withTravel(args, { levers: all, settings, call, view, purpose, transmission })),
      );
    } catch (error) {
      transmission.fail(error);
      throw error;
    }
  };
  const levers = leversOf(travel, 'attempt');
  return levers.length === 0 ? send() : compose(levers, call, send)(view);
};

/** Inside the SDK's retry loop: passed each time the request is sent. */
const transmit: Middleware = (next) => (args) => {
  const { transmission } = travelOf(args);
  return transmission === undefined ? next(args) : transmission.send(() => next(args));
};

/** What runs the levers of each slot, and watches what the SDK sends. */
export interface Slots extends Readonly<Record<Exclude<Slot, 'receipt'> | 'transmit', Middleware>> {
  readonly receipt: typeof receiptSlot;
}

export { senderOf } from './sender.js';

export const SLOTS: Slots = {
  receipt: receiptSlot,
  shape: aroundSlot('shape'),
  route: aroundSlot('route'),
  fit: fitSlot,
  attempt: attemptSlot,
  transmit,
};
