import { CATALOGUE } from './catalogue.js';
import { parseArn } from './parse-arn.js';
import type { ModelReference, ResolvedModel, Scope } from './types.js';

/** Prefixes of inference profiles and the scope each stands for. */
const PROFILE_SCOPES: Readonly<Record<string, Scope>> = {
  global: 'global',
  us: 'geo:us',
  eu: 'geo:eu',
  apac: 'geo:apac',
  jp: 'geo:jp',
  au: 'geo:au',
  in: 'geo:in',
  ca: 'geo:ca',
  'us-gov': 'govcloud',
};

interface Id {
  readonly bareId: string;
  readonly scope: Scope;
  readonly profile: boolean;
}

function readId(id: string): Id | undefined {
  if (CATALOGUE.has(id)) return { bareId: id, scope: 'inRegion', profile: false };
  const dot = id.indexOf('.');
  const scope = PROFILE_SCOPES[id.slice(0, Math.max(dot, 0))];
  const rest = scope === undefined ? id : id.slice(dot + 1);
  const bareId = CATALOGUE.has(rest) ? rest : withoutContextVariant(rest);
  if (bareId === undefined) return undefined;
  return { bareId, scope: scope ?? 'inRegion', profile: scope !== undefined };
}

/** `amazon.nova-pro-v1:0:300k` is `amazon.nova-pro-v1:0` with a given context length (provisioned throughput). */
function withoutContextVariant(id: string): string | undefined {
  const match = /^(.+):(?:\d+k|mm)$/.exec(id);
  const bareId = match?.[1];
  return bareId !== undefined && CATALOGUE.has(bareId) ? bareId : undefined;
}

const RESOLVED = new Map<string, ResolvedModel>();
const MAX_RESOLVED = 1000;

/**
 * Understands what a `modelId` names, as far as the text alone says it: bare ids, inference profiles
 * (`us.`, `eu.`, `global.` …), context variants (`…:300k`), and ARNs of foundation models and system-defined
 * inference profiles. Pure, and remembered: the second call for the same text is a lookup.
 *
 * @returns `undefined` when the text names no known model by itself, as the ARN of an application inference
 * profile does; {@link resolveModelAsync} can ask for those.
 *
 * @example
 * ```ts
 * const resolved = resolveModel('us.anthropic.claude-haiku-4-5-20251001-v1:0');
 * resolved?.scope;                  // "geo:us"
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

function readModelId(input: string): ResolvedModel | undefined {
  const arn = parseArn(input);
  if (arn !== undefined && arn.reference !== 'foundation-model' && arn.reference !== 'inference-profile')
    return undefined;
  const id = readId(arn?.resource ?? input);
  if (id === undefined) return undefined;
  const model = CATALOGUE.get(id.bareId);
  if (model === undefined) return undefined;
  const reference: ModelReference = id.profile ? 'inference-profile' : 'foundation-model';
  if (arn !== undefined && arn.reference !== reference) return undefined;
  const scope = arn?.partition === 'aws-us-gov' && id.scope === 'inRegion' ? 'govcloud' : id.scope;
  return { input, reference, model, scope, ...(arn?.region === undefined ? {} : { region: arn.region }) };
}

/** The foundation-model id behind an id, profile or ARN, e.g. `amazon.nova-lite-v1:0` for `eu.amazon.nova-lite-v1:0`. */
export function bareModelId(idOrArn: string): string | undefined {
  return resolveModel(idOrArn)?.model.id;
}
