import { InvalidOptionError } from '@costkit/core';
import { describe, expect, it } from 'vitest';
import { profileMap, profileModels } from './profile-map.js';
import type { TeamProfile } from './team-profile.js';

const arn = (id: string, region = 'us-east-1'): string =>
  `arn:aws:bedrock:${region}:123456789012:application-inference-profile/${id}`;
const profile = (id: string, modelId: string | undefined, tags: object, region?: string): TeamProfile => ({
  arn: arn(id, region),
  name: id,
  ...(modelId === undefined ? {} : { modelId }),
  tags: tags as Record<string, string>,
});

const LITE = 'us.amazon.nova-lite-v1:0';
const PRO = 'us.amazon.nova-pro-v1:0';
const profiles = [
  profile('a-lite', LITE, { team: 'a' }),
  profile('a-lite-again', LITE, { team: 'a' }),
  profile('a-pro', PRO, { team: 'a' }),
  profile('b-pro', `arn:aws:bedrock:us-east-1:123456789012:inference-profile/${PRO}`, {
    team: 'b',
    by: 'terraform',
  }),
  profile('b-lite', LITE, { team: 'b', by: 'hand' }),
  profile('b-odd', undefined, { team: 'b' }),
  profile('a-pro-west', PRO, { team: 'a' }, 'us-west-2'),
  profile('a-custom', 'acme.unheard-of', { team: 'a' }),
];

describe('profileMap', () => {
  const map = profileMap(profiles, { ownerTags: ['team', 'absent'] });

  it.each([
    ['a-pro', LITE, 'a-lite'],
    ['a-lite-again', PRO, 'a-pro'],
    ['b-pro', LITE, 'b-lite'],
    ['b-lite', PRO, 'b-pro'],
    ['b-odd', PRO, 'b-pro'],
    ['a-pro', PRO, 'a-pro'],
    ['a-pro', `arn:aws:bedrock:us-east-1:123456789012:inference-profile/${LITE}`, 'a-lite'],
    ['a-pro', 'acme.unheard-of', 'a-custom'],
  ])('leads from %s to %s of the same owner: %s', (from, modelId, to) => {
    expect(map.counterpart(arn(from), modelId)).toBe(arn(to));
  });

  it.each([
    ['a-pro', 'amazon.nova-lite-v1:0'],
    ['a-pro', 'global.amazon.nova-2-lite-v1:0'],
    ['b-pro', 'us.amazon.nova-micro-v1:0'],
    ['unknown', LITE],
  ])('knows none for %s and %s', (from, modelId) => {
    expect(map.counterpart(arn(from), modelId)).toBeUndefined();
  });

  it('stays in the Region of the profile', () => {
    expect(map.counterpart(arn('a-pro-west', 'us-west-2'), LITE)).toBeUndefined();
    expect(map.counterpart(arn('a-pro-west', 'us-west-2'), PRO)).toBe(arn('a-pro-west', 'us-west-2'));
  });

  it('tells owners apart by all tags unless told otherwise', () => {
    expect(profileMap(profiles).counterpart(arn('b-pro'), LITE)).toBeUndefined();
    expect(profileMap(profiles).counterpart(arn('a-pro'), LITE)).toBe(arn('a-lite'));
  });

  it('refuses unknown options', () => {
    expect(() => profileMap([], { tags: [] } as never)).toThrow(InvalidOptionError);
  });
});

describe('models of a profileMap', () => {
  it('are those of its profiles', () => {
    expect(profileMap(profiles).models).toEqual(profileModels(profiles));
  });
});

describe('profileModels', () => {
  it('names the model of every profile that has one', () => {
    const models = profileModels(profiles);
    expect(models[arn('a-lite')]).toBe(LITE);
    expect(Object.keys(models)).toHaveLength(profiles.length - 1);
  });
});
