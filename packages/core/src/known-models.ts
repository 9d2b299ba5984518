import { type ResolvedModel, resolveModel, resolveModelAsync } from '@costkit/pricing';

/** Models behind ids and ARNs that do not name their model: ARN to model id, profile or further ARN. */
export type KnownModels = Readonly<Record<string, string>>;

/** Models by the ids and ARNs that stand for them. */
export type ModelsByArn = ReadonlyMap<string, ResolvedModel>;

const NONE: ModelsByArn = new Map();
// One reading per map: the settings of a client hand the same object to every call.
const readings = new WeakMap<KnownModels, ModelsByArn | Promise<ModelsByArn>>();

/**
 * What the ARNs of a map stand for: the model, and how a call through the ARN is paid (provisioned throughput,
 * a custom deployment, an application profile). Entries that lead to no known model are left out.
 */
export function readKnownModels(models: KnownModels): ModelsByArn | Promise<ModelsByArn> {
  const before = readings.get(models);
  if (before !== undefined) return before;
  const ids = Object.keys(models);
  // No promise for what is known: every call asks.
  const reading =
    ids.length === 0
      ? NONE
      : readAll(ids, models).then((known) => {
          readings.set(models, known);
          return known;
        });
  readings.set(models, reading);
  return reading;
}

async function readAll(ids: readonly string[], models: KnownModels): Promise<ModelsByArn> {
  const known = new Map<string, ResolvedModel>();
  for (const id of ids) {
    const resolved = id.startsWith('arn:')
      ? await resolveModelAsync(id, { lookup: models }).catch(() => undefined)
      : // A name that is no ARN tells nothing about how it is paid.
        resolveModel(followModels(id, models));
    if (resolved !== undefined) known.set(id, resolved);
  }
  return known;
}

/** The model id or profile at the end of a map's entries, which may lead from ARN to ARN. */
export function followModels(modelId: string, models: KnownModels): string {
  let id = modelId;
  for (let step = 0; step < MAX_STEPS && Object.hasOwn(models, id); step += 1) id = models[id] as string;
  return id;
}

/** As many as `resolveModelAsync` follows. */
const MAX_STEPS = 5;
