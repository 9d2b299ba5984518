import type { Call, Receipt, RequestView } from '@costkit/core';
import type { LoopAlert } from './alert.js';
import { scopeName } from './dimensions.js';
import { LoopBreakerError } from './errors.js';
import type { ReadyBreaker } from './loop-breaker-options.js';
import { requestFingerprint } from './request-fingerprint.js';
import { type RequestGrowth, requestGrowth } from './request-growth.js';
import { type SlidingSum, slidingSum } from './sliding-sum.js';

/** Watches for loops. */
export interface LoopBreaker {
  /** Looks at a call before it is made. @throws {@link LoopBreakerError} in `enforce`, while the scope is stopped. */
  admit(view: RequestView, call: Call): void;
  /** Books what a call has cost. */
  settle(receipt: Receipt, call: Call): void;
}

type Trigger = 'repeats' | 'spend';

/** An open breaker. */
interface Stop {
  readonly trigger: Trigger;
  readonly reason: string;
  /** Whether a request is the one that was repeated. */
  readonly isRepeated: (request: Looked) => boolean;
  /** On the monotonic clock: one that is set back must not keep a scope stopped. */
  until: number;
  /** The call that was let through, and whether it is the repeated request once more. */
  trial: { readonly callId: string; readonly repeats: boolean } | undefined;
}

/** What is kept of a request. */
interface Looked {
  readonly fingerprint: number;
  /** How often it has grown. */
  readonly growths: number;
}

interface ScopeState {
  readonly name: string;
  readonly spend: SlidingSum;
  readonly repeats: Map<number, SlidingSum>;
  readonly growth: RequestGrowth;
  /** Set while the breaker is open for this scope. */
  stop: Stop | undefined;
}

const MAX_SCOPES = 10_000;
const MAX_FINGERPRINTS = 64;
const MINUTE_MS = 60_000;

/** Moves an entry to the end of a map and drops the oldest beyond a size. */
function touch<K, V>(map: Map<K, V>, key: K, make: () => V, maxSize: number): V {
  const value = map.get(key) ?? make();
  map.delete(key);
  map.set(key, value);
  if (map.size > maxSize) map.delete(map.keys().next().value as K);
  return value;
}

export function createLoopBreaker(
  { maxUsdPerMinute, maxRepeats, windowMs, names, coolDownMs, mode }: ReadyBreaker,
  onAlert: (alert: LoopAlert) => void,
): LoopBreaker {
  const scopes = new Map<string, ScopeState>();

  const scopeOf = (call: Call): ScopeState => {
    const name = scopeName(names, call.tags);
    const make = (): ScopeState => ({
      name: name === 'all' ? 'all calls' : name,
      spend: slidingSum(MINUTE_MS),
      repeats: new Map(),
      growth: requestGrowth(windowMs),
      stop: undefined,
    });
    return touch(scopes, name, make, MAX_SCOPES);
  };

  const trip = (
    scope: ScopeState,
    trigger: Trigger,
    reason: string,
    nowMs: number,
    isRepeated: Stop['isRepeated'] = () => false,
  ): void => {
    scope.stop = { trigger, reason, until: nowMs + coolDownMs, trial: undefined, isRepeated };
    scope.spend.clear();
    scope.repeats.clear();
    onAlert({ kind: 'loop', scope: scope.name, trigger, reason, stopped: mode === 'enforce' });
  };

  const refuse = (scope: ScopeState, call: Call): void => {
    const { stop } = scope;
    if (stop === undefined) return;
    const stopped = mode === 'enforce';
    call.decide({
      lever: 'loop-breaker',
      mode,
      action: stopped ? 'stopped' : 'would have stopped',
      reason: `In ${scope.name}, ${stop.reason}.`,
    });
    if (!stopped) return;
    const { clock } = call;
    const opensAt = new Date(clock.now() + stop.until - clock.monotonicMs());
    throw new LoopBreakerError(scope.name, stop.trigger, stop.reason, opensAt);
  };

  return {
    admit: (view, call) => {
      const scope = scopeOf(call);
      const nowMs = call.clock.monotonicMs();
      const fingerprint = requestFingerprint(view);
      const growths = scope.growth.add(view, nowMs);
      const { stop } = scope;
      if (stop !== undefined) {
        if (nowMs < stop.until) return refuse(scope, call);
        // Half open: this call is the trial; the next one is due a cool-down later, should it never settle.
        stop.trial = { callId: call.id, repeats: stop.isRepeated({ fingerprint, growths }) };
        stop.until = nowMs + coolDownMs;
        return;
      }
      const repeats = touch(scope.repeats, fingerprint, () => slidingSum(windowMs), MAX_FINGERPRINTS);
      repeats.add(1, nowMs);
      const within = `more than ${maxRepeats} times within ${windowMs / 1_000} s`;
      if (repeats.total(nowMs) > maxRepeats) {
        trip(
          scope,
          'repeats',
          `the same request came ${within}`,
          nowMs,
          (one) => one.fingerprint === fingerprint,
        );
      } else if (growths > maxRepeats) {
        trip(scope, 'repeats', `one request grew ${within}`, nowMs, (one) => one.growths > 0);
      } else return;
      refuse(scope, call);
    },
    settle: (receipt, call) => {
      const scope = scopeOf(call);
      const nowMs = call.clock.monotonicMs();
      const { stop } = scope;
      if (stop !== undefined) {
        // The trial decides: the very request that was repeated keeps the breaker open, any other closes it.
        if (stop.trial?.callId !== call.id || stop.trial.repeats) return;
        scope.stop = undefined;
      }
      if (maxUsdPerMinute === undefined || receipt.cost === undefined) return;
      scope.spend.add(receipt.cost.usd, nowMs);
      const usd = scope.spend.total(nowMs);
      if (usd > maxUsdPerMinute) {
        trip(
          scope,
          'spend',
          `$${usd.toFixed(4)} went within a minute, of $${maxUsdPerMinute} allowed`,
          nowMs,
        );
      }
    },
  };
}
