import type { Call, Lever, RequestView } from '@costkit/core';
import type { LoopAlert } from './alert.js';
import { LoopBreakerError } from './errors.js';
import type { LoopBreaker } from './loop-breaker.js';
import type { ReadyBreaker } from './loop-breaker-options.js';

/**
 * The loop breaker in its slot. It fails open: of what it throws only its own verdict counts. What watches is loaded
 * with the first call.
 */
export function breakerLever(options: ReadyBreaker, onAlert: (alert: LoopAlert) => void): Lever {
  let loading: Promise<LoopBreaker> | undefined;
  let breaker: LoopBreaker | undefined;

  const load = async (): Promise<LoopBreaker> => {
    const { createLoopBreaker } = await import('./loop-breaker.js');
    breaker = createLoopBreaker(options, onAlert);
    return breaker;
  };

  const admit = (watching: LoopBreaker, view: RequestView, call: Call): void => {
    try {
      watching.admit(view, call);
    } catch (error) {
      if (error instanceof LoopBreakerError) throw error;
    }
  };

  return {
    name: 'loop-breaker',
    slot: 'receipt',
    mode: options.mode,
    failsClosed: true,
    around: async (view, call, next) => {
      loading ??= load();
      // Once it is there no promise is added: this is on the way of every call.
      admit(breaker ?? (await loading), view, call);
      return next(view);
    },
    onReceipt: (receipt, call) => breaker?.settle(receipt, call),
  };
}
