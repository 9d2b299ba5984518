import { checkOptions, isAnything } from '@costkit/core';
import { type BedrockControlClient, bedrockLookup } from '@costkit/pricing/bedrock-lookup';
import { hasMethods } from '../has-methods.js';
import { controlPlane, type ProfileCommands } from './control-plane.js';
import type { TeamProfile } from './team-profile.js';

/** What {@link findProfiles} takes. */
export interface FindProfilesOptions {
  /** A client of Bedrock's control plane. */
  readonly bedrock: BedrockControlClient;
  /** The module `@aws-sdk/client-bedrock`. */
  readonly commands: ProfileCommands;
}

/** Requests under way at once: the control plane allows few. */
const AT_ONCE = 5;

/**
 * The application inference profiles that account and Region have, whoever made them, with their models and tags. Asks
 * Bedrock twice for each: do it when you deploy and keep the answer, not in the first call of a cold start.
 *
 * Needs `bedrock:ListInferenceProfiles`, `bedrock:GetInferenceProfile` and `bedrock:ListTagsForResource`.
 *
 * @throws `InvalidOptionError` for options that are unknown or wrong; what Bedrock answers passes through.
 *
 * @example
 * ```ts
 * import * as commands from '@aws-sdk/client-bedrock';
 *
 * const profiles = await findProfiles({ bedrock: new commands.BedrockClient({}), commands });
 * await writeFile('profiles.json', JSON.stringify(profiles));
 * ```
 */
export async function findProfiles(options: FindProfilesOptions): Promise<TeamProfile[]> {
  checkOptions<FindProfilesOptions>('meter', options, { bedrock: hasMethods('send'), commands: isAnything });
  const { bedrock, commands } = options;
  const plane = controlPlane(bedrock, commands);
  const lookup = bedrockLookup(bedrock, commands);
  const found = await plane.list();
  const profiles: TeamProfile[] = [];
  for (let start = 0; start < found.length; start += AT_ONCE) {
    const group = found
      .slice(start, start + AT_ONCE)
      .map(async ({ inferenceProfileArn: arn, inferenceProfileName: name }) => {
        const [modelId, tags] = await Promise.all([lookup(arn), plane.tagsOf(arn)]);
        return { arn, name, ...(modelId === undefined ? {} : { modelId }), tags };
      });
    profiles.push(...(await Promise.all(group)));
  }
  return profiles;
}
