import { type ResolvedModel, resolveModel, type Scope } from '@costkit/pricing';
import { describe, expect, it } from 'vitest';
import type { ResolvedTier } from './resolve-tiers.js';
import { isSameTarget, targetModelId } from './target-model-id.js';

function resolved(modelId: string): ResolvedModel {
  const model = resolveModel(modelId);
  if (model === undefined) throw new Error(modelId);
  return model;
}

const tier = (modelId: string): ResolvedTier => ({
  name: 'cheap',
  modelId,
  index: 0,
  resolved: resolved(modelId),
  provisioned: undefined,
});

const HAIKU = 'anthropic.claude-haiku-5-5';
const OPUS = 'anthropic.claude-opus-5-5';
const PROFILE_ARN = 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abcdef123456';

interface Case {
  readonly tier: string;
  readonly requested: string;
  readonly allowed?: Scope[];
  readonly region?: string;
}

const target = (one: Case) =>
  targetModelId(tier(one.tier), resolved(one.requested), new Set(one.allowed), one.region ?? 'us-east-1');

describe('targetModelId', () => {
  it.each<[string, Case, string]>([
    ['keeps the same scope', { tier: `us.${HAIKU}`, requested: `us.${OPUS}` }, `us.${HAIKU}`],
    [
      "takes the caller's own profile, not the tier's",
      { tier: `us.${HAIKU}`, requested: `eu.${OPUS}` },
      `eu.${HAIKU}`,
    ],
    [
      'stays in a Region group where the tier is global',
      { tier: `global.${HAIKU}`, requested: `us.${OPUS}` },
      `us.${HAIKU}`,
    ],
    [
      'stays global where the caller is',
      { tier: `us.${HAIKU}`, requested: `global.${OPUS}` },
      `global.${HAIKU}`,
    ],
    [
      'moves to a scope that is allowed',
      { tier: `global.${HAIKU}`, requested: `us.${OPUS}`, allowed: ['global'] },
      `global.${HAIKU}`,
    ],
    [
      'reads the profile out of an ARN',
      {
        tier: `global.${HAIKU}`,
        requested: `arn:aws:bedrock:eu-west-1:123456789012:inference-profile/eu.${OPUS}`,
      },
      `eu.${HAIKU}`,
    ],
    [
      'trusts a bare id that the user wrote',
      { tier: 'amazon.nova-lite-v1:0', requested: 'amazon.nova-pro-v1:0' },
      'amazon.nova-lite-v1:0',
    ],
  ])('%s', (_name, one, modelId) => {
    expect(target(one)).toEqual({ modelId });
  });

  it.each<[Scope, string]>([
    ['global', `global.${HAIKU}`],
    ['geo:eu', `eu.${HAIKU}`],
  ])('takes the profile of the scope where an ARN does not say it: %s', (scope, modelId) => {
    const requested: ResolvedModel = { ...resolved(`us.${OPUS}`), input: PROFILE_ARN, scope };
    expect(targetModelId(tier(`us.${HAIKU}`), requested, new Set(), 'eu-west-1')).toEqual({ modelId });
  });

  it('takes the bare id in place of a custom deployment, whose Region it stays in', () => {
    const requested: ResolvedModel = {
      ...resolved('amazon.nova-pro-v1:0'),
      input: 'arn:aws:bedrock:us-east-1:123456789012:custom-model-deployment/abcdef123456',
      scope: 'custom',
    };
    const found = (modelId: string) => targetModelId(tier(modelId), requested, new Set(), 'us-east-1');
    expect(found('amazon.nova-lite-v1:0')).toEqual({ modelId: 'amazon.nova-lite-v1:0' });
    expect(found('us.amazon.nova-lite-v1:0')).toHaveProperty('obstacle');
  });

  it('refuses a profile that the catalogue does not list', () => {
    expect(target({ tier: 'us.amazon.nova-micro-v1:0', requested: `jp.${OPUS}` })).toEqual({
      obstacle: 'has no known "jp." profile, and scope "geo:us" is not in allowedScopes',
    });
    expect(target({ tier: 'us.amazon.nova-micro-v1:0', requested: `global.${OPUS}` })).toHaveProperty(
      'obstacle',
    );
  });

  it('refuses a bare id where the catalogue knows that there is none', () => {
    const one = { tier: `us.${HAIKU}`, requested: 'amazon.nova-pro-v1:0' };
    expect(target(one)).toEqual({
      obstacle: 'has no known bare id in us-east-1, and scope "geo:us" is not in allowedScopes',
    });
  });

  it('takes the bare id where the catalogue lists the Region, and only there', () => {
    const one = { tier: `global.${OPUS}`, requested: 'amazon.nova-pro-v1:0' };
    expect(target({ ...one, region: 'eu-west-2' })).toEqual({ modelId: OPUS });
    expect(target({ ...one, region: 'us-east-1' })).toHaveProperty('obstacle');
    expect(targetModelId(tier(OPUS), resolved('amazon.nova-pro-v1:0'), new Set(), 'us-east-1')).toEqual({
      obstacle: 'has no bare id in us-east-1',
    });
  });
});

describe('isSameTarget', () => {
  it('sees through ARNs', () => {
    const arn = `arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.${OPUS}`;
    expect(isSameTarget(resolved(arn), resolved(`us.${OPUS}`))).toBe(true);
    expect(isSameTarget(resolved(arn), resolved(`global.${OPUS}`))).toBe(false);
    expect(isSameTarget(resolved(arn), resolved(`us.${HAIKU}`))).toBe(false);
  });
});
