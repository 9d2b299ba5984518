import { importedModel } from './imported-model.js';
import { MODEL_INDEXES, modelOf } from './models.js';
import { parseArn } from './parse-arn.js';
import type { ModelReference, ResolvedModel, Scope } from './types.js';

/** Ids that were understood before; bounded, because ids can come from outside. */
const RESOLVED = new Map<string, ResolvedModel>();
const MAX_RESOLVED = 1_000;

/**
 * Understands what a `modelId` names, as far as the text alone says it: bare ids, inference profiles (`us.`, `eu.`,
 * `global.` …), context variants (`amazon.nova-pro-v1:0:300k`), and ARNs of foundation models, of system-defined
 * inference profiles and of imported models. Pure; the second call for the same text is a lookup.
 *
 * @returns `undefined` when the text names no known model by itself, as the ARN of an application inference profile
 * or of provisioned throughput does; {@link resolveModelAsync} can ask for those.
 *
 * @example
 * ```ts
 * const resolved = resolveModel('us.anthropic.claude-haiku-4-5-20251001-v1:0');
 * resolved?.scope;                               // "geo:us"
 * resolved?.model.capabilities.cache?.minTokens; // 4096
 * ```
 */
export function resolveModel(idOrArn: string): ResolvedModel | undefined {
  const known = RESOLVED.get(idOrArn);
  if (known !== undefined) return known;
  const resolved = readModelId(idOrArn);
  if (resolved !== undefined) {
    if (RESOLVED.size >= MAX_RESOLVED) RESOLVED.clear();
    RESOLVED.set(idOrArn, resolved);
  }
  return resolved;
}

/** The foundation-model id behind an id, profile or ARN, e.g. `amazon.nova-lite-v1:0` for `eu.amazon.nova-lite-v1:0`. */
export function bareModelId(idOrArn: string): string | undefined {
  return resolveModel(idOrArn)?.model.id;
}

function readModelId(input: string): ResolvedModel | undefined {
  const arn = parseArn(input);
  const region = arn?.region === undefined ? {} : { region: arn.region };
  if (arn?.reference === 'imported-model') {
    return {
      input,
      reference: arn.reference,
      model: importedModel(input),
      scope: 'inRegion',
      billing: 'imported',
      ...region,
    };
  }
  if (arn !== undefined && arn.reference !== 'foundation-model' && arn.reference !== 'inference-profile')
    return undefined;
  const id = readId(arn?.resource ?? input);
  const model = id === undefined ? undefined : modelOf(id.bareId);
  if (id === undefined || model === undefined) return undefined;
  const reference: ModelReference = id.isProfile ? 'inference-profile' : 'foundation-model';
  if (arn !== undefined && arn.reference !== reference) return undefined;
  const scope = id.scope === 'inRegion' && arn?.partition === 'aws-us-gov' ? 'govcloud' : id.scope;
  return { input, reference, model, scope, ...region };
}

function readId(id: string): { bareId: string; scope: Scope; isProfile: boolean } | undefined {
  const bareId = catalogueId(id);
  if (bareId !== undefined) return { bareId, scope: 'inRegion', isProfile: false };
  const dot = id.indexOf('.');
  const prefix = id.slice(0, Math.max(dot, 0));
  const profiledId = catalogueId(id.slice(dot + 1));
  if (profiledId === undefined || !/^[a-z]{2,6}(-[a-z]{2,4})?$/.test(prefix)) return undefined;
  return { bareId: profiledId, scope: scopeOfProfile(prefix), isProfile: true };
}

/** A geography that the catalogue does not know yet is still a geography: the model is known, the price is not. */
function scopeOfProfile(prefix: string): Scope {
  return prefix === 'global' ? 'global' : prefix === 'us-gov' ? 'govcloud' : `geo:${prefix}`;
}

/**
 * The catalogue's spelling of a bare id. Provisioned throughput and ListFoundationModels know variants by context
 * length (`…-v1:0:300k`, `…-v3:0:512`), and some ids exist with and without `:0`.
 */
function catalogueId(id: string): string | undefined {
  if (MODEL_INDEXES.has(id)) return id;
  const withoutVariant = id.replace(/:(\d+k?|mm)$/, '');
  for (const candidate of [withoutVariant, withoutVariant.replace(/:0$/, ''), `${id}:0`]) {
    if (MODEL_INDEXES.has(candidate)) return candidate;
  }
  return undefined;
}
