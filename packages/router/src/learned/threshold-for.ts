import type { Assessment, RouterModel } from './types.js';

/** What a score is compared with: the caller's own threshold, else the model's for this prompt; 0 where there is none. */
export const thresholdFor = (
  own: number | undefined,
  assessed: Pick<Assessment, 'threshold'>,
  model: Pick<RouterModel, 'threshold'>,
): number => own ?? assessed.threshold ?? model.threshold?.threshold ?? 0;
