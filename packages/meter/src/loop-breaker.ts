import type { Call, Receipt, RequestView } from '@costkit/core';
import type { LoopAlert } from './alert.js';
import { scopeName } from './dimensions.js';
import { LoopBreakerError } from './errors.js';
import type { ReadyBreaker } from './loop-breaker-options.js';
import { type LoopEpisode, loopEpisode } from './loop-episode.js';
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

type Trigger = LoopAlert['trigger'];

/** Why a breaker opens. */
interface Cause {
  readonly trigger: Trigger;
  readonly reason: string;
  /** Whether a request is the one that was repeated. */
  readonly isRepeated: (request: Looked) => boolean;
}

/** An open breaker. */
interface Stop extends Cause {
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
  /** What was told of loops. */
  readonly episodes: Partial<Record<Trigger, LoopEpisode>>;
}

const MAX_SCOPES = 10_000;
const MAX_FINGERPRINTS = 64;
const MINUTE_MS = 60_000;
/** A loop that was not seen for so long, the time in which it is stopped aside, is over. */
const QUIET_MS = 600_000;

const SINCE: Readonly<Record<Trigger, (total: number) => string>> = {
  repeats: (total) => `${total} such requests since it began`,
  spend: (total) => `$${total.toFixed(2)} since it began`,
};

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
      episodes: {},
    });
    return touch(scopes, name, make, MAX_SCOPES);
  };

  /** @param amount - calls or dollars that the loop comes to if it is a new one. */
  const tell = (scope: ScopeState, { trigger, reason }: Stop, amount: number, nowMs: number): void => {
    scope.episodes[trigger] ??= loopEpisode(coolDownMs + QUIET_MS);
    const news = scope.episodes[trigger].see(amount, nowMs);
    if (news === undefined) return;
    const { timesTold, total } = news;
    const since = timesTold === 1 ? '' : `, and ${SINCE[trigger](total)}`;
    const stopped = mode === 'enforce';
    onAlert({ kind: 'loop', scope: scope.name, trigger, reason: `${reason}${since}`, stopped, timesTold });
  };

  const trip = (scope: ScopeState, cause: Cause, amount: number, nowMs: number): void => {
    scope.stop = { ...cause, until: nowMs + coolDownMs, trial: undefined };
    scope.spend.clear();
    scope.repeats.clear();
    tell(scope, scope.stop, amount, nowMs);
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
        const repeats = stop.isRepeated({ fingerprint, growths });
        if (repeats) scope.episodes.repeats?.add(1);
        if (nowMs < stop.until) return refuse(scope, call);
        // Half open: this call is the trial; the next one is due a cool-down later, should it never settle.
        stop.trial = { callId: call.id, repeats };
        stop.until = nowMs + coolDownMs;
        if (repeats) tell(scope, stop, maxRepeats, nowMs);
        return;
      }
      const repeats = touch(scope.repeats, fingerprint, () => slidingSum(windowMs), MAX_FINGERPRINTS);
      repeats.add(1, nowMs);
      const within = `more than ${maxRepeats} times within ${windowMs / 1_000} s`;
      const came = repeats.total(nowMs);
      const isSame = came > maxRepeats;
      if (!isSame && growths <= maxRepeats) return;
      const count = isSame ? Math.ceil(came) : growths;
      const cause: Cause = {
        trigger: 'repeats',
        reason: isSame ? `the same request came ${within}` : `one request grew ${within}`,
        isRepeated: isSame ? (one) => one.fingerprint === fingerprint : (one) => one.growths > 0,
      };
      scope.episodes.repeats?.add(count);
      trip(scope, cause, count, nowMs);
      refuse(scope, call);
    },
    settle: (receipt, call) => {
      const scope = scopeOf(call);
      const nowMs = call.clock.monotonicMs();
      const { stop } = scope;
      const spentUsd = receipt.cost?.usd ?? 0;
      scope.episodes.spend?.add(spentUsd);
      if (stop !== undefined) {
        // The trial decides: the very request that was repeated keeps the breaker open, any other closes it.
        if (stop.trial?.callId !== call.id || stop.trial.repeats) return;
        scope.stop = undefined;
      }
      if (maxUsdPerMinute === undefined) return;
      scope.spend.add(spentUsd, nowMs);
      const usd = scope.spend.total(nowMs);
      if (usd <= maxUsdPerMinute) return;
      const reason = `$${usd.toFixed(4)} went within a minute, of $${maxUsdPerMinute} allowed`;
      trip(scope, { trigger: 'spend', reason, isRepeated: () => false }, usd, nowMs);
    },
  };
}
