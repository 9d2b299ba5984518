import type { CallOutput, NextCall, NextCallOptions } from '@costkit/core';
import type { Parcel } from './deliver.js';
import { type Health, saysOutOfService } from './health.js';
import { errorName, isRecoverable } from './refusals.js';

/**
 * Sends a request, and notes whether its model is in service.
 *
 * @throws what `next` throws.
 */
export async function sendWatched(
  health: Health,
  { view, call }: Pick<Parcel, 'view' | 'call'>,
  next: NextCall,
  options?: NextCallOptions,
): Promise<CallOutput> {
  try {
    const answer = await next(view, options);
    health.answered(view.modelId);
    return answer;
  } catch (error) {
    const name = errorName(error);
    if (isRecoverable(error, call) && saysOutOfService(name))
      health.failed(view.modelId, name, call.clock.now());
    throw error;
  }
}
