import { CATALOGUE, type CatalogueModel } from '@costkit/pricing/catalogue';
import { describe, expect, it } from 'vitest';
import { refuseRecord } from './refuse-record.js';

const claude = CATALOGUE.get('anthropic.claude-haiku-4-5-20251001-v1:0') as CatalogueModel;
const point = { cachePoint: { type: 'default' } };

describe('refuseRecord', () => {
  it.each([
    ['in the system prompt', { system: [{ text: 'x' }, point] }],
    ['in a message', { messages: [{ role: 'user', content: [{ text: 'x' }, point] }] }],
    ['among the tools', { toolConfig: { tools: [point] } }],
    ['in a tool result', { messages: [{ role: 'user', content: [{ toolResult: { content: [point] } }] }] }],
    ['inside of a Nova text block', { system: [{ text: 'x', cachePoint: { type: 'default' } }] }],
    [
      'as cache_control',
      {
        messages: [
          { role: 'user', content: [{ type: 'text', text: 'x', cache_control: { type: 'ephemeral' } }] },
        ],
      },
    ],
  ])('refuses a cache point %s', (_where, input) => {
    expect(refuseRecord(input, 'Converse', claude)).toMatch(/^Prompt caching is not supported/);
  });

  it.each([
    ['tools that are empty', { tools: [] }],
    ['a tier that is the default one', { serviceTier: { type: 'default' } }],
    ['plain text as the response format', { response_format: { type: 'text' } }],
    ['effort without a format', { outputConfig: { effort: 'low' } }],
    ['standard latency', { performanceConfig: { latency: 'standard' } }],
    // These names belong to the user's own data here.
    [
      'the words in a text',
      { messages: [{ role: 'user', content: [{ text: '{"cachePoint":{}} and cache_control' }] }] },
    ],
    [
      'a tool call whose input has such a member',
      { messages: [{ role: 'assistant', content: [{ toolUse: { input: { cachePoint: { x: 1 } } } }] }] },
    ],
    ['a content that is one text', { messages: [{ role: 'user', content: 'hello' }] }],
    ['nothing at all', {}],
  ])('lets pass %s', (_what, input) => {
    expect(refuseRecord(input, 'Converse', claude)).toBeUndefined();
  });

  it('refuses what OpenAI-style bodies ask for', () => {
    const model = { ...claude, dialect: 'openai' as const };
    expect(refuseRecord({ tools: [{}] }, 'InvokeModel', model)).toMatch(/^Tool use/);
    expect(refuseRecord({ response_format: { type: 'json_schema' } }, 'InvokeModel', model)).toMatch(
      /^Structured output/,
    );
    expect(refuseRecord({ service_tier: 'flex' }, 'InvokeModel', model)).toMatch(/^Service tiers/);
    expect(refuseRecord({ service_tier: 'auto' }, 'InvokeModel', model)).toBeUndefined();
  });
});
