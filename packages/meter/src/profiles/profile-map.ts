import { checkOptions, type ProfileMap } from '@costkit/core';
import { parseArn, resolveModel } from '@costkit/pricing';
import { isNames } from '../is-names.js';
import type { TeamProfile } from './team-profile.js';

/** What {@link profileMap} takes. */
export interface ProfileMapOptions {
  /** Names of the tags that tell owners apart. @defaultValue all tags of each profile */
  readonly ownerTags?: readonly string[];
}

/**
 * The models behind profiles, for the setting `models`: receipts then know what a call through a profile costs, without
 * asking Bedrock. A {@link profileMap} has them too.
 *
 * @example
 * ```ts
 * const client = costkit(bedrock, { models: profileModels(profiles) });
 * ```
 */
export function profileModels(profiles: readonly TeamProfile[]): Record<string, string> {
  return Object.fromEntries(
    profiles.flatMap(({ arn, modelId }) => (modelId === undefined ? [] : [[arn, modelId]])),
  );
}

/** One model in one scope, however it is named. */
function modelKey(modelId: string): string {
  const resolved = resolveModel(modelId);
  return resolved === undefined ? modelId : `${resolved.model.id} ${resolved.scope}`;
}

/**
 * Says which model is behind each profile, and which profile its owner has for another model, in the same Region: what
 * `costkit` and a router need to price a call through a profile, and to move it to another model without losing its cost
 * tags. Asks nobody: the profiles are those that `applyProfiles` or `findProfiles` returned, from a file.
 *
 * @throws `InvalidOptionError` for options that are unknown or wrong.
 *
 * @example
 * ```ts
 * const map = profileMap(profiles, { ownerTags: ['team'] });
 * map.counterpart(profileOfOpus, 'us.anthropic.claude-haiku-5-5'); // the same team's profile of Haiku
 * const client = costkit(bedrock, { profiles: map, router });
 * ```
 */
export function profileMap(profiles: readonly TeamProfile[], options: ProfileMapOptions = {}): ProfileMap {
  checkOptions<ProfileMapOptions>('meter', options, { ownerTags: isNames });
  const { ownerTags } = options;
  const ownerOf = ({ arn, tags }: TeamProfile): string => {
    const names = (ownerTags ?? Object.keys(tags)).filter((name) => Object.hasOwn(tags, name)).sort();
    return JSON.stringify([parseArn(arn)?.region, ...names.map((name) => [name, tags[name]])]);
  };
  const owners = new Map<string, string>();
  const arns = new Map<string, string>();
  for (const profile of profiles) {
    const owner = ownerOf(profile);
    owners.set(profile.arn, owner);
    if (profile.modelId === undefined) continue;
    const key = JSON.stringify([owner, modelKey(profile.modelId)]);
    // The oldest of several: the same one every time.
    if (!arns.has(key)) arns.set(key, profile.arn);
  }
  return {
    models: profileModels(profiles),
    counterpart: (profileArn, modelId) => {
      const owner = owners.get(profileArn);
      return owner === undefined ? undefined : arns.get(JSON.stringify([owner, modelKey(modelId)]));
    },
  };
}
