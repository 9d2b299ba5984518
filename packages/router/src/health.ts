import { boundedMap } from './bounded-map.js';

/** So many failures in a row take a model out. */
const FAILURES_TO_LEAVE = 3;
/** So many answers in a row bring it back; one may be luck. */
const ANSWERS_TO_RETURN = 2;
const FIRST_HOLD_MS = 30_000;
const LONGEST_HOLD_MS = 300_000;
const MAX_TARGETS = 1_000;

/** Errors by which a service says that it has no room or is out of order, for everyone. */
const OUT_OF_SERVICE: ReadonlySet<string> = new Set([
  'ThrottlingException',
  'ServiceUnavailableException',
  'InternalServerException',
  'ModelNotReadyException',
  'ModelTimeoutException',
  'ServiceQuotaExceededException',
  'ModelErrorException',
]);

/** Whether an error says that the model is throttled or out of service. */
export const saysOutOfService = (errorName: string): boolean => OUT_OF_SERVICE.has(errorName);

/** Which models and capacities are out of service, so far as their own answers told. */
export interface Health {
  /**
   * Why a target is left alone; `undefined`: it may be asked. When its time is over one call is let through to try it, and
   * the others wait for what becomes of that.
   */
  reasonToAvoid(target: string, nowMs: number): string | undefined;
  /** The same, without trying it: for what only wants to know. */
  isAvoided(target: string, nowMs: number): boolean;
  failed(target: string, errorName: string, nowMs: number): void;
  answered(target: string): void;
  /** Every target that was ever out of service, as far as is remembered. */
  outages(): Iterable<readonly [target: string, outage: Outage]>;
  /** Takes over what another process has seen. */
  absorb(target: string, outage: Outage): void;
}

/** How long a target is left alone, and why. */
export interface Outage {
  /** Milliseconds since the epoch; 0: in service. */
  readonly until: number;
  readonly holdMs: number;
  readonly error: string;
}

interface State {
  failures: number;
  answers: number;
  holdMs: number;
  /** Left alone until then, milliseconds since the epoch; 0: in service. */
  until: number;
  /** A call was let through to try it, and has not come back. */
  trying: boolean;
  error: string;
}

const IN_SERVICE: Readonly<State> = {
  failures: 0,
  answers: 0,
  holdMs: 0,
  until: 0,
  trying: false,
  error: '',
};

/** Makes an empty memory. `failuresToLeave` is one where each failure says that there is no room. */
export function createHealth(
  failuresToLeave: number = FAILURES_TO_LEAVE,
  firstHoldMs: number = FIRST_HOLD_MS,
): Health {
  const states = boundedMap<string, State>(MAX_TARGETS);
  const isAvoided = (target: string, nowMs: number): boolean => (states.get(target)?.until ?? 0) > nowMs;
  return {
    isAvoided,
    reasonToAvoid: (target, nowMs) => {
      const state = states.get(target);
      if (state === undefined || state.until === 0) return undefined;
      if (state.until > nowMs) return `is out of service (${state.error})`;
      state.until = nowMs + firstHoldMs;
      state.trying = true;
      return undefined;
    },
    failed: (target, errorName, nowMs) => {
      const state = states.get(target) ?? { ...IN_SERVICE };
      states.set(target, state);
      const wasOut = state.until !== 0;
      // Calls that were on their way when it went out fail with it: they say nothing new.
      if (state.until > nowMs && !state.trying) return;
      state.trying = false;
      state.failures += 1;
      state.answers = 0;
      state.error = errorName;
      if (!wasOut && state.failures < failuresToLeave) return;
      state.holdMs = Math.min(LONGEST_HOLD_MS, wasOut ? 2 * state.holdMs : firstHoldMs);
      state.until = nowMs + state.holdMs;
    },
    answered: (target) => {
      const state = states.get(target);
      if (state === undefined) return;
      state.failures = 0;
      state.trying = false;
      if (state.until === 0) return;
      state.answers += 1;
      // The first answer lets the next call try it at once.
      state.until = state.answers < ANSWERS_TO_RETURN ? 1 : 0;
      if (state.until === 0) state.holdMs = 0;
    },
    outages: () =>
      [...states.entries()].map(([target, { until, holdMs, error }]) => [target, { until, holdMs, error }]),
    absorb: (target, { until, holdMs, error }) => {
      states.set(target, { ...IN_SERVICE, until, holdMs, error });
    },
  };
}
