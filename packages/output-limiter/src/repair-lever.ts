import type { Call, Lever, LeverMode } from '@costkit/core';
import type { CallLimits } from './call-limits.js';
import type { Completion } from './complete-answer.js';
import { isCut } from './is-cut.js';
import { LEVER } from './lever-name.js';
import { isThrottled, type ThrottledModels } from './throttled-models.js';

/** What the lever needs besides its mode. */
export interface RepairLeverParts {
  readonly limitsOf: (call: Call) => CallLimits;
  /** Whether cut answers are completed; else it only watches. */
  readonly repairs: boolean;
  readonly throttled: ThrottledModels;
}

/**
 * The lever that completes an answer which our own cap has cut: slot `shape`, so that the second call takes the
 * whole inner way again. Once per call, never more. What completes is loaded when it is first needed. It also sees
 * which models throttle.
 */
export function repairLever(mode: LeverMode, { limitsOf, repairs, throttled }: RepairLeverParts): Lever {
  let loading: Promise<Completion> | undefined;
  const load = async (): Promise<Completion> => {
    const { createCompletion } = await import('./complete-answer.js');
    return createCompletion(limitsOf);
  };
  return {
    name: LEVER,
    slot: 'shape',
    mode,
    around: async (view, call, next) => {
      const answer = await next(view).catch((error: unknown) => {
        if (isThrottled(error)) throttled.add(limitsOf(call).modelId ?? view.modelId, call.clock.now());
        throw error;
      });
      if (!repairs || mode !== 'enforce' || limitsOf(call).cap === undefined) return answer;
      const read = answer.view;
      const streams = view.operation === 'ConverseStream';
      if (!streams && !isCut(read?.stopReason)) return answer;
      loading ??= load();
      const completion = await loading;
      if (streams) return completion.stream(view, call, answer, next);
      return read === undefined ? answer : completion.whole(view, call, answer, read, next);
    },
  };
}
