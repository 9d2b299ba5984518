import { NO_USAGE, type RequestView } from '@costkit/core';
import { viewRequest } from '@costkit/core/views';
import { describe, expect, it } from 'vitest';
import { anthropicBody, converseView } from '../tests/call-fixture.js';
import { streamAnswer } from './stream-answer.js';

const streamOf = (modelId: string, body: object): RequestView =>
  viewRequest('InvokeModelWithResponseStream', { modelId, body: JSON.stringify(body) });
const chunk = (body: object): object => ({
  chunk: { bytes: new TextEncoder().encode(JSON.stringify(body)) },
});
const messages = [{ role: 'user', content: [{ text: 'Where?' }] }];

const converseEvents = [
  { messageStart: { role: 'assistant' } },
  { contentBlockDelta: { contentBlockIndex: 0, delta: { text: 'I will ' } } },
  { contentBlockDelta: { contentBlockIndex: 0, delta: { text: 'look.' } } },
  { contentBlockStop: { contentBlockIndex: 0 } },
  { contentBlockStart: { contentBlockIndex: 1, start: { toolUse: { toolUseId: 't1', name: 'find' } } } },
  { contentBlockDelta: { contentBlockIndex: 1, delta: { toolUse: { input: '{"order"' } } } },
  { contentBlockDelta: { contentBlockIndex: 1, delta: { toolUse: { input: ':7}' } } } },
  { contentBlockStop: { contentBlockIndex: 1 } },
  { messageStop: { stopReason: 'tool_use' } },
  { metadata: { usage: { inputTokens: 1, outputTokens: 2 } } },
];
const expected = {
  text: 'I will look.',
  toolUses: [{ id: 't1', name: 'find', input: { order: 7 } }],
  stopReason: 'tool_use',
};

describe('streamAnswer', () => {
  it('puts a Converse stream together', () => {
    const view = viewRequest('ConverseStream', converseView().input);
    const usage = { ...NO_USAGE, input: 1, output: 2 };
    expect(streamAnswer(view, converseEvents, usage)).toMatchObject({ ...expected, usage });
  });

  it("puts Nova's chunks together", () => {
    const view = streamOf('us.amazon.nova-pro-v1:0', { messages });
    expect(streamAnswer(view, converseEvents.map(chunk), undefined)).toMatchObject(expected);
  });

  it("puts Anthropic's chunks together", () => {
    const chunks = [
      { type: 'message_start', message: { usage: { input_tokens: 1 } } },
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'I will ' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'look.' } },
      {
        type: 'content_block_start',
        index: 1,
        content_block: { type: 'tool_use', id: 't1', name: 'find', input: {} },
      },
      {
        type: 'content_block_delta',
        index: 1,
        delta: { type: 'input_json_delta', partial_json: '{"order":7}' },
      },
      { type: 'message_delta', delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 2 } },
      { type: 'message_stop' },
    ];
    const view = streamOf('us.anthropic.claude-opus-5-5', anthropicBody());
    expect(streamAnswer(view, chunks.map(chunk), undefined)).toMatchObject(expected);
  });

  it("puts OpenAI's chunks together", () => {
    const call = (fields: object): object => ({
      choices: [{ index: 0, delta: { tool_calls: [{ index: 0, ...fields }] } }],
    });
    const chunks = [
      { choices: [{ index: 0, delta: { role: 'assistant', content: 'I will ' } }] },
      { choices: [{ index: 0, delta: { content: 'look.' } }] },
      call({ id: 't1', function: { name: 'find', arguments: '' } }),
      call({ function: { arguments: '{"order":' } }),
      call({ function: { arguments: '7}' } }),
      { choices: [{ index: 0, delta: {}, finish_reason: 'tool_use' }] },
      { choices: [], usage: { prompt_tokens: 1 } },
    ];
    const view = streamOf('openai.gpt-oss-120b-1:0', { messages: [{ role: 'user', content: 'Where?' }] });
    expect(streamAnswer(view, chunks.map(chunk), undefined)).toMatchObject(expected);
  });

  it('shows a cut tool call as the text that there is', () => {
    const view = viewRequest('ConverseStream', converseView().input);
    const answer = streamAnswer(
      view,
      [...converseEvents.slice(0, 6), { messageStop: { stopReason: 'max_tokens' } }],
      undefined,
    );
    expect(answer?.toolUses).toEqual([{ id: 't1', name: 'find', input: '{"order"' }]);
  });

  it('has no answer for bodies it does not know, and throws on chunks that are no JSON', () => {
    const llama = streamOf('us.meta.llama3-1-70b-instruct-v1:0', { prompt: 'Where?' });
    expect(streamAnswer(llama, [], undefined)).toBeUndefined();
    const view = streamOf('us.anthropic.claude-opus-5-5', anthropicBody());
    const broken = { chunk: { bytes: new TextEncoder().encode('{') } };
    expect(() => streamAnswer(view, [broken], undefined)).toThrow(SyntaxError);
  });
});
