import { describe, expect, it } from 'vitest';
import { anthropic } from './anthropic.js';
import { type Body, noChunks } from './dialect-adapter.js';

const WEATHER = { name: 'weather', description: 'Says the weather.', input_schema: { type: 'object' } };

const body = (more: Body = {}): Body => ({
  anthropic_version: 'bedrock-2023-05-31',
  max_tokens: 200,
  messages: [{ role: 'user', content: 'Where is Paris?' }],
  ...more,
});

const CONVERSATION: Body = body({
  tools: [WEATHER, { ...WEATHER, name: 'tides', cache_control: { type: 'ephemeral', ttl: '1h' } }],
  system: [{ type: 'text', text: 'Be brief.', cache_control: { type: 'ephemeral' } }],
  messages: [
    {
      role: 'user',
      content: [
        { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AQID' } },
        { type: 'text', text: 'What is this?' },
      ],
    },
    {
      role: 'assistant',
      content: [
        { type: 'thinking', thinking: 'A picture.', signature: 'c2ln' },
        { type: 'tool_use', id: 'toolu_1', name: 'weather', input: { city: 'Paris' } },
      ],
    },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: 'Sunny' }] },
  ],
});

describe('anthropic', () => {
  it('reads blocks in cache order with their kinds, texts and places', () => {
    const { blocks, cachePoints, maxTokens } = anthropic.read(CONVERSATION);
    expect(
      blocks.map(({ section, kind, role, messageIndex }) => [section, kind, role, messageIndex]),
    ).toEqual([
      ['tools', 'toolSpec', undefined, undefined],
      ['tools', 'toolSpec', undefined, undefined],
      ['system', 'text', 'system', undefined],
      ['messages', 'image', 'user', 0],
      ['messages', 'text', 'user', 0],
      ['messages', 'reasoning', 'assistant', 1],
      ['messages', 'toolUse', 'assistant', 1],
      ['messages', 'toolResult', 'user', 2],
    ]);
    expect(blocks.map(({ text }) => text)).toEqual([
      JSON.stringify(WEATHER),
      JSON.stringify({ ...WEATHER, name: 'tides' }),
      'Be brief.',
      '',
      'What is this?',
      'A picture.',
      'weather{"city":"Paris"}',
      'Sunny',
    ]);
    expect(cachePoints).toEqual([{ afterBlock: 1, ttl: '1h' }, { afterBlock: 2 }]);
    expect(maxTokens).toBe(200);
  });

  it('reads system and content given as plain text', () => {
    const { blocks } = anthropic.read(body({ system: 'Be brief.' }));
    expect(blocks).toEqual([
      { section: 'system', kind: 'text', role: 'system', text: 'Be brief.' },
      { section: 'messages', kind: 'text', role: 'user', messageIndex: 0, text: 'Where is Paris?' },
    ]);
  });

  it.each([
    ['a bare question', {}, {}],
    ['tools', { tools: [WEATHER] }, { tools: true }],
    [
      'a forced tool',
      { tools: [WEATHER], tool_choice: { type: 'any' } },
      { tools: true, structuredOutput: true },
    ],
    ['a schema', { output_config: { format: { type: 'json_schema' } } }, { structuredOutput: true }],
    ['effort alone', { output_config: { effort: 'low' } }, {}],
    ['thinking', { thinking: { type: 'adaptive' } }, { thinking: true }],
    ['thinking switched off', { thinking: { type: 'disabled' } }, { thinking: false }],
    ['a system prompt', { system: 'Be brief.' }, { systemPrompt: true }],
  ])('reads the features of %s', (_, more, expected) => {
    const on = Object.fromEntries(
      Object.entries(anthropic.read(body(more)).features).filter(
        ([, value]) => value !== false && value !== undefined,
      ),
    );
    const off = anthropic.read(body(more)).features.thinking === false ? { thinking: false } : {};
    expect({ ...on, ...off }).toEqual(expected);
  });

  it('sees media, reasoning and the middle of a tool loop', () => {
    expect(anthropic.read(CONVERSATION).features).toMatchObject({
      images: true,
      documents: false,
      reasoning: true,
      toolLoop: true,
      systemPrompt: true,
    });
  });

  it('says that cache points inside tool results are out of reach', () => {
    const nested = body({
      messages: [
        {
          role: 'user',
          content: [
            {
              type: 'tool_result',
              tool_use_id: 'toolu_1',
              content: [{ type: 'text', text: 'Sunny', cache_control: { type: 'ephemeral' } }],
            },
          ],
        },
      ],
    });
    expect(anthropic.read(nested).pinned?.get('cachePoints')).toMatch(/inside tool results/);
    expect(anthropic.read(body({ cache_control: { type: 'ephemeral' } })).pinned?.has('cachePoints')).toBe(
      true,
    );
    expect(anthropic.read(CONVERSATION).pinned).toBeUndefined();
  });

  it('replaces all cache points and turns plain text into blocks only where a point needs it', () => {
    const edited = anthropic.withCachePoints!(body({ system: 'Be brief.', tools: [WEATHER] }), [
      { afterBlock: 1, ttl: '1h' },
    ]);
    expect(edited['system']).toEqual([
      { type: 'text', text: 'Be brief.', cache_control: { type: 'ephemeral', ttl: '1h' } },
    ]);
    expect(edited['messages']).toEqual(body()['messages']);
    expect(edited['tools']).toEqual([WEATHER]);
    const bare = anthropic.withCachePoints!(CONVERSATION, []);
    expect(JSON.stringify(bare)).not.toContain('cache_control');
    expect(anthropic.read(bare).blocks).toEqual(anthropic.read(CONVERSATION).blocks);
  });

  it('appends an instruction behind a last cache point, and only to a turn of the user', () => {
    expect(anthropic.withInstruction!(body(), 'In one word.')?.['messages']).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Where is Paris?' },
          { type: 'text', text: 'In one word.' },
        ],
      },
    ]);
    const begun = body({ messages: [{ role: 'assistant', content: 'Paris' }] });
    expect(anthropic.withInstruction!(begun, 'In one word.')).toBeUndefined();
  });

  it('continues a cut answer, also one that the caller has begun', () => {
    expect(
      (anthropic.withContinuation!(body(), 'Paris is', 'Go on.')['messages'] as Body[]).slice(1),
    ).toEqual([
      { role: 'assistant', content: [{ type: 'text', text: 'Paris is' }] },
      { role: 'user', content: [{ type: 'text', text: 'Go on.' }] },
    ]);
    const begun = body({
      messages: [...(body()['messages'] as Body[]), { role: 'assistant', content: '{' }],
    });
    expect((anthropic.withContinuation!(begun, '"a":', 'Go on.')['messages'] as Body[])[1]).toEqual({
      role: 'assistant',
      content: [
        { type: 'text', text: '{' },
        { type: 'text', text: '"a":' },
      ],
    });
  });

  it('reads an answer as newer Claude sends it', () => {
    const answer = anthropic.readAnswer({
      id: 'msg_bdrk_01',
      type: 'message',
      role: 'assistant',
      content: [
        { type: 'thinking', thinking: 'Hm.', signature: 'c2ln' },
        { type: 'text', text: 'Let me ' },
        { type: 'text', text: 'see.' },
        { type: 'tool_use', id: 'toolu_2', name: 'weather', input: { city: 'Paris' } },
      ],
      stop_reason: 'tool_use',
      usage: {
        input_tokens: 5,
        output_tokens: 40,
        cache_creation_input_tokens: 30,
        cache_read_input_tokens: 4,
        cache_creation: { ephemeral_5m_input_tokens: 10, ephemeral_1h_input_tokens: 20 },
        output_tokens_details: { thinking_tokens: 12 },
        service_tier: 'standard',
      },
    });
    expect(answer).toEqual({
      text: 'Let me see.',
      toolUses: [{ id: 'toolu_2', name: 'weather', input: { city: 'Paris' } }],
      stopReason: 'tool_use',
      usage: { input: 5, output: 40, cacheRead: 4, cacheWrite: 30, writes: { '5m': 10, '1h': 20 } },
    });
  });

  it('sums the iterations of a compacted conversation, which its top level leaves out', () => {
    const iteration = (input: number, output: number, write: number) => ({
      input_tokens: input,
      output_tokens: output,
      cache_creation_input_tokens: write,
      cache_read_input_tokens: 1,
      cache_creation: { ephemeral_5m_input_tokens: write, ephemeral_1h_input_tokens: 0 },
    });
    const { usage } = anthropic.readAnswer({
      usage: { input_tokens: 23, output_tokens: 7, iterations: [iteration(180, 30, 0), iteration(23, 7, 9)] },
    });
    expect(usage).toEqual({
      input: 203,
      output: 37,
      cacheRead: 2,
      cacheWrite: 9,
      isSum: true,
      writes: { '5m': 9, '1h': 0 },
    });
  });

  it('puts another text in place of its own and keeps the other blocks', () => {
    const edited = anthropic.withAnswerText!(
      {
        content: [
          { type: 'thinking', thinking: 'Hm.' },
          { type: 'text', text: 'cut' },
        ],
        stop_reason: 'max_tokens',
      },
      'whole',
      'end_turn',
    );
    expect(edited).toEqual({
      content: [
        { type: 'thinking', thinking: 'Hm.' },
        { type: 'text', text: 'whole' },
      ],
      stop_reason: 'end_turn',
    });
  });

  describe('readChunk', () => {
    const read = (...chunks: readonly Body[]) => {
      const reading = noChunks();
      for (const chunk of chunks) anthropic.readChunk!(chunk, reading);
      return reading;
    };
    const START: Body = {
      type: 'message_start',
      message: {
        usage: {
          input_tokens: 9,
          cache_read_input_tokens: 3,
          cache_creation_input_tokens: 0,
          output_tokens: 1,
        },
      },
    };
    const delta = (more: Body): Body => ({ type: 'content_block_delta', index: 0, delta: more });

    it('knows the input after the first event, and nothing for sure before the last', () => {
      const reading = read(START, delta({ type: 'text_delta', text: 'Pa' }));
      expect(reading).toMatchObject({ text: 'Pa', complete: false, stopReason: undefined });
      expect(reading.usage).toMatchObject({ input: 9, cacheRead: 3, cacheWrite: 0, output: 1 });
    });

    it('counts thinking and tool input as output that was seen', () => {
      const reading = read(
        START,
        delta({ type: 'thinking_delta', thinking: 'Hm. ' }),
        delta({ type: 'input_json_delta', partial_json: '{"city"' }),
        delta({ type: 'signature_delta', signature: 'c2ln' }),
      );
      expect(reading.text).toBe('Hm. {"city"');
    });

    it('is complete at message_stop, with cumulative counts and not their sum', () => {
      const reading = read(
        START,
        { type: 'ping' },
        { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 20 } },
        { type: 'message_delta', delta: {}, usage: { output_tokens: 30, input_tokens: 11 } },
        { type: 'message_stop' },
      );
      expect(reading).toMatchObject({ complete: true, stopReason: 'end_turn' });
      expect(reading.usage).toMatchObject({ input: 11, output: 30, cacheRead: 3 });
    });
  });
});
