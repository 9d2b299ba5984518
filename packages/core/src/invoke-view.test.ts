import { describe, expect, it } from 'vitest';
import type { PinnedPart } from './request-view.js';
import { viewRequest } from './view-request.js';

const CLAUDE = 'us.anthropic.claude-haiku-4-5-20251001-v1:0';
const PROFILE = 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abcdefghijkl';
const BODY = {
  anthropic_version: 'bedrock-2023-05-31',
  max_tokens: 200,
  messages: [{ role: 'user', content: 'Where is Paris?' }],
};
const view = (body: unknown, more: object = {}) =>
  viewRequest('InvokeModel', { modelId: CLAUDE, body: JSON.stringify(body), ...more });
const bodyOf = ({ input }: { input: object }): Record<string, unknown> =>
  JSON.parse(new TextDecoder().decode((input as { body: Uint8Array }).body)) as Record<string, unknown>;

describe('InvokeView', () => {
  it.each([
    ['text', JSON.stringify(BODY)],
    ['bytes', new TextEncoder().encode(JSON.stringify(BODY))],
    ['a buffer', Buffer.from(JSON.stringify(BODY))],
    ['an ArrayBuffer', new TextEncoder().encode(JSON.stringify(BODY)).buffer],
  ])('reads a body given as %s', (_, body) => {
    expect(viewRequest('InvokeModel', { modelId: CLAUDE, body })).toMatchObject({
      dialect: 'anthropic',
      maxTokens: 200,
      lastUserText: 'Where is Paris?',
    });
  });

  it('reads tier, metadata and guardrail from the request around the body', () => {
    expect(
      view(BODY, { serviceTier: 'flex', requestMetadata: '{"team":"care"}', guardrailIdentifier: 'x' }),
    ).toMatchObject({ tier: 'flex', tags: { team: 'care' }, features: { guardrail: true } });
    expect(view(BODY, { requestMetadata: 'no json' }).tags).toEqual({});
  });

  it('edits the body and nothing around it', () => {
    const before = view(BODY, { contentType: 'application/json', trace: 'ENABLED' });
    const edited = before.withMaxTokens(9).withInstruction('Briefly.');
    expect(edited.input).toMatchObject({
      modelId: CLAUDE,
      contentType: 'application/json',
      trace: 'ENABLED',
    });
    expect(bodyOf(edited)).toMatchObject({ max_tokens: 9, anthropic_version: 'bedrock-2023-05-31' });
    expect(before.input).toMatchObject({ body: JSON.stringify(BODY) });
  });

  it('reads bodies behind an ARN by what the settings say of it, or by what the body says of itself', () => {
    const chat = { messages: [{ role: 'user', content: 'Hi' }], max_tokens: 9 };
    const behind = (body: object, models: Record<string, string>) =>
      viewRequest('InvokeModel', { modelId: PROFILE, body: JSON.stringify(body) }, models).dialect;
    expect(behind(chat, { [PROFILE]: 'us.deepseek.v3.2' })).toBe('openai');
    expect(behind(BODY, {})).toBe('anthropic');
    expect(behind(chat, {})).toBe('unknown');
  });

  it.each<[string, string, object, readonly PinnedPart[]]>([
    ['Anthropic', CLAUDE, BODY, []],
    ['Llama', 'us.meta.llama3-3-70b-instruct-v1:0', { prompt: 'Hi' }, ['cachePoints', 'messages']],
    ['OpenAI', 'deepseek.v3-v1:0', { messages: [{ role: 'user', content: 'Hi' }] }, ['cachePoints']],
    [
      'an embedding',
      'amazon.titan-embed-text-v2:0',
      { inputText: 'Hi' },
      ['cachePoints', 'maxTokens', 'messages', 'model'],
    ],
    [
      'an unknown format',
      'acme.unheard-of-v1',
      { what: 'ever' },
      ['cachePoints', 'maxTokens', 'messages', 'model', 'system', 'tools'],
    ],
    [
      'no JSON',
      CLAUDE,
      [] as unknown as object,
      ['cachePoints', 'maxTokens', 'messages', 'model', 'system', 'tools'],
    ],
  ])('pins of %s what its format has no place for', (_, modelId, body, parts) => {
    expect([...view(body, { modelId }).pinned.keys()].sort()).toEqual(parts);
  });

  it('changes nothing where the format has no place for it', () => {
    const llama = view({ prompt: 'Hi' }, { modelId: 'us.meta.llama3-3-70b-instruct-v1:0' });
    for (const edited of [
      llama.withCachePoints([{ afterBlock: 0 }]),
      llama.withInstruction('x'),
      llama.withContinuation('x', 'y'),
    ]) {
      expect(edited).toBe(llama);
    }
    const unknown = view({ what: 'ever' }, { modelId: 'acme.unheard-of-v1' });
    expect(unknown.withModel('other').withMaxTokens(1).withMetadata({ a: 'b' })).toBe(unknown);
  });
});
