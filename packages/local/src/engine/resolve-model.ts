import type { CatalogueModel } from '@costkit/pricing/catalogue';
import type { ModelAliases } from '../contract.js';
import { validation } from '../wire/bedrock-fault.js';

/** What a `modelId` of a request names. */
export interface ServedModel {
  readonly model: CatalogueModel;
  /** `global`, `geo:us`, `inRegion`, `govcloud`, or `custom` for a customised model. */
  readonly scope: string;
  /** `token`, unless the id names a resource that is paid by time. */
  readonly billing: 'token' | 'provisioned' | 'imported';
  /** Set when a prompt router chose the model: ARN of what it chose. */
  readonly routedTo?: string;
}

/** Regions from which the profiles of a geography can be called (inference-profile documentation). */
const SOURCE_REGIONS: Readonly<Record<string, RegExp>> = {
  us: /^(us|ca)-(?!gov)/,
  eu: /^eu-/,
  apac: /^ap-/,
  jp: /^ap-northeast-/,
  au: /^ap-(southeast|northeast)-/,
  in: /^ap-south-/,
  ca: /^ca-/,
  'us-gov': /^us-gov-/,
};

const ARN = /^arn:(aws(?:-[a-z-]+)?):bedrock:([a-z0-9-]*):(\d{12})?:([a-z-]+)\/(.+)$/;
const DEEPEST_ALIAS = 4;

const BILLING_BY_KIND: Readonly<Record<string, ServedModel['billing']>> = {
  'provisioned-model': 'provisioned',
  'imported-model': 'imported',
};

/** Finds the catalogue row and the scope behind an id or ARN; `undefined` when it names no model. */
export function resolveModel(
  modelId: string,
  catalogue: ReadonlyMap<string, CatalogueModel>,
  aliases: ModelAliases,
  region: string,
): ServedModel | undefined {
  let id = modelId;
  let billing: ServedModel['billing'] = 'token';
  let custom = false;
  for (let depth = 0; depth < DEEPEST_ALIAS; depth += 1) {
    const target = aliases.get(id);
    if (target === undefined) break;
    const kind = ARN.exec(id)?.[4] ?? '';
    billing = BILLING_BY_KIND[kind] ?? billing;
    custom ||= kind === 'custom-model-deployment';
    id = target;
  }
  const arn = ARN.exec(id);
  if (arn !== null) {
    const [, , , , kind = '', name = ''] = arn;
    if (kind !== 'foundation-model' && kind !== 'inference-profile') return undefined;
    id = name;
  }
  const bare = catalogue.get(id);
  if (bare !== undefined && custom) return { model: bare, scope: 'custom', billing };
  if (bare !== undefined) {
    return { model: bare, scope: region.startsWith('us-gov-') ? 'govcloud' : 'inRegion', billing };
  }
  const dot = id.indexOf('.');
  const prefix = id.slice(0, Math.max(0, dot));
  const model = catalogue.get(id.slice(dot + 1));
  if (model === undefined || !model.profiles.includes(prefix)) return undefined;
  const scope = prefix === 'global' ? 'global' : prefix === 'us-gov' ? 'govcloud' : `geo:${prefix}`;
  return { model, scope, billing };
}

/**
 * The model a request is served by.
 *
 * @throws {@link BedrockFault} with the service's text when the id is unknown, cannot be called from the Region, has
 * no on-demand throughput, or the model's life is over.
 */
export function serveModel(
  modelId: string,
  catalogue: ReadonlyMap<string, CatalogueModel>,
  aliases: ModelAliases,
  region: string,
): ServedModel {
  const served = resolveModel(modelId, catalogue, aliases, region);
  if (served === undefined) throw validation('The provided model identifier is invalid.');
  const { model, scope } = served;
  if (scope.startsWith('geo:') && SOURCE_REGIONS[scope.slice(4)]?.test(region) === false) {
    throw validation('The provided model identifier is invalid.');
  }
  const lacksRegion = model.inRegion !== undefined && !model.inRegion.includes(region);
  // Capacity of one's own needs no on-demand throughput.
  if (scope === 'inRegion' && served.billing === 'token' && lacksRegion) {
    if (model.profiles.length === 0) throw validation('The provided model identifier is invalid.');
    throw validation(
      `Invocation of model ID ${modelId} with on-demand throughput isn\u2019t supported. ` +
        'Retry your request with the ID or ARN of an inference profile that contains this model.',
    );
  }
  return served;
}
