import { describe, expect, it } from 'vitest';
import { type Body, noChunks } from './dialect-adapter.js';
import { openai } from './openai.js';

const TOOL = { type: 'function', function: { name: 'weather', parameters: { type: 'object' } } };

const body = (more: Body = {}): Body => ({
  messages: [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'Where is Paris?' },
  ],
  max_completion_tokens: 200,
  ...more,
});

describe('openai', () => {
  it('reads system turns, wherever they stand, before the conversation', () => {
    const { blocks, maxTokens, features } = openai.read(
      body({
        tools: [TOOL],
        messages: [
          { role: 'developer', content: [{ type: 'text', text: 'Be kind.' }] },
          {
            role: 'user',
            content: [
              { type: 'image_url', image_url: { url: 'data:image/png;base64,AQID' } },
              { type: 'text', text: 'What is this?' },
            ],
          },
          {
            role: 'assistant',
            content: null,
            tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'weather' } }],
          },
          { role: 'tool', tool_call_id: 'call_1', content: 'Sunny' },
          { role: 'system', content: 'Answer now.' },
        ],
      }),
    );
    expect(
      blocks.map(({ section, kind, role, messageIndex }) => [section, kind, role, messageIndex]),
    ).toEqual([
      ['tools', 'toolSpec', undefined, undefined],
      ['system', 'text', 'system', undefined],
      ['system', 'text', 'system', undefined],
      ['messages', 'image', 'user', 1],
      ['messages', 'text', 'user', 1],
      ['messages', 'toolUse', 'assistant', 2],
      ['messages', 'toolResult', 'user', 3],
    ]);
    expect(maxTokens).toBe(200);
    expect(features).toMatchObject({ tools: true, images: true, systemPrompt: true });
  });

  it.each([
    [{ response_format: { type: 'json_schema' } }, { structuredOutput: true }],
    [{ tool_choice: 'required' }, { structuredOutput: true }],
    [{ tool_choice: { type: 'function', function: { name: 'weather' } } }, { structuredOutput: true }],
    [{ tool_choice: 'auto' }, { structuredOutput: false }],
    [{ reasoning_effort: 'none' }, { thinking: false }],
    [{ reasoning_effort: 'high' }, { thinking: true }],
    [{}, { thinking: undefined, structuredOutput: false, toolLoop: false }],
    [{ messages: [{ role: 'tool', content: 'Sunny' }] }, { toolLoop: true }],
  ])('reads the features of %j', (more, expected) => {
    expect(openai.read(body(more)).features).toMatchObject(expected);
  });

  it('sets the cap under the name in use', () => {
    expect(openai.withMaxTokens!(body(), 5)).toMatchObject({ max_completion_tokens: 5 });
    const { max_completion_tokens: _, ...older } = body();
    expect(openai.withMaxTokens!(older, 5)).toEqual({ ...older, max_tokens: 5 });
  });

  it('appends an instruction to text and to parts', () => {
    const last = (more: Body) =>
      (openai.withInstruction!(body(more), 'Briefly.')!['messages'] as Body[]).at(-1);
    expect(last({})).toEqual({ role: 'user', content: 'Where is Paris?\n\nBriefly.' });
    const parts = [{ type: 'text', text: 'Where?' }];
    expect(last({ messages: [{ role: 'user', content: parts }] })).toEqual({
      role: 'user',
      content: [...parts, { type: 'text', text: 'Briefly.' }],
    });
    expect(
      openai.withInstruction!(body({ messages: [{ role: 'tool', content: 'Sunny' }] }), 'x'),
    ).toBeUndefined();
  });

  it('continues an answer without two turns of one role in a row', () => {
    const begun = body({
      messages: [
        { role: 'user', content: 'JSON, please.' },
        { role: 'assistant', content: '{' },
      ],
    });
    expect(openai.withContinuation!(begun, '"a": 1', 'Go on.')['messages']).toEqual([
      { role: 'user', content: 'JSON, please.' },
      { role: 'assistant', content: '{"a": 1' },
      { role: 'user', content: 'Go on.' },
    ]);
    expect(openai.withContinuation!(body(), 'Paris', 'Go on.')['messages']).toHaveLength(4);
  });

  it('reads an answer and leaves its inclusive counts to the normaliser', () => {
    expect(
      openai.readAnswer({
        choices: [
          {
            index: 0,
            message: {
              role: 'assistant',
              content: null,
              tool_calls: [
                { id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{"a":1}' } },
              ],
            },
            finish_reason: 'tool_calls',
          },
        ],
        usage: {
          prompt_tokens: 1000,
          completion_tokens: 20,
          total_tokens: 1020,
          prompt_tokens_details: { cached_tokens: 300 },
        },
      }),
    ).toEqual({
      text: '',
      toolUses: [{ id: 'call_1', name: 'weather', input: '{"a":1}' }],
      stopReason: 'tool_calls',
      usage: { input: 1000, output: 20, total: 1020, cacheRead: 300, inclusive: true },
    });
  });

  it('reads what Mistral calls its reason to stop, and an answer without usage', () => {
    expect(
      openai.readAnswer({ choices: [{ message: { content: 'Hi.' }, stop_reason: 'length' }], usage: null }),
    ).toEqual({ text: 'Hi.', toolUses: [], stopReason: 'length', usage: undefined });
  });

  it('replaces the text of the first choice', () => {
    const edited = openai.withAnswerText!(
      {
        id: 'x',
        choices: [{ index: 0, message: { role: 'assistant', content: 'cut' }, finish_reason: 'length' }],
      },
      'whole',
      'stop',
    );
    expect(edited).toEqual({
      id: 'x',
      choices: [{ index: 0, message: { role: 'assistant', content: 'whole' }, finish_reason: 'stop' }],
    });
  });

  it('reads chunks, and is complete only when counts come with or after the reason to stop', () => {
    const reading = noChunks();
    const chunk = (delta: Body, more: Body = {}, finish: string | null = null): Body => ({
      choices: [{ index: 0, delta, finish_reason: finish }],
      ...more,
    });
    openai.readChunk!(chunk({ role: 'assistant', content: '' }), reading);
    openai.readChunk!(chunk({ reasoning: 'Hm. ' }), reading);
    openai.readChunk!(
      chunk({ content: 'Paris' }, { usage: { prompt_tokens: 9, completion_tokens: 1 } }),
      reading,
    );
    openai.readChunk!(chunk({ tool_calls: [{ index: 0, function: { arguments: '{"a"' } }] }), reading);
    expect(reading).toMatchObject({ text: 'Hm. Paris{"a"', complete: false, usage: { input: 9, output: 1 } });
    openai.readChunk!(chunk({}, {}, 'stop'), reading);
    expect(reading.complete).toBe(false);
    openai.readChunk!(
      { choices: [], usage: { prompt_tokens: 9, completion_tokens: 4, total_tokens: 13 } },
      reading,
    );
    expect(reading).toMatchObject({
      complete: true,
      stopReason: 'stop',
      usage: { input: 9, output: 4, total: 13 },
    });
  });
});
