import type { ResolvedModel, Scope } from '@costkit/pricing';
import type { ResolvedTier } from './resolve-tiers.js';

const GEOGRAPHY = 'geo:';

/** The id to send, or why there is none. */
export type TargetModelId = { readonly modelId: string } | { readonly obstacle: string };

/** Whether both name the same model in the same scope, also where one is an ARN. */
export function isSameTarget(one: ResolvedModel, other: ResolvedModel): boolean {
  return one.model.id === other.model.id && one.scope === other.scope;
}

/**
 * `us` for `us.amazon.nova-lite-v1:0`, for the ARN of that profile and for one that was made from it; empty for bare
 * ids.
 */
function profileOf({ input, model, scope }: ResolvedModel): string {
  const id = input.slice(input.lastIndexOf('/') + 1);
  const start = id.indexOf(model.id);
  if (start !== -1) return start > 0 ? id.slice(0, start - 1) : '';
  if (scope === 'global') return scope;
  return scope.startsWith(GEOGRAPHY) ? scope.slice(GEOGRAPHY.length) : '';
}

/**
 * Names a tier's model in the scope that the caller chose. Data stays in the geography that the caller's own
 * request named: another prefix, `global.` included, is used only where `allowedScopes` lists it.
 */
export function targetModelId(
  tier: ResolvedTier,
  requested: ResolvedModel,
  allowedScopes: ReadonlySet<Scope>,
  region: string | undefined,
): TargetModelId {
  const { resolved, modelId } = tier;
  const { model } = resolved;
  // A customised model is deployed in its Region.
  const scope = requested.scope === 'custom' ? 'inRegion' : requested.scope;
  if (resolved.scope === scope) {
    if (resolved.reference === 'inference-profile') return { modelId };
    // The user wrote the bare id, so the model is there unless the catalogue knows better.
    if (region === undefined || model.inRegion === undefined || model.inRegion.includes(region))
      return { modelId };
    return { obstacle: `has no bare id in ${region}` };
  }
  // A deployment of one's own is in the Region that is called: inside whatever the caller chose.
  if (resolved.scope === 'custom' || allowedScopes.has(resolved.scope)) return { modelId };
  const profile = profileOf(requested);
  if (profile === '') {
    if (region !== undefined && model.inRegion?.includes(region) === true) return { modelId: model.id };
  } else if (model.profiles.includes(profile)) {
    return { modelId: `${profile}.${model.id}` };
  }
  const form = profile === '' ? `bare id in ${region ?? 'an unknown Region'}` : `"${profile}." profile`;
  return {
    obstacle: `has no known ${form}, and scope "${resolved.scope}" is not in allowedScopes`,
  };
}
