import { globalIdOf } from '../price-calls.js';
import { type Find, type FindContext, sumSavings } from './find.js';

/** Calls of a geographic profile, or in one Region, where the same model costs less from anywhere. Exact. */
export async function globalProfile({ database, pricing }: FindContext): Promise<readonly Find[]> {
  const parts = (
    await sumSavings(
      database,
      'SELECT task, model_id, day, request_id, call_count, coalesce(cost - cost_global, 0) AS saved_global FROM rated WHERE cost > 0',
      ['global'],
    )
  ).get('global');
  const models = new Set(parts?.map(({ modelId }) => modelId));
  return [...models].map((modelId) => {
    const resolved = pricing.resolve(modelId);
    return {
      kind: 'global-profile' as const,
      variant: 'global',
      parts: parts?.filter((part) => part.modelId === modelId) ?? [],
      facts: { to: (resolved === undefined ? undefined : globalIdOf(modelId, resolved)) ?? '' },
    };
  });
}
