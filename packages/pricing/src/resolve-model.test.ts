import { describe, expect, it } from 'vitest';
import { bareModelId, resolveModel } from './resolve-model.js';
import type { ModelReference, Scope } from './types.js';

const HAIKU = 'anthropic.claude-haiku-4-5-20251001-v1:0';

describe('resolveModel', () => {
  it.each<[string, string, Scope, ModelReference, string | undefined]>([
    [HAIKU, HAIKU, 'inRegion', 'foundation-model', undefined],
    [`us.${HAIKU}`, HAIKU, 'geo:us', 'inference-profile', undefined],
    [`eu.${HAIKU}`, HAIKU, 'geo:eu', 'inference-profile', undefined],
    [`apac.${HAIKU}`, HAIKU, 'geo:apac', 'inference-profile', undefined],
    [`jp.${HAIKU}`, HAIKU, 'geo:jp', 'inference-profile', undefined],
    [`au.${HAIKU}`, HAIKU, 'geo:au', 'inference-profile', undefined],
    [`in.${HAIKU}`, HAIKU, 'geo:in', 'inference-profile', undefined],
    ['ca.amazon.nova-lite-v1:0', 'amazon.nova-lite-v1:0', 'geo:ca', 'inference-profile', undefined],
    [`global.${HAIKU}`, HAIKU, 'global', 'inference-profile', undefined],
    [`us-gov.${HAIKU}`, HAIKU, 'govcloud', 'inference-profile', undefined],
    [`kr.${HAIKU}`, HAIKU, 'geo:kr', 'inference-profile', undefined],
    ['amazon.nova-pro-v1:0:300k', 'amazon.nova-pro-v1:0', 'inRegion', 'foundation-model', undefined],
    [
      'anthropic.claude-3-5-sonnet-20241022-v2:0:200k',
      'anthropic.claude-3-5-sonnet-20241022-v2:0',
      'inRegion',
      'foundation-model',
      undefined,
    ],
    [
      'amazon.titan-embed-text-v2:0:8k',
      'amazon.titan-embed-text-v2:0',
      'inRegion',
      'foundation-model',
      undefined,
    ],
    [
      'amazon.titan-text-lite-v1:0:4k',
      'amazon.titan-text-lite-v1',
      'inRegion',
      'foundation-model',
      undefined,
    ],
    ['cohere.embed-english-v3:0:512', 'cohere.embed-english-v3', 'inRegion', 'foundation-model', undefined],
    [
      'amazon.titan-embed-image-v1:0',
      'amazon.titan-embed-image-v1',
      'inRegion',
      'foundation-model',
      undefined,
    ],
    ['anthropic.claude-v2:1:18k', 'anthropic.claude-v2:1', 'inRegion', 'foundation-model', undefined],
    [
      `arn:aws:bedrock:us-west-2::foundation-model/${HAIKU}`,
      HAIKU,
      'inRegion',
      'foundation-model',
      'us-west-2',
    ],
    [
      `arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.${HAIKU}`,
      HAIKU,
      'geo:us',
      'inference-profile',
      'us-east-1',
    ],
    [
      `arn:aws:bedrock:eu-west-1:123456789012:inference-profile/global.${HAIKU}`,
      HAIKU,
      'global',
      'inference-profile',
      'eu-west-1',
    ],
    [
      `arn:aws-us-gov:bedrock:us-gov-west-1::foundation-model/${HAIKU}`,
      HAIKU,
      'govcloud',
      'foundation-model',
      'us-gov-west-1',
    ],
    [
      `arn:aws-us-gov:bedrock:us-gov-west-1:123456789012:inference-profile/us-gov.${HAIKU}`,
      HAIKU,
      'govcloud',
      'inference-profile',
      'us-gov-west-1',
    ],
    [
      `arn:aws-cn:bedrock:cn-north-1::foundation-model/${HAIKU}`,
      HAIKU,
      'inRegion',
      'foundation-model',
      'cn-north-1',
    ],
    [`arn:aws:bedrock:::foundation-model/${HAIKU}`, HAIKU, 'inRegion', 'foundation-model', undefined],
  ])('understands %s', (input, id, scope, reference, region) => {
    const resolved = resolveModel(input);
    expect(resolved).toMatchObject({ input, scope, reference });
    expect(resolved?.model.id).toBe(id);
    expect(resolved?.region).toBe(region);
    expect(resolved?.billing).toBeUndefined();
  });

  it.each([
    'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abcdef123456',
    'arn:aws:bedrock:us-east-1:123456789012:provisioned-model/abcdef123456',
    'arn:aws:bedrock:us-east-1:123456789012:custom-model/amazon.nova-lite-v1:0/abcdef123456',
    'arn:aws:bedrock:us-east-1:123456789012:custom-model-deployment/abcdef123456',
    'arn:aws:bedrock:us-east-1:123456789012:prompt-router/abcdef123456',
    'arn:aws:bedrock:us-east-1:123456789012:default-prompt-router/amazon.nova:1',
    'arn:aws:bedrock:us-east-1:123456789012:prompt/ABCDEF1234:1',
    'arn:aws:sagemaker:us-east-1:123456789012:endpoint/my-endpoint',
  ])('does not guess the model of %s', (arn) => {
    expect(resolveModel(arn)).toBeUndefined();
  });

  it.each([
    '',
    '.',
    'gpt-4o',
    'us.acme.super-1',
    'claude-haiku-4-5',
    `xx-yy-zz.${HAIKU}`,
    `US.${HAIKU}`,
    `us.us.${HAIKU}`,
    ` ${HAIKU}`,
    'arn:aws:bedrock:us-east-1::foundation-model/',
    'arn:aws:bedrock:us-east-1::foundation-model/acme.super-1',
    `arn:aws:bedrock:us-east-1::foundation-model/us.${HAIKU}`,
    `arn:aws:bedrock:us-east-1:123456789012:inference-profile/${HAIKU}`,
    `arn:aws:s3:::bucket/${HAIKU}`,
    'arn:aws:sagemaker:us-east-1:123456789012:model/amazon.nova-lite-v1:0',
    'toString',
    '__proto__',
    'amazon.constructor',
  ])('knows nothing of %j', (text) => {
    expect(resolveModel(text)).toBeUndefined();
  });

  it('takes an imported model for what it is, without a catalogue model', () => {
    const arn = 'arn:aws:bedrock:us-east-1:123456789012:imported-model/abcdef123456';
    expect(resolveModel(arn)).toMatchObject({
      reference: 'imported-model',
      billing: 'imported',
      region: 'us-east-1',
      model: {
        id: arn,
        provider: 'imported',
        prices: [],
        capabilities: { certainty: 'assumed', batch: false },
      },
    });
  });

  it('answers the second time with the same object, and survives a flood of ids', () => {
    const first = resolveModel(`us.${HAIKU}`);
    expect(resolveModel(`us.${HAIKU}`)).toBe(first);
    for (let index = 0; index < 2_000; index += 1) {
      resolveModel(
        `arn:aws:bedrock:us-east-1:${String(index).padStart(12, '0')}:inference-profile/us.${HAIKU}`,
      );
    }
    expect(resolveModel(`us.${HAIKU}`)).toEqual(first);
  });
});

describe('bareModelId', () => {
  it('strips profile, context variant and ARN', () => {
    expect(bareModelId(`eu.${HAIKU}`)).toBe(HAIKU);
    expect(bareModelId('amazon.nova-micro-v1:0:128k')).toBe('amazon.nova-micro-v1:0');
    expect(bareModelId(`arn:aws:bedrock:us-west-2::foundation-model/${HAIKU}`)).toBe(HAIKU);
    expect(bareModelId('acme.super-1')).toBeUndefined();
  });
});
