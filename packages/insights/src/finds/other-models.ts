import { type CatalogueModel, listModels, type Rates, type ResolvedModel } from '@costkit/pricing';
import type { Find, FindContext, Part } from './find.js';

/** Answers this short are labels, fields and yes or no: the work that small models are first tried on. */
const SHORT_ANSWER_TOKENS = 100;
const FEWEST_CALLS = 100;
/** A cheaper model must take off this share, or the evaluation is not worth its while. */
const LEAST_SHARE = 0.5;
/** Ends that lie this near are worth a line. */
const AHEAD_DAYS = 180;
const DAY_MS = 86_400_000;

interface DailyUsage {
  readonly task: string;
  readonly model_id: string;
  readonly region: string | null;
  readonly day: string;
  readonly calls: bigint;
  readonly cost: bigint;
  readonly input: bigint;
  readonly output: bigint;
  readonly cache_read: bigint;
  readonly cache_write_5m: bigint;
  readonly cache_write_1h: bigint;
  readonly evidence: readonly string[];
}

const usageWhere = (where: string): string => `
  SELECT task, model_id, region, strftime(day, '%Y-%m-%d') AS day, sum(call_count)::HUGEINT AS calls, sum(cost)::HUGEINT AS cost,
    sum(input)::HUGEINT AS input, sum(output)::HUGEINT AS output, sum(cache_read)::HUGEINT AS cache_read,
    sum(cache_write_5m)::HUGEINT AS cache_write_5m, sum(cache_write_1h)::HUGEINT AS cache_write_1h,
    max_by(request_id, cost, 3) AS evidence
  FROM priced WHERE cost > 0 AND kind = 'text' AND tier = 'standard' AND bracket = 0 AND ${where}
  GROUP BY ALL ORDER BY task, model_id, day`;

/** What the same tokens cost at other rates; a cache write or read that has no rate there is plain input. */
function costAt(usage: DailyUsage, rates: Rates): bigint | undefined {
  const { input, output, cacheRead = input, cacheWrite5m = input, cacheWrite1h = cacheWrite5m } = rates;
  if (input === undefined || output === undefined) return undefined;
  const kinds: readonly (readonly [bigint, number | undefined])[] = [
    [usage.input, input],
    [usage.output, output],
    [usage.cache_read, cacheRead],
    [usage.cache_write_5m, cacheWrite5m],
    [usage.cache_write_1h, cacheWrite1h],
  ];
  return kinds.reduce((sum, [tokens, rate]) => sum + tokens * BigInt(rate ?? 0), 0n);
}

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

interface Candidate {
  readonly id: string;
  readonly part: Part;
  /** Rates by which candidates are compared. */
  readonly unitPrice: number;
}

/** The part that a task's calls would save on another model; `undefined` where a rate is unknown. */
function partOn(context: FindContext, usages: readonly DailyUsage[], id: string): Candidate | undefined {
  const [first] = usages;
  if (first === undefined) return undefined;
  const daily = new Map<string, bigint>();
  let savedPicoUsd = 0n;
  let unitPrice = 0;
  for (const usage of usages) {
    const rates = context.pricing.ratesOf(id, {
      at: new Date(`${usage.day}T00:00:00Z`),
      ...(usage.region === null ? {} : { region: usage.region }),
    });
    const cost = rates === undefined ? undefined : costAt(usage, rates);
    if (rates === undefined || cost === undefined) return undefined;
    unitPrice = (rates.input ?? 0) + (rates.output ?? 0);
    savedPicoUsd += usage.cost - cost;
    daily.set(usage.day, (daily.get(usage.day) ?? 0n) + usage.cost - cost);
  }
  return {
    id,
    unitPrice,
    part: {
      task: first.task,
      modelId: first.model_id,
      calls: usages.reduce((sum, { calls }) => sum + Number(calls), 0),
      savedPicoUsd,
      daily,
      evidence: first.evidence,
    },
  };
}

function byTask(rows: readonly DailyUsage[]): readonly (readonly DailyUsage[])[] {
  const groups = new Map<string, DailyUsage[]>();
  for (const row of rows) {
    const key = JSON.stringify([row.task, row.model_id]);
    const group = groups.get(key) ?? [];
    group.push(row);
    groups.set(key, group);
  }
  return [...groups.values()];
}

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
