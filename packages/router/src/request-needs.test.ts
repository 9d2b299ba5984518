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
  statusInToolResults: false,
  providerSpecific: undefined,
  prefill: false,
  sampling: false,
  samplingPair: false,
};
const spec = (fields: object = {}): object => ({
  toolSpec: { name: 'find', inputSchema: { json: { type: 'object' } }, ...fields },
});
const source = { bytes: new Uint8Array(1) };
const showing = (...content: object[]): object => ({ messages: [{ role: 'user', content }] });
const document = (fields: object): object => ({ document: { format: 'pdf', name: 'd', source, ...fields } });
const toolResult = (content: object, more: object = {}): object => ({
  messages: [
    { role: 'user', content: [{ text: 'Find it.' }] },
    { role: 'assistant', content: [{ toolUse: { toolUseId: 't1', name: 'find', input: {} } }] },
    { role: 'user', content: [{ toolResult: { toolUseId: 't1', content: [content], ...more } }] },
    { role: 'assistant', content: [{ text: 'Here.' }] },
    { role: 'user', content: [{ text: 'Thanks. And now?' }] },
  ],
});

describe('requestNeeds', () => {
  it('finds nothing special in a plain request', () => {
    expect(requestNeeds(converseView())).toEqual(NOTHING);
    expect(requestNeeds(invokeView(anthropicBody({ system: 'Sort.' })))).toEqual(NOTHING);
  });

  it.each<[string, object, object]>([
    ['temperature', { inferenceConfig: { temperature: 0 } }, { sampling: true }],
    [
      'temperature and top_p',
      { inferenceConfig: { temperature: 0.2, topP: 0.9 } },
      { sampling: true, samplingPair: true },
    ],
    ['a cap', { inferenceConfig: { maxTokens: 9 } }, {}],
    [
      'a begun answer',
      {
        messages: [
          { role: 'user', content: [{ text: 'As JSON.' }] },
          { role: 'assistant', content: [{ text: '{' }] },
        ],
      },
      { prefill: true },
    ],
    ['how a tool ended', toolResult({ text: 'none' }, { status: 'error' }), { statusInToolResults: true }],
    ['a document', showing(document({})), {}],
    ['citations', showing(document({ citations: { enabled: true } })), { providerSpecific: 'citations' }],
    ['no citations', showing(document({ citations: { enabled: false } })), {}],
    [
      'a picture in S3',
      showing({ image: { format: 'png', source: { s3Location: { uri: 's3://b/k' } } } }),
      { providerSpecific: 'media that are not given as bytes' },
    ],
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
      toolResult({ image: { format: 'png', source } }),
      { mediaInToolResults: true },
    ],
    ['JSON in a tool result', toolResult({ json: { image: 'none' } }), {}],
  ])('reads %s of a Converse request', (_name, overrides, needs) => {
    expect(requestNeeds(converseView(overrides as Record<string, unknown>))).toEqual({
      ...NOTHING,
      ...needs,
    });
  });

  it.each<[string, object, object]>([
    ['what a guardrail looks at', { 'amazon-bedrock-guardrailConfig': { tagSuffix: 'x' } }, {}],
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
    ['a tool of its own', { tools: [{ type: 'custom', name: 'find', input_schema: {} }] }, {}],
    [
      'a tool of the provider',
      { tools: [{ type: 'text_editor_20250728', name: 'str_replace_based_edit_tool' }] },
      { modelSpecific: 'the tool text_editor_20250728' },
    ],
    ['sampling', { temperature: 0, top_p: 1 }, { sampling: true, samplingPair: true }],
    ['top_k', { top_k: 3 }, { sampling: true }],
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
    const cool = { ...body, inferenceConfig: { top_p: 0.1 } };
    expect(requestNeeds(invokeView(cool, 'us.amazon.nova-pro-v1:0')).sampling).toBe(true);
    expect(requestNeeds(invokeView({ ...body, topX: 1 }, 'us.amazon.nova-pro-v1:0')).modelSpecific).toBe(
      'topX',
    );
  });

  it('reads an OpenAI body', () => {
    const messages = [{ role: 'user', content: 'Sort.' }];
    const needs = (fields: object) =>
      requestNeeds(invokeView({ messages, ...fields }, 'openai.gpt-oss-120b-1:0'));
    expect(needs({ max_completion_tokens: 9 })).toEqual(NOTHING);
    expect(needs({ temperature: 0 })).toEqual({ ...NOTHING, sampling: true });
    expect(needs({ tools: [{ type: 'function', function: {} }] }).modelSpecific).toBeUndefined();
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
