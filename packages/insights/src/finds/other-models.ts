import { type CatalogueModel, listModels, type ResolvedModel } from '@costkit/pricing';
import type { Find, FindContext } from './find.js';
import { byTask, type DailyUsage, partOn, usageWhere } from './on-other-model.js';

/** Answers this short are labels, fields and yes or no: the work that small models are first tried on. */
const SHORT_ANSWER_TOKENS = 100;
const FEWEST_CALLS = 100;
/** A cheaper model must take off this share, or the evaluation is not worth its while. */
const LEAST_SHARE = 0.5;
/** Ends that lie this near are worth a line. */
const AHEAD_DAYS = 180;
const DAY_MS = 86_400_000;

/** The other model through the same kind of profile, so that data stays where it is. */
function sameWay(
  modelId: string,
  { model, scope }: ResolvedModel,
  other: CatalogueModel,
): string | undefined {
  if (modelId.startsWith('arn:')) return undefined;
  const prefix = modelId.endsWith(model.id) ? modelId.slice(0, -model.id.length - 1) : '';
  if (prefix === '') return scope === 'inRegion' ? other.id : undefined;
  return other.profiles.includes(prefix) ? `${prefix}.${other.id}` : undefined;
}

const isAlive = ({ lifecycle }: CatalogueModel, day: string): boolean =>
  (lifecycle.endOfLife ?? '9999') >
    new Date(Date.parse(day) + AHEAD_DAYS * DAY_MS).toISOString().slice(0, 10) &&
  (lifecycle.legacyFrom ?? '9999') > day &&
  (lifecycle.extendedAccessFrom ?? '9999') > day;

/** Words of an id, without versions and dates: what a line of models has in common. */
const words = (id: string): ReadonlySet<string> =>
  new Set(id.split(/[^a-z]+/).filter((word) => word.length > 1));
const common = (one: string, other: string): number =>
  [...words(one)].filter((word) => words(other).has(word)).length;

/** Models of the same provider that are sold, and called the same way. */
function relatives(
  context: FindContext,
  modelId: string,
  resolved: ResolvedModel,
): readonly (readonly [string, CatalogueModel])[] {
  return listModels().flatMap((other) => {
    const fits =
      other.kind === 'text' &&
      other.provider === resolved.model.provider &&
      other.id !== resolved.model.id &&
      isAlive(other, context.lastDay) &&
      !/preview/.test(other.id);
    const id = fits ? sameWay(modelId, resolved, other) : undefined;
    return id === undefined ? [] : [[id, other] as const];
  });
}

/**
 * Tasks with short answers and no tools on a model that has a cheaper relative: what the same tokens cost there, an
 * upper bound. Whether the answers stay as good only an evaluation on the task's own cases can say.
 */
export async function smallerModels(context: FindContext): Promise<readonly Find[]> {
  const rows = await context.database.all<DailyUsage>(
    usageWhere(`(task, model_id) IN (SELECT (task, model_id) FROM priced WHERE cost > 0 AND kind = 'text' AND tools IS NOT NULL
      GROUP BY task, model_id HAVING count(*) >= ${FEWEST_CALLS} AND quantile_disc(output, 0.95) <= ${SHORT_ANSWER_TOKENS}
        AND max(tools) = 0 AND max(turns) <= 1)`),
  );
  return byTask(rows).flatMap((usages) => {
    const modelId = usages[0]?.model_id ?? '';
    const resolved = context.pricing.resolve(modelId);
    if (resolved === undefined) return [];
    const cost = usages.reduce((sum, usage) => sum + usage.cost, 0n);
    const candidates = relatives(context, modelId, resolved)
      .map(([id]) => partOn(context, usages, id))
      .filter((one) => one !== undefined)
      .filter(({ part }) => part.savedPicoUsd > 0n && Number(part.savedPicoUsd) >= LEAST_SHARE * Number(cost))
      // The cheapest ones are the least likely to do: the dearest that is cheap enough is tried first.
      .sort((one, other) => other.unitPrice - one.unitPrice || other.id.localeCompare(one.id));
    const [best] = candidates;
    return best === undefined
      ? []
      : [{ kind: 'smaller-model' as const, variant: 'smaller', parts: [best.part], facts: { to: best.id } }];
  });
}

/** Models that end soon or have ended, or that cost more since their extended access began, and what follows them. */
export async function endingModels(context: FindContext): Promise<readonly Find[]> {
  const models = (
    await context.database.all<{ model_id: string }>('SELECT DISTINCT model_id FROM priced')
  ).filter(({ model_id }) => {
    const model = context.pricing.resolve(model_id)?.model;
    return model !== undefined && !isAlive(model, context.lastDay);
  });
  if (models.length === 0) return [];
  const finds: Find[] = [];
  for (const usages of byTask(await context.database.all<DailyUsage>(usageWhere('true')))) {
    const modelId = usages[0]?.model_id ?? '';
    if (!models.some(({ model_id }) => model_id === modelId)) continue;
    const resolved = context.pricing.resolve(modelId);
    if (resolved === undefined) continue;
    const [successor] = relatives(context, modelId, resolved)
      .map(([id, { id: bare }]) => ({
        kinship: common(bare, resolved.model.id),
        on: partOn(context, usages, id),
      }))
      .filter(({ on }) => on !== undefined && on.part.savedPicoUsd >= 0n)
      // Of the same line the cheapest, and of equal prices the newest.
      .sort(
        (one, other) =>
          other.kinship - one.kinship ||
          (one.on?.unitPrice ?? 0) - (other.on?.unitPrice ?? 0) ||
          (other.on?.id ?? '').localeCompare(one.on?.id ?? ''),
      );
    if (successor?.on === undefined) continue;
    const { endOfLife, extendedAccessFrom } = resolved.model.lifecycle;
    finds.push({
      kind: 'model-lifecycle',
      variant: endOfLife === undefined ? 'dearer' : 'ending',
      parts: [successor.on.part],
      facts: { to: successor.on.id, until: endOfLife ?? '', dearerFrom: extendedAccessFrom ?? '' },
    });
  }
  return finds;
}
