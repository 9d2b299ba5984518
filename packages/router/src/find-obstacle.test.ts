import type { RequestView } from '@costkit/core';
import { viewRequest } from '@costkit/core/views';
import { type CatalogueModel, resolveModel } from '@costkit/pricing';
import { describe, expect, it } from 'vitest';
import {
  anthropicBody,
  converseView,
  fakeCall,
  HAIKU,
  invokeView,
  NOW,
  OPUS,
  pdfOf,
} from '../tests/call-fixture.js';
import { findObstacle } from './find-obstacle.js';
import { mediaTokens } from './media-tokens.js';
import { requestNeeds } from './request-needs.js';

function modelOf(modelId: string): CatalogueModel {
  const model = resolveModel(modelId)?.model;
  if (model === undefined) throw new Error(modelId);
  return model;
}

const haiku = modelOf(HAIKU);
const opus = modelOf(OPUS);
type Capabilities = CatalogueModel['capabilities'];
const lacking = (capabilities: Partial<Capabilities>): CatalogueModel => ({
  ...haiku,
  capabilities: { ...haiku.capabilities, ...capabilities },
});

const obstacle = (
  view: RequestView,
  target = haiku,
  inputTokens = 100,
  requested = opus,
): string | undefined =>
  findObstacle({
    view,
    needs: requestNeeds(view),
    inputTokens,
    media: mediaTokens(view, fakeCall(view), target.id),
    requestedMedia: mediaTokens(view, fakeCall(view), requested.id),
    requested,
    target,
    now: NOW,
  });

const content = (block: object) =>
  converseView({ messages: [{ role: 'user', content: [{ text: 'Look.' }, block] }] });
const source = { bytes: new Uint8Array(1) };
const tool = { toolSpec: { name: 'find', inputSchema: { json: { type: 'object' } } } };
const tools = (choice?: object) =>
  converseView({ toolConfig: { tools: [tool], ...(choice === undefined ? {} : { toolChoice: choice }) } });

describe('findObstacle', () => {
  it('finds none for a plain request', () => {
    expect(obstacle(converseView())).toBeUndefined();
    expect(obstacle(invokeView(anthropicBody()))).toBeUndefined();
  });

  it.each<[string, RequestView, Partial<Capabilities>, string]>([
    ['tools', tools(), { tools: false }, 'takes no tools'],
    ['an image', content({ image: { format: 'png', source } }), { images: false }, 'takes no images'],
    [
      'a document',
      content({ document: { format: 'pdf', name: 'd', source } }),
      { documents: false },
      'takes no documents',
    ],
    [
      'a system prompt',
      converseView({ system: [{ text: 'Be brief.' }] }),
      { systemPrompts: false },
      'takes no system prompt',
    ],
    ['Converse', converseView(), { converse: false }, 'is not served by Converse'],
    ['a stream', viewRequest('ConverseStream', converseView().input), { streaming: false }, 'cannot stream'],
    [
      'a schema',
      converseView({
        outputConfig: { textFormat: { type: 'json_schema', structure: { jsonSchema: { schema: '{}' } } } },
      }),
      { structuredOutput: false },
      'has no structured output',
    ],
    ['flex', converseView({ serviceTier: { type: 'flex' } }), { tiers: [] }, 'has no service tier "flex"'],
    [
      'priority',
      converseView({ serviceTier: { type: 'priority' } }),
      { tiers: ['flex'] },
      'has no service tier "priority"',
    ],
    [
      'optimised latency',
      converseView({ performanceConfig: { latency: 'optimized' } }),
      {},
      'has no latency-optimised inference',
    ],
  ])('finds that a model cannot take %s', (_name, view, capabilities, expected) => {
    expect(obstacle(view, lacking(capabilities))).toBe(expected);
  });

  it('keeps a forced tool away from other providers and from models that always think', () => {
    const view = tools({ any: {} });
    const sonnet = { ...opus, capabilities: { ...opus.capabilities, thinking: 'default' as const } };
    expect(obstacle(view, haiku, 100, sonnet)).toBeUndefined();
    expect(obstacle(view, lacking({ thinking: 'always' }), 100, opus)).toBeUndefined();
    expect(obstacle(view, lacking({ thinking: 'always' }), 100, sonnet)).toBe(
      'always thinks, which a forced tool choice forbids',
    );
    expect(obstacle(view, modelOf('us.amazon.nova-lite-v1:0'))).toBe('may not accept a forced tool choice');
  });

  it.each<[string, RequestView, string]>([
    [
      'model fields',
      converseView({ additionalModelRequestFields: { top_k: 3 } }),
      'cannot take additionalModelRequestFields, which is bound to its model',
    ],
    ['a video', content({ video: { format: 'mp4', source } }), 'is not known to take video or audio'],
    ['an audio', content({ audio: { format: 'mp3', source } }), 'is not known to take video or audio'],
    [
      'guarded content',
      content({ guardContent: { text: { text: 'x' } } }),
      'is not known to take guardContent blocks',
    ],
    [
      'a search result',
      content({ searchResult: { source: 's', title: 't', content: [] } }),
      'is not known to take searchResult blocks',
    ],
    ['a block of tomorrow', content({ hologram: {} }), 'is not known to take other blocks'],
    [
      'a system tool',
      converseView({ toolConfig: { tools: [{ systemTool: { name: 'nova_grounding' } }] } }),
      'is not known to take systemTool blocks',
    ],
    [
      'a system message between turns',
      converseView({
        messages: [
          { role: 'user', content: [{ text: 'a' }] },
          { role: 'system', content: [{ text: 'b' }] },
        ],
      }),
      'is not known to take system messages between the turns',
    ],
    [
      'a reservation',
      converseView({ serviceTier: { type: 'reserved' } }),
      'has no share in the reservation, which belongs to its model',
    ],
  ])('leaves a request with %s where it is', (_name, view, expected) => {
    expect(obstacle(view)).toBe(expected);
  });

  const begun = converseView({
    messages: [
      { role: 'user', content: [{ text: 'As JSON.' }] },
      { role: 'assistant', content: [{ text: '{' }] },
    ],
  });
  const sampled = (inferenceConfig: object) => converseView({ inferenceConfig });
  const after = (result: object, more: object = {}) =>
    converseView({
      toolConfig: { tools: [tool] },
      messages: [
        { role: 'user', content: [{ text: 'Find it.' }] },
        { role: 'assistant', content: [{ toolUse: { toolUseId: 't1', name: 'find', input: {} } }] },
        { role: 'user', content: [{ toolResult: { toolUseId: 't1', content: [result], ...more } }] },
        { role: 'assistant', content: [{ text: 'Here.' }] },
        { role: 'user', content: [{ text: 'And now?' }] },
      ],
    });
  const HAIKU_4 = 'us.anthropic.claude-haiku-4-5-20251001-v1:0';
  const HAIKU_3 = 'us.anthropic.claude-3-5-haiku-20241022-v1:0';
  const NOVA = 'us.amazon.nova-pro-v1:0';
  const MISTRAL = 'us.mistral.pixtral-large-2502-v1:0';

  it.each<[string, RequestView, readonly string[], readonly string[]]>([
    ['a temperature', sampled({ temperature: 0 }), [HAIKU_4, NOVA, MISTRAL], [HAIKU]],
    ['two samplings', sampled({ temperature: 0, topP: 1 }), [HAIKU_3, NOVA], [HAIKU_4, HAIKU]],
    [
      'tools in a stream',
      viewRequest('ConverseStream', tools().input),
      [HAIKU, NOVA],
      ['us.meta.llama3-3-70b-instruct-v1:0', 'us.writer.palmyra-x5-v1:0'],
    ],
    [
      'a picture',
      content({ image: { format: 'png', source } }),
      [HAIKU, NOVA, MISTRAL],
      ['us.openai.gpt-5.6-luna', 'us.amazon.nova-micro-v1:0'],
    ],
    ['tools', tools(), ['us.meta.llama3-3-70b-instruct-v1:0'], []],
    ['an answer that is begun', begun, [HAIKU_4, HAIKU_3], [HAIKU, NOVA, MISTRAL]],
    ['how a tool ended', after({ text: 'none' }, { status: 'error' }), [HAIKU, NOVA], [MISTRAL]],
    ['a picture of a tool', after({ image: { format: 'png', source } }), [HAIKU, NOVA], [MISTRAL]],
    [
      'citations',
      content({ document: { format: 'pdf', name: 'd', source, citations: { enabled: true } } }),
      [HAIKU, HAIKU_4],
      [NOVA, MISTRAL],
    ],
    [
      'a picture in S3',
      content({ image: { format: 'png', source: { s3Location: { uri: 's3://b/k' } } } }),
      [HAIKU],
      [NOVA, MISTRAL],
    ],
  ])('sends %s only to models that are known to take it', (_name, view, takes, others) => {
    // Media of unknown length keep to windows as large as the model's that was asked for.
    const asked = { ...opus, contextWindow: 1_000 };
    const of = (modelId: string) => obstacle(view, modelOf(modelId), 100, asked);
    expect(takes.map(of)).toEqual(takes.map(() => undefined));
    for (const modelId of others) expect(of(modelId)).toMatch(/^(?:takes|may not)/);
  });

  it('lets the standard tier pass under its API name', () => {
    expect(obstacle(converseView({ serviceTier: { type: 'default' } }))).toBeUndefined();
  });

  it('moves an InvokeModel body only within its dialect', () => {
    expect(obstacle(invokeView(anthropicBody()), modelOf('us.amazon.nova-lite-v1:0'))).toBe(
      'takes nova bodies, the request has one for anthropic',
    );
  });

  it('does not choose a model past its end of life', () => {
    expect(obstacle(converseView(), { ...haiku, lifecycle: { endOfLife: '2026-11-22' } })).toBe(
      'reached its end of life on 2026-11-22',
    );
    expect(obstacle(converseView(), { ...haiku, lifecycle: { endOfLife: '2026-11-23' } })).toBeUndefined();
  });

  it('does not choose a model that makes no text', () => {
    expect(obstacle(converseView(), modelOf('amazon.titan-embed-text-v2:0'))).toBe(
      'is a model for embedding',
    );
  });

  describe('sizes', () => {
    const small = { ...haiku, contextWindow: 1_000, maxOutputTokens: 500 };
    const capped = (maxTokens: number) => converseView({ inferenceConfig: { maxTokens } });

    it('counts the prompt at the high end of its estimate, and the cap', () => {
      // 1.35 × 500 + 325 = 1,000
      expect(obstacle(capped(325), small, 500)).toBeUndefined();
      expect(obstacle(capped(326), small, 500)).toBe('holds 1000 tokens, the request may need 1001');
    });

    it('refuses a cap above what the model can answer', () => {
      expect(obstacle(capped(500), small, 100)).toBeUndefined();
      expect(obstacle(capped(501), small, 100)).toBe(
        'answers with at most 500 tokens, the request allows 501',
      );
    });

    it('refuses an unknown window', () => {
      const { contextWindow: _window, ...unknown } = haiku;
      expect(obstacle(converseView(), unknown)).toBe('has no known context window');
    });

    it('refuses an unknown maximum only where the request sets a cap', () => {
      const { maxOutputTokens: _maximum, ...unknown } = haiku;
      expect(obstacle(converseView(), unknown)).toBeUndefined();
      expect(obstacle(capped(10), unknown)).toContain('an unknown number of tokens');
    });

    it('keeps a cap too small for thinking with a model that does not think unasked', () => {
      const calm = { ...opus, capabilities: { ...opus.capabilities, thinking: 'optional' as const } };
      expect(obstacle(capped(1_323), haiku, 100, calm)).toBe(
        'thinks before it answers, for which a cap of 1323 tokens leaves no room',
      );
      expect(obstacle(capped(1_324), haiku, 100, calm)).toBeUndefined();
      expect(obstacle(capped(10), haiku, 100, opus)).toBeUndefined();
      expect(obstacle(converseView(), haiku, 100, calm)).toBeUndefined();
    });

    it('lets pages that the model asked for holds go where they are counted alike', () => {
      const view = converseView({ messages: [{ role: 'user', content: [pdfOf(300)] }] });
      const window = { contextWindow: 200_000 };
      expect(obstacle(view, { ...haiku, ...window }, 100, { ...opus, ...window })).toBeUndefined();
      expect(obstacle(view, { ...haiku, ...window })).toMatch(/^holds 200000 tokens, the request may need 4/);
      const nova = { ...modelOf('us.amazon.nova-pro-v1:0'), ...window };
      expect(obstacle(view, nova, 100, { ...opus, ...window })).toMatch(/^holds 200000 tokens/);
    });

    it('keeps images and documents in a window as large as their own', () => {
      const view = content({ document: { format: 'pdf', name: 'd', source } });
      expect(obstacle(view, haiku)).toBeUndefined();
      expect(obstacle(view, { ...haiku, contextWindow: 200_000 })).toMatch(/^has a smaller context window/);
    });
  });
});
