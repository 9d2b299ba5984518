import { viewRequest } from '@costkit/core/views';
import { describe, expect, it } from 'vitest';
import { anthropicBody, converseView, invokeView } from '../tests/call-fixture.js';
import { requestNeeds } from './request-needs.js';

const NOTHING = {
  modelSpecific: undefined,
  schema: false,
  forcedTool: false,
  latencyOptimized: false,
  mediaInToolResults: false,
};
const spec = (fields: object = {}): object => ({
  toolSpec: { name: 'find', inputSchema: { json: { type: 'object' } }, ...fields },
});
const toolResult = (content: object): object => ({
  messages: [
    { role: 'user', content: [{ text: 'Find it.' }] },
    { role: 'assistant', content: [{ toolUse: { toolUseId: 't1', name: 'find', input: {} } }] },
    { role: 'user', content: [{ toolResult: { toolUseId: 't1', content: [content] } }] },
    { role: 'assistant', content: [{ text: 'Here.' }] },
    { role: 'user', content: [{ text: 'Thanks. And now?' }] },
  ],
});

describe('requestNeeds', () => {
  it('finds nothing special in a plain request', () => {
    expect(requestNeeds(converseView())).toEqual(NOTHING);
    expect(requestNeeds(invokeView(anthropicBody({ system: 'Sort.', temperature: 0 })))).toEqual(NOTHING);
  });

  it.each<[string, object, Partial<typeof NOTHING> | { modelSpecific: string }]>([
    [
      'model fields',
      { additionalModelRequestFields: { top_k: 5 } },
      { modelSpecific: 'additionalModelRequestFields' },
    ],
    ['empty model fields', { additionalModelRequestFields: {} }, {}],
    ['effort', { outputConfig: { effort: 'low' } }, { modelSpecific: 'outputConfig.effort' }],
    ['a schema', { outputConfig: { textFormat: { type: 'json_schema', structure: {} } } }, { schema: true }],
    ['a strict tool', { toolConfig: { tools: [spec(), spec({ strict: true })] } }, { schema: true }],
    ['a free tool choice', { toolConfig: { tools: [spec()], toolChoice: { auto: {} } } }, {}],
    ['any tool', { toolConfig: { tools: [spec()], toolChoice: { any: {} } } }, { forcedTool: true }],
    [
      'one tool',
      { toolConfig: { tools: [spec()], toolChoice: { tool: { name: 'find' } } } },
      { forcedTool: true },
    ],
    ['optimised latency', { performanceConfig: { latency: 'optimized' } }, { latencyOptimized: true }],
    ['standard latency', { performanceConfig: { latency: 'standard' } }, {}],
    [
      'an image in a tool result',
      toolResult({ image: { format: 'png', source: {} } }),
      { mediaInToolResults: true },
    ],
    ['JSON in a tool result', toolResult({ json: { image: 'none' } }), {}],
  ])('reads %s of a Converse request', (_name, overrides, needs) => {
    expect(requestNeeds(converseView(overrides as Record<string, unknown>))).toEqual({
      ...NOTHING,
      ...needs,
    });
  });

  it.each<[string, object, Partial<typeof NOTHING> | { modelSpecific: string }]>([
    ['beta features', { anthropic_beta: ['x'] }, { modelSpecific: 'anthropic_beta' }],
    ['thinking', { thinking: { type: 'adaptive' } }, { modelSpecific: 'thinking' }],
    ['output configuration', { output_config: { effort: 'low' } }, { modelSpecific: 'output_config' }],
    [
      'a free tool choice',
      { tools: [{ name: 'find', input_schema: {} }], tool_choice: { type: 'auto' } },
      {},
    ],
    [
      'a forced tool',
      { tools: [{ name: 'find', input_schema: {} }], tool_choice: { type: 'tool', name: 'find' } },
      { forcedTool: true },
    ],
    ['a strict tool', { tools: [{ name: 'find', input_schema: {}, strict: true }] }, { schema: true }],
  ])('reads %s of an Anthropic body', (_name, overrides, needs) => {
    expect(requestNeeds(invokeView(anthropicBody(overrides as Record<string, unknown>)))).toEqual({
      ...NOTHING,
      ...needs,
    });
  });

  it('reads a Nova body', () => {
    const body = {
      messages: [{ role: 'user', content: [{ text: 'Sort.' }] }],
      toolConfig: { tools: [spec()], toolChoice: { any: {} } },
    };
    expect(requestNeeds(invokeView(body, 'us.amazon.nova-pro-v1:0'))).toEqual({
      ...NOTHING,
      forcedTool: true,
    });
    expect(requestNeeds(invokeView({ ...body, topX: 1 }, 'us.amazon.nova-pro-v1:0')).modelSpecific).toBe(
      'topX',
    );
  });

  it('reads an OpenAI body', () => {
    const messages = [{ role: 'user', content: 'Sort.' }];
    const needs = (fields: object) =>
      requestNeeds(invokeView({ messages, ...fields }, 'openai.gpt-oss-120b-1:0'));
    expect(needs({ max_completion_tokens: 9 })).toEqual(NOTHING);
    expect(needs({ reasoning_effort: 'low' }).modelSpecific).toBe('reasoning_effort');
    expect(needs({ response_format: {} }).modelSpecific).toBe('response_format');
    expect(needs({ tools: [], tool_choice: 'required' }).forcedTool).toBe(true);
    expect(needs({ tools: [], tool_choice: 'auto' }).forcedTool).toBe(false);
  });

  it('calls a raw prompt bound to its model', () => {
    const view = invokeView(
      { prompt: '<|begin_of_text|>Sort.', max_gen_len: 9 },
      'us.meta.llama3-1-70b-instruct-v1:0',
    );
    expect(view.dialect).toBe('llama');
    expect(requestNeeds(view).modelSpecific).toBe('the prompt template of the llama body');
  });

  it("reads InvokeModel's own latency field and a body of bytes", () => {
    const body = new TextEncoder().encode(JSON.stringify(anthropicBody()));
    const input = { modelId: 'us.anthropic.claude-opus-5-5', body, performanceConfigLatency: 'optimized' };
    expect(requestNeeds(viewRequest('InvokeModel', input))).toEqual({ ...NOTHING, latencyOptimized: true });
  });
});
