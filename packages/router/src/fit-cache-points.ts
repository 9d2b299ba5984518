import type { BlockKind, CachePoint, RequestView } from '@costkit/core';
import type { CatalogueModel, Dialect } from '@costkit/pricing';

/**
 * Blocks directly behind which a family is known to refuse a cache point, recorded from the service: Claude behind video and
 * documents that are no PDF, which a view does not tell from those that are; Nova behind tool results.
 */
const REFUSES_BEHIND: { readonly [Name in Dialect]?: ReadonlySet<BlockKind> } = {
  anthropic: new Set(['video', 'document']),
  nova: new Set(['toolResult']),
};

/**
 * The caller's cache points as another model takes them: none where it has no explicit cache, none in sections it
 * does not cache, none behind blocks where its family refuses them and the caller's does not, the short lifetime where
 * it has no long one, at most as many as it allows. A cache point that a model does not take is an error of the service,
 * not a hint.
 *
 * @param requested - the model that the caller has placed them for.
 * @returns the same view when nothing has to change.
 */
export function fitCachePoints(
  view: RequestView,
  target: CatalogueModel,
  requested: CatalogueModel,
): RequestView {
  const { cachePoints, blocks } = view;
  if (cachePoints.length === 0) return view;
  const rules = target.capabilities.cache;
  if (rules === undefined || !rules.explicit) return view.withCachePoints([]);
  const refusesBehind = target.dialect === requested.dialect ? undefined : REFUSES_BEHIND[target.dialect];
  let changed = false;
  const points: CachePoint[] = [];
  for (const point of cachePoints) {
    const block = blocks[point.afterBlock];
    const isTaken = block !== undefined && rules.sections.includes(block.section);
    if (!isTaken || refusesBehind?.has(block.kind) === true) {
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
