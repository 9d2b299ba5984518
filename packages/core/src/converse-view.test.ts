import { describe, expect, it } from 'vitest';
import { ConverseView } from './converse-view.js';
import type { PinnedPart } from './request-view.js';

const MODEL = 'us.anthropic.claude-haiku-4-5-20251001-v1:0';
const PROMPT = 'arn:aws:bedrock:us-east-1:123456789012:prompt/ABCDEFGHIJ:1';
const user = (...content: object[]): object => ({ role: 'user', content });
const assistant = (...content: object[]): object => ({ role: 'assistant', content });
const view = (more: object = {}): ConverseView =>
  new ConverseView('Converse', { modelId: MODEL, messages: [user({ text: 'Where is Paris?' })], ...more });

const TOOL = { toolSpec: { name: 'weather', inputSchema: { json: {} } } };
const toolUse = { toolUse: { toolUseId: 'one', name: 'weather', input: {} } };
const toolResult = { toolResult: { toolUseId: 'one', content: [{ text: 'Sunny' }] } };
const reasoning = { reasoningContent: { reasoningText: { text: 'Hm.', signature: 'c2ln' } } };

describe('ConverseView', () => {
  it('reads what a request says of itself', () => {
    const one = view({
      toolConfig: { tools: [TOOL, { cachePoint: { type: 'default', ttl: '1h' } }] },
      system: [{ text: 'Be brief.' }, { text: 'Be kind.' }, { cachePoint: { type: 'default' } }],
      messages: [
        user({ text: 'Hi' }),
        assistant({ text: 'Hello' }),
        user({ text: 'Where is' }, { text: 'Paris?' }),
      ],
      inferenceConfig: { maxTokens: 50 },
      serviceTier: { type: 'flex' },
      requestMetadata: { team: 'care' },
    });
    expect(one).toMatchObject({
      modelId: MODEL,
      maxTokens: 50,
      tier: 'flex',
      tags: { team: 'care' },
      streaming: false,
      dialect: 'converse',
      systemText: 'Be brief.\nBe kind.',
      lastUserText: 'Where is\nParis?',
      cachePoints: [{ afterBlock: 0, ttl: '1h' }, { afterBlock: 2 }],
    });
    expect(one.textLength).toBe(one.blocks.reduce((sum, { text }) => sum + text.length, 0));
    expect(new ConverseView('ConverseStream', one.input).streaming).toBe(true);
  });

  it.each([
    ['tools', { toolConfig: { tools: [TOOL] } }, { tools: true }],
    ['a system tool', { toolConfig: { tools: [{ systemTool: { name: 'search' } }] } }, { tools: true }],
    ['a forced tool', { toolConfig: { tools: [TOOL], toolChoice: { any: {} } } }, { structuredOutput: true }],
    ['a schema', { outputConfig: { textFormat: { type: 'json_schema' } } }, { structuredOutput: true }],
    ['effort alone', { outputConfig: { effort: 'low' } }, { structuredOutput: false }],
    ['a guardrail', { guardrailConfig: { guardrailIdentifier: 'x' } }, { guardrail: true }],
    ['thinking', { additionalModelRequestFields: { thinking: { type: 'adaptive' } } }, { thinking: true }],
    [
      'thinking of Nova',
      { additionalModelRequestFields: { reasoningConfig: { type: 'enabled' } } },
      { thinking: true },
    ],
    [
      'no thinking',
      { additionalModelRequestFields: { thinking: { type: 'disabled' } } },
      { thinking: false },
    ],
    ['an image', { messages: [user({ image: {} })] }, { images: true }],
    ['a document', { messages: [user({ document: {} })] }, { documents: true }],
    ['video and audio', { messages: [user({ video: {} }, { audio: {} })] }, { video: true, audio: true }],
    [
      'a tool loop',
      { messages: [user({ text: 'x' }), assistant(toolUse), user(toolResult)] },
      { toolLoop: true },
    ],
    [
      'a tool loop that is over',
      { messages: [user(toolResult), assistant({ text: 'x' }), user({ text: 'y' })] },
      { toolLoop: false },
    ],
    [
      'nothing',
      {},
      { tools: false, thinking: undefined, toolLoop: false, systemPrompt: false, reasoning: false },
    ],
  ])('sees %s', (_, more, features) => {
    expect(view(more).features).toMatchObject(features);
  });

  it.each<[string, object, readonly PinnedPart[]]>([
    ['a plain request', {}, []],
    [
      'a prompt resource',
      { modelId: PROMPT },
      ['cachePoints', 'maxTokens', 'messages', 'model', 'system', 'tools'],
    ],
    [
      'reasoning',
      { messages: [user({ text: 'x' }), assistant(reasoning, { text: 'y' }), user({ text: 'z' })] },
      ['model'],
    ],
    [
      'a tool loop',
      { messages: [user({ text: 'x' }), assistant(toolUse), user(toolResult)] },
      ['messages', 'model'],
    ],
    [
      'guarded content',
      { messages: [user({ guardContent: { text: { text: 'x' } } })] },
      ['messages', 'system'],
    ],
  ])('pins of %s what must stay, with a reason', (_, more, parts) => {
    const { pinned } = view(more);
    expect([...pinned.keys()].sort()).toEqual(parts);
    for (const reason of pinned.values()) expect(reason).not.toBe('');
  });

  it('keeps what it does not change by reference', () => {
    const system = [{ text: 'Be brief.' }];
    const one = view({ system });
    const edited = one.withMaxTokens(9).withMetadata({ team: 'care' }).withModel('other');
    expect((edited.input as { system: unknown }).system).toBe(system);
    expect(edited.blocks).toBe(one.blocks);
    expect(one.withCachePoints([])).toBe(one);
    expect(one.withModel(MODEL)).toBe(one);
  });

  it('adds an instruction to a last turn of the user only', () => {
    const answered = view({ messages: [user({ text: 'x' }), assistant({ text: '{' })] });
    expect(answered.withInstruction('Briefly.')).toBe(answered);
    expect(view().withInstruction('Briefly.').lastUserText).toBe('Where is Paris?\nBriefly.');
  });

  it.each([
    ['text', 'Why?'],
    ['null', null],
    ['nothing', undefined],
  ])(
    'adds no instruction to content that is %s: it would be answered in place of the question',
    (_, content) => {
      const one = view({ messages: [{ role: 'user', content }] });
      expect(one.withInstruction('Be brief.')).toBe(one);
    },
  );

  it('continues the turn that the caller has begun', () => {
    const begun = view({ messages: [user({ text: 'JSON, please.' }), assistant({ text: '{' })] });
    expect((begun.withContinuation('"a": 1', 'Go on.').input as { messages: unknown }).messages).toEqual([
      user({ text: 'JSON, please.' }),
      assistant({ text: '{' }, { text: '"a": 1' }),
      user({ text: 'Go on.' }),
    ]);
  });
});
