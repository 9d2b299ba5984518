import { describe, expect, it } from 'vitest';
import { type Body, noChunks } from './dialect-adapter.js';
import {
  nova,
  readConverseAnswer,
  readConverseEvent,
  readConverseUsage,
  withConverseAnswerText,
} from './nova.js';

const TOOL = { toolSpec: { name: 'weather', inputSchema: { json: { type: 'object' } } } };

const body = (more: Body = {}): Body => ({
  schemaVersion: 'messages-v1',
  messages: [{ role: 'user', content: [{ text: 'Where is Paris?' }] }],
  inferenceConfig: { maxTokens: 200, topK: 20 },
  ...more,
});

const CONVERSATION = body({
  toolConfig: { tools: [TOOL] },
  system: [{ text: 'Be brief.', cachePoint: { type: 'default' } }],
  messages: [
    {
      role: 'user',
      content: [{ image: { format: 'png', source: { bytes: 'AQID' } } }, { text: 'What is this?' }],
    },
    { role: 'assistant', content: [{ toolUse: { toolUseId: 'one', name: 'weather', input: {} } }] },
    { role: 'user', content: [{ toolResult: { toolUseId: 'one', content: [{ text: 'Sunny' }] } }] },
  ],
});

describe('nova', () => {
  it('reads blocks, points inside blocks, the cap and the features', () => {
    const { blocks, cachePoints, maxTokens, features } = nova.read(CONVERSATION);
    expect(blocks.map(({ section, kind, messageIndex }) => [section, kind, messageIndex])).toEqual([
      ['tools', 'toolSpec', undefined],
      ['system', 'text', undefined],
      ['messages', 'image', 0],
      ['messages', 'text', 0],
      ['messages', 'toolUse', 1],
      ['messages', 'toolResult', 2],
    ]);
    expect(cachePoints).toEqual([{ afterBlock: 1 }]);
    expect(maxTokens).toBe(200);
    expect(features).toMatchObject({ tools: true, images: true, systemPrompt: true, toolLoop: true });
  });

  it.each([
    [{ reasoningConfig: { type: 'enabled', maxReasoningEffort: 'low' } }, true],
    [{ inferenceConfig: { reasoningConfig: { type: 'disabled' } } }, false],
    [{}, undefined],
  ])('reads whether %j thinks', (more, thinking) => {
    expect(nova.read(body(more)).features.thinking).toBe(thinking);
  });

  it('knows the cap by both of its names and keeps the name in use', () => {
    const old = body({ inferenceConfig: { max_new_tokens: 9 } });
    expect(nova.read(old).maxTokens).toBe(9);
    expect(nova.withMaxTokens!(old, 5)['inferenceConfig']).toEqual({ max_new_tokens: 5 });
    expect(nova.withMaxTokens!(body(), 5)['inferenceConfig']).toEqual({ maxTokens: 5, topK: 20 });
  });

  it('holds a point in text only, without a time to live', () => {
    const { blocks } = nova.read(CONVERSATION);
    const held = blocks.map((block, afterBlock) => nova.cachePointAt!({ afterBlock, ttl: '1h' }, block));
    expect(held).toEqual([undefined, { afterBlock: 1 }, undefined, { afterBlock: 3 }, undefined, undefined]);
  });

  it('replaces all points and leaves every other part alone', () => {
    const edited = nova.withCachePoints!(CONVERSATION, [{ afterBlock: 3 }]);
    expect(edited['system']).toEqual([{ text: 'Be brief.' }]);
    expect((edited['messages'] as Body[])[0]?.['content']).toEqual([
      { image: { format: 'png', source: { bytes: 'AQID' } } },
      { text: 'What is this?', cachePoint: { type: 'default' } },
    ]);
    expect(edited['toolConfig']).toBe(CONVERSATION['toolConfig']);
    expect((edited['messages'] as Body[])[1]).toBe((CONVERSATION['messages'] as Body[])[1]);
  });

  it('appends an instruction, and continues an answer', () => {
    expect((nova.withInstruction!(body(), 'Briefly.')!['messages'] as Body[])[0]?.['content']).toEqual([
      { text: 'Where is Paris?' },
      { text: 'Briefly.' },
    ]);
    const messages = nova.withContinuation!(body(), 'Paris is', 'Go on.')['messages'] as Body[];
    expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
  });
});

describe('readConverseUsage', () => {
  it.each([
    [
      'Claude with a write of two lifetimes',
      {
        inputTokens: 22,
        outputTokens: 13,
        totalTokens: 2527,
        cacheReadInputTokens: 0,
        cacheReadInputTokenCount: 0,
        cacheWriteInputTokens: 2492,
        cacheWriteInputTokenCount: 2492,
        cacheDetails: [
          { ttl: '1h', inputTokens: 2000 },
          { ttl: '5m', inputTokens: 492 },
        ],
        serverToolUsage: {},
      },
      {
        input: 22,
        output: 13,
        total: 2527,
        cacheRead: 0,
        cacheWrite: 2492,
        writes: { '1h': 2000, '5m': 492 },
      },
    ],
    [
      'Nova through InvokeModel, by the alias alone and without a total',
      { inputTokens: 7, outputTokens: 3, cacheReadInputTokenCount: 1298, cacheWriteInputTokenCount: 0 },
      { input: 7, output: 3, total: undefined, cacheRead: 1298, cacheWrite: 0, writes: {} },
    ],
    [
      'a model without a cache',
      { inputTokens: 7, outputTokens: 3, totalTokens: 10 },
      { input: 7, output: 3, total: 10, cacheRead: undefined, cacheWrite: undefined, writes: {} },
    ],
  ])('reads %s and never adds an alias to its twin', (_, usage, expected) => {
    expect(readConverseUsage(usage)).toEqual(expected);
  });
});

describe('readConverseAnswer', () => {
  const ANSWER: Body = {
    output: {
      message: {
        role: 'assistant',
        content: [
          { reasoningContent: { reasoningText: { text: 'Hm.', signature: 'c2ln' } } },
          { text: 'Let me see. ' },
          { toolUse: { toolUseId: 'one', name: 'weather', input: { city: 'Paris' } } },
          { text: 'Wait.' },
        ],
      },
    },
    stopReason: 'tool_use',
    usage: { inputTokens: 7, outputTokens: 3, totalTokens: 10 },
  };

  it('reads text, tool calls, the reason and the usage', () => {
    expect(readConverseAnswer(ANSWER)).toMatchObject({
      text: 'Let me see. Wait.',
      toolUses: [{ id: 'one', name: 'weather', input: { city: 'Paris' } }],
      stopReason: 'tool_use',
      usage: { input: 7, output: 3 },
    });
  });

  it('reads a batch result, whose absent members are null', () => {
    const answer = readConverseAnswer({
      output: { message: { role: 'assistant', content: [{ text: 'Hi.', toolUse: null, image: null }] } },
      stopReason: 'end_turn',
      usage: { inputTokens: 7, outputTokens: 3, cacheReadInputTokens: null },
    });
    expect(answer).toMatchObject({ text: 'Hi.', toolUses: [], usage: { input: 7, cacheRead: undefined } });
  });

  it('has no usage where the answer has none', () => {
    expect(readConverseAnswer({ output: {} })).toEqual({
      text: '',
      toolUses: [],
      stopReason: undefined,
      usage: undefined,
    });
  });

  it('keeps other blocks when its text is replaced', () => {
    const edited = withConverseAnswerText(ANSWER, 'Whole.', 'end_turn');
    expect(readConverseAnswer(edited)).toMatchObject({ text: 'Whole.', stopReason: 'end_turn' });
    expect(readConverseAnswer(edited).toolUses).toHaveLength(1);
    expect(ANSWER['stopReason']).toBe('tool_use');
  });
});

describe('readConverseEvent', () => {
  it('collects text, thinking and tool input, and is complete at the metadata', () => {
    const reading = noChunks();
    const events: Body[] = [
      { messageStart: { role: 'assistant' } },
      { contentBlockDelta: { contentBlockIndex: 0, delta: { reasoningContent: { text: 'Hm. ' } } } },
      { contentBlockDelta: { contentBlockIndex: 1, delta: { text: 'Let me ' } } },
      { contentBlockDelta: { contentBlockIndex: 2, delta: { toolUse: { input: '{"city"' } } } },
      { contentBlockStop: { contentBlockIndex: 2 } },
      { messageStop: { stopReason: 'tool_use' } },
    ];
    for (const event of events) readConverseEvent(event, reading);
    expect(reading).toEqual({
      text: 'Hm. Let me {"city"',
      stopReason: 'tool_use',
      usage: undefined,
      complete: false,
    });
    readConverseEvent({ metadata: { usage: { inputTokens: 7, outputTokens: 3 } } }, reading);
    expect(reading).toMatchObject({ complete: true, usage: { input: 7, output: 3 } });
  });

  it('takes the last of two usage reports, not their sum', () => {
    const reading = noChunks();
    readConverseEvent(
      { metadata: { usage: { inputTokens: 7, cacheWriteInputTokens: 50, outputTokens: 1 } } },
      reading,
    );
    readConverseEvent(
      { metadata: { usage: { inputTokens: 7, cacheWriteInputTokens: 50, outputTokens: 9 } } },
      reading,
    );
    expect(reading.usage).toMatchObject({ input: 7, cacheWrite: 50, output: 9 });
  });
});
