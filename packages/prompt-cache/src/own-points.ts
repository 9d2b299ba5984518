import type { CachePoint, RequestView } from '@costkit/core';
import type { ModelCacheRules } from './model-cache-rules.js';

/** Those of the caller's own cache points that another model accepts, with lifetimes that it knows. */
export function acceptableOwnPoints(view: RequestView, rules: ModelCacheRules): readonly CachePoint[] {
  return view.cachePoints
    .filter(({ afterBlock }) => {
      const block = view.blocks[afterBlock];
      return block !== undefined && rules.sections.includes(block.section) && rules.carriers.has(block.kind);
    })
    .slice(-rules.maxPoints)
    .map((point) =>
      point.ttl === '1h' && !rules.ttls.includes('1h') ? { afterBlock: point.afterBlock } : point,
    );
}

/** Whether the model would refuse the caller's own points, whatever else is in the request. */
export function ownPointsAreRefused(view: RequestView, rules: ModelCacheRules): boolean {
  if (view.cachePoints.length > rules.maxPoints) return true;
  return view.cachePoints.some(({ afterBlock, ttl }) => {
    const section = view.blocks[afterBlock]?.section;
    return (
      section === undefined ||
      !rules.sections.includes(section) ||
      (ttl === '1h' && !rules.ttls.includes('1h'))
    );
  });
}
