import { CATALOGUE } from '@costkit/pricing/catalogue';
import { describe, expect, it } from 'vitest';
import { nearModels } from './near-models.js';

const MODELS = [...CATALOGUE.values()];

describe('nearModels', () => {
  it.each([
    ['anthropic.claude-haiku-5.5', 'anthropic.claude-haiku-5-5'],
    ['us.anthropic.claude-haiku-5.5', 'anthropic.claude-haiku-5-5'],
    ['claude-sonnet-4-6', 'anthropic.claude-sonnet-4-6'],
    ['Claude Sonnet 4.6', 'anthropic.claude-sonnet-4-6'],
    ['nova-lite', 'amazon.nova-lite-v1:0'],
    ['amazon.nova-lite-v1', 'amazon.nova-lite-v1:0'],
    ['anthropic.claude-opus-4-5', 'anthropic.claude-opus-4-5-20251101-v1:0'],
    ['amazn.nova-mirco-v1:0', 'amazon.nova-micro-v1:0'],
    ['meta.llama3.1-70b-instruct', 'meta.llama3-1-70b-instruct-v1:0'],
    ['gpt-6-astra', 'openai.gpt-6-astra'],
  ])('takes "%s" for %s', (text, id) => {
    expect(nearModels(text, MODELS)[0]).toBe(id);
  });

  it('names at most three', () => {
    const near = nearModels('claude', MODELS);
    expect(near.length).toBeLessThanOrEqual(3);
    expect(near.every((id) => id.startsWith('anthropic.claude'))).toBe(true);
  });

  it.each(['acme.nope', '', 'x', 'arn:aws:bedrock:us-east-1:123456789012:prompt/abc'])(
    'has no idea what "%s" may be',
    (text) => {
      expect(nearModels(text, MODELS)).toEqual([]);
    },
  );
});
