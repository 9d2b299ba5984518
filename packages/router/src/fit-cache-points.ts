import type { CachePoint, RequestView } from '@costkit/core';
import type { CatalogueModel } from '@costkit/pricing';

/**
 * The caller's cache points as another model takes them: none where it has no explicit cache, none in sections it
 * does not cache, the short lifetime where it has no long one, at most as many as it allows. A cache point that a
 * model does not take is an error of the service, not a hint.
 *
 * @returns the same view when nothing has to change.
 */
export function fitCachePoints(view: RequestView, target: CatalogueModel): RequestView {
  const { cachePoints, blocks } = view;
  if (cachePoints.length === 0) return view;
  const rules = target.capabilities.cache;
  if (rules === undefined || !rules.explicit) return view.withCachePoints([]);
  let changed = false;
  const points: CachePoint[] = [];
  for (const point of cachePoints) {
    const section = blocks[point.afterBlock]?.section;
    if (section === undefined || !rules.sections.includes(section)) {
      changed = true;
    } else if (point.ttl !== undefined && !rules.ttls.includes(point.ttl)) {
      changed = true;
      points.push({ afterBlock: point.afterBlock });
    } else {
      points.push(point);
    }
  }
  // The last points cover the most; a message's points are the ones a conversation reads back.
  const kept = points.slice(-rules.maxPoints);
  return changed || kept.length < points.length ? view.withCachePoints(kept) : view;
}
