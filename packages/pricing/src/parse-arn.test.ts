import { describe, expect, it } from 'vitest';
import { parseArn } from './parse-arn.js';

describe('parseArn', () => {
  it.each<[string, object]>([
    [
      'arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-pro-v1:0:300k',
      {
        partition: 'aws',
        region: 'us-east-1',
        reference: 'foundation-model',
        resource: 'amazon.nova-pro-v1:0:300k',
      },
    ],
    [
      'arn:aws-us-gov:bedrock:us-gov-west-1:123456789012:custom-model/amazon.nova-lite-v1:0/abcdef123456',
      {
        partition: 'aws-us-gov',
        region: 'us-gov-west-1',
        reference: 'custom-model',
        resource: 'amazon.nova-lite-v1:0/abcdef123456',
      },
    ],
    [
      'arn:aws:bedrock:us-east-1:123456789012:default-prompt-router/anthropic.claude:1',
      { partition: 'aws', region: 'us-east-1', reference: 'prompt-router', resource: 'anthropic.claude:1' },
    ],
    [
      'arn:aws:sagemaker:us-east-1:123456789012:endpoint/llama',
      { partition: 'aws', region: 'us-east-1', reference: 'marketplace-endpoint', resource: 'llama' },
    ],
    [
      'arn:aws:bedrock:::foundation-model/x',
      { partition: 'aws', reference: 'foundation-model', resource: 'x' },
    ],
  ])('reads %s', (text, expected) => {
    expect(parseArn(text)).toEqual(expected);
  });

  it.each([
    'amazon.nova-lite-v1:0',
    'arn:aws:bedrock:us-east-1:123456789012:guardrail/abc',
    'arn:aws:bedrock:us-east-1:123456789012:foundation-model',
    'arn:aws:bedrock:us-east-1:123456789012:foundation-model/',
    'arn:aws:bedrock:us-east-1:123456789012:/x',
    'arn:aws:sagemaker:us-east-1:123456789012:foundation-model/x',
    'arn:aws:bedrock:us-east-1:123456789012:constructor/x',
    'arn:',
    '',
  ])('knows that %j is no ARN of a model', (text) => {
    expect(parseArn(text)).toBeUndefined();
  });
});
