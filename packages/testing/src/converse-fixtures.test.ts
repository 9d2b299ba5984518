import { describe, expect, it } from 'vitest';
import { converseResponse, converseStreamEvents } from './converse-fixtures.js';

type Usage = Record<string, unknown>;
const usageOf = (response: Record<string, unknown>): Usage => response['usage'] as Usage;
const lastUsage = (events: object[]): Usage =>
  (events.at(-1) as { metadata: { usage: Usage } }).metadata.usage;

describe('converseResponse', () => {
  it('carries the aliases and details that recorded answers carry', () => {
    const usage = {
      inputTokens: 5,
      outputTokens: 7,
      cacheReadInputTokens: 100,
      cacheWrite5m: 10,
      cacheWrite1h: 20,
    };
    expect(usageOf(converseResponse({ usage }))).toEqual({
      cacheDetails: [
        { inputTokens: 20, ttl: '1h' },
        { inputTokens: 10, ttl: '5m' },
      ],
      cacheReadInputTokenCount: 100,
      cacheReadInputTokens: 100,
      cacheWriteInputTokenCount: 30,
      cacheWriteInputTokens: 30,
      inputTokens: 5,
      outputTokens: 7,
      serverToolUsage: {},
      totalTokens: 142,
    });
  });

  it('leaves cacheDetails out when nothing was written, and the cache members for models without them', () => {
    expect(usageOf(converseResponse())).not.toHaveProperty('cacheDetails');
    expect(usageOf(converseResponse())['cacheReadInputTokens']).toBe(0);
    expect(usageOf(converseResponse({ cacheMembers: false }))).not.toHaveProperty('cacheReadInputTokens');
  });

  it('stops for a tool when the answer calls one, unless told otherwise', () => {
    const content = [{ toolUse: { toolUseId: '1', name: 'x', input: {} } }];
    expect(converseResponse({ content })['stopReason']).toBe('tool_use');
    expect(converseResponse({ content, stopReason: 'max_tokens' })['stopReason']).toBe('max_tokens');
    expect(converseResponse()['stopReason']).toBe('end_turn');
  });

  it('names the tier only when one is given', () => {
    expect(converseResponse()).not.toHaveProperty('serviceTier');
    expect(converseResponse({ serviceTier: 'flex' })['serviceTier']).toEqual({ type: 'flex' });
  });
});

describe('converseStreamEvents', () => {
  it('splits text without splitting characters', () => {
    const events = converseStreamEvents({ text: '😀😀😀', chunkLength: 2 }) as {
      contentBlockDelta?: { delta: { text: string } };
    }[];
    expect(events.flatMap((event) => event.contentBlockDelta?.delta.text ?? [])).toEqual(['😀😀', '😀']);
  });

  it('leaves the cache members out when nothing was cached, as streams do', () => {
    expect(lastUsage(converseStreamEvents())).not.toHaveProperty('cacheReadInputTokens');
    expect(
      lastUsage(converseStreamEvents({ usage: { cacheReadInputTokens: 9 } }))['cacheReadInputTokens'],
    ).toBe(9);
  });

  it('opens only the blocks of tools, and closes every block', () => {
    const events = converseStreamEvents({
      content: [{ text: 'Hi' }, { toolUse: { toolUseId: '1', name: 'x', input: { a: 1 } } }],
    });
    const names = events.map((event) => Object.keys(event)[0]);
    expect(names.filter((name) => name === 'contentBlockStart')).toHaveLength(1);
    expect(names.filter((name) => name === 'contentBlockStop')).toHaveLength(2);
    expect(names.slice(-2)).toEqual(['messageStop', 'metadata']);
  });

  it('refuses blocks that it cannot stream', () => {
    expect(() => converseStreamEvents({ content: [{ image: {} }] })).toThrow(
      'cannot stream a block of image',
    );
  });
});
