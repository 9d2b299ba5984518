import type { Call, Decision, LeverMode, Money } from '@costkit/core';
import { LEVER } from './lever-name.js';

/** Puts what was done with a request's input on its receipt. */
export type InputDecider = (call: Call, action: string, reason: string, estimatedSaving?: Money) => void;

/** @param kept - the action that changes nothing, in `enforce` neither. */
export function inputDecider(mode: LeverMode, kept: string): InputDecider {
  return (call, action, reason, estimatedSaving) => {
    const decision: Decision = {
      lever: LEVER,
      mode,
      action: mode === 'observe' && action !== kept ? `would have ${action}` : action,
      reason,
    };
    call.decide(estimatedSaving === undefined ? decision : { ...decision, estimatedSaving });
  };
}
