import { callOutput } from './call-output.js';
import { CallState } from './call-state.js';
import type { CallOutput, Lever, NextCall, Slot } from './lever.js';
import { leverPosition } from './lever-order.js';
import type { InferenceOperation } from './request-view.js';
import { runAround, runFit } from './run-lever.js';
import type { Handler, HandlerArguments, HandlerResult, Middleware } from './sdk.js';
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
  return levers.reduceRight<NextCall>(
    (next, lever) =>
      lever.around === undefined ? next : (view, options) => runAround(lever, view, call, next, options),
    innermost,
  );
}

function inward(next: Handler, args: HandlerArguments, travel: Travel): NextCall {
  return async (view, options) =>
    callOutput(
      view,
      await next(
        withTravel(args, { ...travel, view, purpose: options?.purpose ?? travel.purpose ?? 'answer' }),
      ),
    );
}

const asResult = ({ output, response }: CallOutput): HandlerResult => ({ output, response });

const receiptSlot: Middleware = (next, context) => async (args) => {
  const travel = travelOf(args);
  const operation = OPERATIONS[context.commandName ?? ''];
  if (operation === undefined || process.env['COSTKIT_MODE'] === 'off') return next(args);
  const view = viewRequest(operation, args.input, travel.settings.models);
  const call = await CallState.open(view, travel, context.__smithy_context?.abortSignal);
  const levers = leversOf(travel, 'receipt');
  try {
    const send = compose(levers, call, inward(next, args, { ...travel, call }));
    return asResult(call.finish(await send(view)));
  } catch (error) {
    call.fail(error);
    throw error;
  }
};

function aroundSlot(slot: 'shape' | 'route'): Middleware {
  return (next) => async (args) => {
    const travel = travelOf(args);
    const { call } = travel;
    if (call === undefined) return next(args);
    const levers = leversOf(travel, slot);
    if (levers.length === 0) return next(args);
    const view = currentView(args, travel, call);
    const { purpose } = travel;
    const send = compose(levers, call, inward(next, args, travel));
    return asResult(await send(view, purpose === undefined ? undefined : { purpose }));
  };
}

/** Another middleware may have replaced the input on the way; then the view is read anew. */
function currentView(args: HandlerArguments, travel: Travel, call: CallState): NonNullable<Travel['view']> {
  const { view } = travel;
  return view !== undefined && view.input === args.input
    ? view
    : viewRequest(call.operation, args.input, travel.settings.models);
}

const fitSlot: Middleware = (next) => async (args) => {
  const travel = travelOf(args);
  const { call } = travel;
  if (call === undefined) return next(args);
  let view = currentView(args, travel, call);
  for (const lever of leversOf(travel, 'fit')) {
    const fitted = runFit(lever, view, call);
    view = fitted instanceof Promise ? await fitted : fitted;
  }
  return next(withTravel(args, { ...travel, view: call.withMetadata(view) }));
};

const attemptSlot: Middleware = (next, context) => async (args) => {
  const travel = travelOf(args);
  const { call } = travel;
  if (call === undefined) return next(args);
  const view = currentView(args, travel, call);
  const region = context.__smithy_context?.selectedHttpAuthScheme?.signingProperties?.signingRegion;
  // The request is serialised by now: a lever here may answer in the service's place, but no longer edit.
  const send: NextCall = async () => {
    const attempt = call.beginAttempt(view, travel.purpose ?? 'answer', region);
    try {
      return callOutput(view, attempt.succeed(await next(args)));
    } catch (error) {
      attempt.fail(error);
      throw error;
    }
  };
  return asResult(await compose(leversOf(travel, 'attempt'), call, send)(view));
};

/** What runs the levers of each slot. */
export const SLOTS: Readonly<Record<Slot, Middleware>> = {
  receipt: receiptSlot,
  shape: aroundSlot('shape'),
  route: aroundSlot('route'),
  fit: fitSlot,
  attempt: attemptSlot,
};
