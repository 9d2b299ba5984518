import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { describe, expect, it } from 'vitest';
import { costkit } from './costkit.js';

describe('costkit', () => {
  it('refuses to hash a tag that is written nowhere', () => {
    const client = new BedrockRuntimeClient({ region: 'us-east-1' });
    expect(() => costkit(client, { hashedTags: ['tenant'], metadataTags: ['feature'] })).toThrow(
      'option "hashedTags" names "tenant", which is written nowhere; name it in metadataTags, too',
    );
    expect(() => costkit(client, { hashedTags: ['tenant'], metadataTags: ['tenant'] })).not.toThrow();
  });
});
