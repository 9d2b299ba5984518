import type { Call, Lever, RequestView } from '@costkit/core';
import { LoopBreakerError } from './errors.js';
import type { LoopBreaker } from './loop-breaker.js';

/** The loop breaker in its slot. It fails open: of what it throws only its own verdict counts. */
export function breakerLever(breaker: LoopBreaker): Lever {
  const admit = (view: RequestView, call: Call): void => {
    try {
      breaker.admit(view, call);
    } catch (error) {
      if (error instanceof LoopBreakerError) throw error;
    }
  };
  return {
    name: 'loop-breaker',
    slot: 'receipt',
    mode: breaker.mode,
    failsClosed: true,
    around: async (view, call, next) => {
      admit(view, call);
      return next(view);
    },
    onReceipt: (receipt, call) => breaker.settle(receipt, call),
  };
}
