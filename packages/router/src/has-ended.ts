import type { CatalogueModel } from '@costkit/pricing';

/** Whether a model has reached its end of life: it can no longer be called. */
export const hasEnded = ({ lifecycle: { endOfLife } }: CatalogueModel, nowMs: number): boolean =>
  endOfLife !== undefined && Date.parse(endOfLife) <= nowMs;
