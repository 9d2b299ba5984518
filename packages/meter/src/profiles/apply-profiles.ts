import { checkOptions, InvalidOptionError, isAnything, isArray, isBoolean, type Tags } from '@costkit/core';
import { resolveModel } from '@costkit/pricing';
import { bedrockLookup } from '@costkit/pricing/bedrock-lookup';
import { hasMethods } from '../has-methods.js';
import { controlPlane } from './control-plane.js';
import type { FindProfilesOptions } from './find-profiles.js';
import { ProfileConflictError } from './profile-conflict-error.js';
import { checkOwners, type ProfileOwner, profileName } from './profile-owner.js';
import type { TeamProfile } from './team-profile.js';

/** What {@link applyProfiles} takes. */
export interface ApplyProfilesOptions extends FindProfilesOptions {
  /** Who is to have which profiles. */
  readonly owners: readonly ProfileOwner[];
  /** Changes nothing, and says what would be changed. @defaultValue `false` */
  readonly dryRun?: boolean;
}

/** What was done, or would be done, for one profile. */
export interface ProfileChange {
  readonly action: 'create' | 'tag' | 'none';
  /** Name of the profile. */
  readonly name: string;
  /** The model or inference profile that it is of. */
  readonly modelId: string;
  /** Tags that are set: those of a new profile, or those that differ. */
  readonly tags: Tags;
}

/** The profiles that owners have now. */
export interface AppliedProfiles {
  /** One for each owner and model; with `dryRun` those that are there. */
  readonly profiles: readonly TeamProfile[];
  /** One for each owner and model. */
  readonly changes: readonly ProfileChange[];
}

const isSameModel = (one: string | undefined, other: string): boolean => {
  const [a, b] = [resolveModel(one ?? ''), resolveModel(other)];
  return a !== undefined && a.model.id === b?.model.id && a.scope === b.scope;
};

const differing = (wanted: Tags, present: Tags): Tags =>
  Object.fromEntries(Object.entries(wanted).filter(([key, value]) => present[key] !== value));

/**
 * Gives every owner an application inference profile for each of their models, tagged with the owner's tags: what is
 * called through it appears under these tags in AWS's own cost reports, once they are activated as cost-allocation tags.
 * Profiles are found again by name, or by model and tags where they were made elsewhere; doing it twice changes nothing.
 * Nothing is deleted, and no other tag is removed.
 *
 * Needs `bedrock:ListInferenceProfiles`, `bedrock:GetInferenceProfile`, `bedrock:GetFoundationModel`,
 * `bedrock:ListTagsForResource`, `bedrock:CreateInferenceProfile` and `bedrock:TagResource`. Do it when you deploy, and
 * keep the profiles in a file.
 *
 * @throws `InvalidOptionError` for options that are unknown or wrong, before anything is asked.
 * @throws {@link ProfileConflictError} when a profile has the name, but another model; what Bedrock answers passes
 * through.
 *
 * @example
 * ```ts
 * import * as commands from '@aws-sdk/client-bedrock';
 *
 * const { profiles, changes } = await applyProfiles({
 *   bedrock: new commands.BedrockClient({}),
 *   commands,
 *   owners: [{ tags: { team: 'search' }, models: ['us.amazon.nova-lite-v1:0', 'us.amazon.nova-pro-v1:0'] }],
 * });
 * ```
 */
export async function applyProfiles(options: ApplyProfilesOptions): Promise<AppliedProfiles> {
  checkOptions<ApplyProfilesOptions>('meter', options, {
    bedrock: hasMethods('send'),
    commands: isAnything,
    owners: isArray,
    dryRun: isBoolean,
  });
  const { bedrock, commands, owners, dryRun = false } = options;
  if (owners === undefined) throw new InvalidOptionError('meter', 'owners', 'is missing');
  checkOwners(owners);
  const plane = controlPlane(bedrock, commands);
  const lookup = bedrockLookup(bedrock, commands);
  const present = await plane.list();
  const models = new Map<string, Promise<string | undefined>>();
  const modelOf = (arn: string): Promise<string | undefined> => {
    const model = models.get(arn) ?? lookup(arn);
    models.set(arn, model);
    return model;
  };

  /** The profile of that name, or else one of that model with those tags. */
  const find = async (
    name: string,
    owner: ProfileOwner,
    modelId: string,
  ): Promise<{ arn: string; name: string; tags: Tags } | undefined> => {
    const named = present.find(({ inferenceProfileName }) => inferenceProfileName === name);
    if (named !== undefined) {
      const { inferenceProfileArn: arn } = named;
      const model = await modelOf(arn);
      // Not every list of destinations tells which profile was copied; the name says it then.
      if (model !== undefined && !isSameModel(model, modelId))
        throw new ProfileConflictError(name, arn, model, modelId);
      return { arn, name, tags: await plane.tagsOf(arn) };
    }
    for (const { inferenceProfileArn: arn, inferenceProfileName } of present) {
      if (!isSameModel(await modelOf(arn), modelId)) continue;
      const tags = await plane.tagsOf(arn);
      if (Object.keys(differing(owner.tags, tags)).length === 0)
        return { arn, name: inferenceProfileName, tags };
    }
    return undefined;
  };

  const profiles: TeamProfile[] = [];
  const changes: ProfileChange[] = [];
  for (const owner of owners) {
    for (const modelId of owner.models) {
      const name = profileName(owner, modelId);
      const found = await find(name, owner, modelId);
      const tags = found === undefined ? owner.tags : differing(owner.tags, found.tags);
      const action = found === undefined ? 'create' : Object.keys(tags).length > 0 ? 'tag' : 'none';
      changes.push({ action, name: found?.name ?? name, modelId, tags });
      let arn = found?.arn;
      if (!dryRun && action === 'create')
        arn = await plane.create(name, `costkit: ${name}`, await plane.sourceArn(modelId), owner.tags);
      if (!dryRun && action === 'tag' && arn !== undefined) await plane.tag(arn, tags);
      if (arn !== undefined) profiles.push({ arn, name: found?.name ?? name, modelId, tags: owner.tags });
    }
  }
  return { profiles, changes };
}
