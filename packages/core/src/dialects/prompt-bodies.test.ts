import { describe, expect, it } from 'vitest';
import { type Body, type DialectAdapter, noChunks } from './dialect-adapter.js';
import { ai21, cohereCommand, cohereCommandR, llama, mistral, titanText } from './prompt-bodies.js';

interface Case {
  readonly adapter: DialectAdapter;
  readonly request: Body;
  readonly capped: Body;
  readonly answer: Body;
  readonly read: object;
  readonly rewritten: Body;
}

// Shapes of the Bedrock user guide's model parameters, and of recorded exchanges.
const CASES: Readonly<Record<string, Case>> = {
  llama: {
    adapter: llama,
    request: { prompt: '<|begin_of_text|>Where is Paris?', max_gen_len: 100, temperature: 0.5 },
    capped: { prompt: '<|begin_of_text|>Where is Paris?', max_gen_len: 7, temperature: 0.5 },
    answer: {
      generation: 'In France.',
      prompt_token_count: 9,
      generation_token_count: 4,
      stop_reason: 'stop',
    },
    read: { text: 'In France.', stopReason: 'stop', usage: { input: 9, output: 4 } },
    rewritten: { generation: 'Whole.', prompt_token_count: 9, generation_token_count: 4, stop_reason: 'end' },
  },
  mistral: {
    adapter: mistral,
    request: { prompt: '<s>[INST] Where is Paris? [/INST]', max_tokens: 100 },
    capped: { prompt: '<s>[INST] Where is Paris? [/INST]', max_tokens: 7 },
    answer: { outputs: [{ text: 'In France.', stop_reason: 'stop' }] },
    read: { text: 'In France.', stopReason: 'stop', usage: undefined },
    rewritten: { outputs: [{ text: 'Whole.', stop_reason: 'end' }] },
  },
  titanText: {
    adapter: titanText,
    request: { inputText: 'Where is Paris?', textGenerationConfig: { maxTokenCount: 100, topP: 0.9 } },
    capped: { inputText: 'Where is Paris?', textGenerationConfig: { maxTokenCount: 7, topP: 0.9 } },
    answer: {
      inputTextTokenCount: 5,
      results: [{ tokenCount: 4, outputText: 'In France.', completionReason: 'FINISH' }],
    },
    read: { text: 'In France.', stopReason: 'FINISH', usage: { input: 5, output: 4 } },
    rewritten: {
      inputTextTokenCount: 5,
      results: [{ tokenCount: 4, outputText: 'Whole.', completionReason: 'end' }],
    },
  },
  cohereCommand: {
    adapter: cohereCommand,
    request: { prompt: 'Where is Paris?', max_tokens: 100 },
    capped: { prompt: 'Where is Paris?', max_tokens: 7 },
    answer: {
      id: 'x',
      generations: [{ id: 'y', text: 'In France.', finish_reason: 'COMPLETE' }],
      prompt: 'Where?',
    },
    read: { text: 'In France.', stopReason: 'COMPLETE', usage: undefined },
    rewritten: {
      id: 'x',
      generations: [{ id: 'y', text: 'Whole.', finish_reason: 'end' }],
      prompt: 'Where?',
    },
  },
  cohereCommandR: {
    adapter: cohereCommandR,
    request: { message: 'Where is Paris?', chat_history: [], max_tokens: 100 },
    capped: { message: 'Where is Paris?', chat_history: [], max_tokens: 7 },
    answer: { response_id: 'x', text: 'In France.', generation_id: 'y', finish_reason: 'MAX_TOKENS' },
    read: { text: 'In France.', stopReason: 'MAX_TOKENS', usage: undefined },
    rewritten: { response_id: 'x', text: 'Whole.', generation_id: 'y', finish_reason: 'end' },
  },
  ai21: {
    adapter: ai21,
    request: { prompt: 'Where is Paris?', maxTokens: 100 },
    capped: { prompt: 'Where is Paris?', maxTokens: 7 },
    answer: {
      id: 1234,
      prompt: { text: 'Where is Paris?', tokens: [] },
      completions: [{ data: { text: 'In France.', tokens: [] }, finishReason: { reason: 'endoftext' } }],
    },
    read: { text: 'In France.', stopReason: 'endoftext', usage: undefined },
    rewritten: {
      id: 1234,
      prompt: { text: 'Where is Paris?', tokens: [] },
      completions: [{ data: { text: 'Whole.' }, finishReason: { reason: 'end' } }],
    },
  },
};

describe.each(Object.entries(CASES))('%s', (_, { adapter, request, capped, answer, read, rewritten }) => {
  it('sees the pictures beside a prompt', () => {
    const { blocks, features } = llama.read({ prompt: 'What is <|image|>?', images: ['AQID', 'BAUG'] });
    expect(blocks[0]?.media).toEqual([
      { kind: 'image', source: 'AQID' },
      { kind: 'image', source: 'BAUG' },
    ]);
    expect(features.images).toBe(true);
    expect(llama.read({ prompt: 'What?' }).features.images).toBe(false);
  });

  it('reads its prompt as one text of the user, and the cap', () => {
    const { blocks, cachePoints, maxTokens } = adapter.read(request);
    expect(blocks).toHaveLength(1);
    expect(blocks[0]).toMatchObject({ section: 'messages', kind: 'text', role: 'user' });
    expect(blocks[0]?.text).toContain('Where is Paris?');
    expect(cachePoints).toEqual([]);
    expect(maxTokens).toBe(100);
  });

  it('changes the cap and nothing else', () => {
    expect(adapter.withMaxTokens!(request, 7)).toEqual(capped);
  });

  it('cannot add a turn to a prompt whose template only the caller knows', () => {
    expect([adapter.withInstruction, adapter.withContinuation, adapter.withCachePoints]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('reads its answer', () => {
    expect(adapter.readAnswer(answer)).toEqual({ toolUses: [], ...read });
  });

  it('puts another text in place of its own', () => {
    expect(adapter.withAnswerText!(answer, 'Whole.', 'end')).toEqual(rewritten);
  });
});

describe('readChunk of prompt bodies', () => {
  const read = (adapter: DialectAdapter, chunks: readonly Body[]) => {
    const reading = noChunks();
    for (const chunk of chunks) adapter.readChunk!(chunk, reading);
    return reading;
  };

  it('keeps the prompt count of the first Llama chunk and the running count of the last', () => {
    const reading = read(llama, [
      { generation: 'In ', prompt_token_count: 9, generation_token_count: 1, stop_reason: null },
      { generation: 'France.', prompt_token_count: null, generation_token_count: 4, stop_reason: null },
    ]);
    expect(reading).toMatchObject({ text: 'In France.', usage: { input: 9, output: 4 }, complete: false });
    llama.readChunk!(
      { generation: '', prompt_token_count: null, generation_token_count: 5, stop_reason: 'stop' },
      reading,
    );
    expect(reading).toMatchObject({ usage: { input: 9, output: 5 }, complete: true, stopReason: 'stop' });
  });

  it('takes Titan counts from the chunk that ends the answer', () => {
    const reading = read(titanText, [
      { outputText: 'In ', index: 0, totalOutputTextTokenCount: null, completionReason: null },
      {
        outputText: 'France.',
        index: 0,
        totalOutputTextTokenCount: 4,
        completionReason: 'FINISH',
        inputTextTokenCount: 5,
      },
    ]);
    expect(reading).toEqual({
      text: 'In France.',
      stopReason: 'FINISH',
      usage: { input: 5, output: 4 },
      complete: true,
    });
  });

  it.each([
    [
      'mistral',
      mistral,
      [
        { outputs: [{ text: 'In France.', stop_reason: null }] },
        { outputs: [{ text: '', stop_reason: 'stop' }] },
      ],
      'stop',
    ],
    [
      'cohereCommand',
      cohereCommand,
      [
        { text: 'In France.', is_finished: false },
        { is_finished: true, finish_reason: 'COMPLETE' },
      ],
      'COMPLETE',
    ],
    [
      'cohereCommandR',
      cohereCommandR,
      [
        { event_type: 'text-generation', text: 'In France.' },
        { event_type: 'stream-end', finish_reason: 'COMPLETE' },
      ],
      'COMPLETE',
    ],
    ['ai21', ai21, [{ completions: [{ data: { text: 'In France.' } }] }], undefined],
  ] as const)('collects the text of %s, which counts nothing itself', (_, adapter, chunks, stopReason) => {
    expect(read(adapter, chunks)).toEqual({
      text: 'In France.',
      stopReason,
      usage: undefined,
      complete: false,
    });
  });
});
