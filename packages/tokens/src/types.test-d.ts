import type {
  ConverseCommandInput,
  ConverseStreamCommandInput,
  ConverseTokensRequest,
} from '@aws-sdk/client-bedrock-runtime';
import { describe, expectTypeOf, it } from 'vitest';
import { estimateTokens } from './estimate-tokens.js';
import type { ConverseLikeRequest, Countable } from './types.js';

describe('ConverseLikeRequest', () => {
  it('takes the inputs of the SDK', () => {
    expectTypeOf<ConverseCommandInput>().toExtend<ConverseLikeRequest>();
    expectTypeOf<ConverseStreamCommandInput>().toExtend<ConverseLikeRequest>();
    expectTypeOf<ConverseTokensRequest>().toExtend<ConverseLikeRequest>();
  });
});

describe('estimateTokens', () => {
  it('takes texts, requests and lists of blocks, and nothing else', () => {
    expectTypeOf<string>().toExtend<Countable>();
    expectTypeOf<{ blocks: { kind: 'text'; text: string; section: 'system' }[] }>().toExtend<Countable>();
    // @ts-expect-error a number has no tokens
    estimateTokens(5, { model: 'x' });
    // @ts-expect-error the model decides
    estimateTokens('text', {});
  });
});
