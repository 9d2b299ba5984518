import { estimatedTokens } from '@costkit/core';
import { viewRequest } from '@costkit/core/views';
import { describe, expect, it } from 'vitest';
import { findPlaces, type Places } from './find-places.js';
import { type ModelCacheRules, modelCacheRules, NO_CORRECTIONS } from './model-cache-rules.js';

const CLAUDE = 'anthropic.claude-sonnet-5';
const NOVA = 'amazon.nova-pro-v1:0';
const long = (tokens: number): string =>
  'A customer may return every product within thirty days. '.repeat(tokens / 10);
const user = (...content: readonly object[]) => ({ role: 'user', content });
const assistant = (...content: readonly object[]) => ({ role: 'assistant', content });
const text = (value: string) => ({ text: value });
const result = (id: string) => ({ toolResult: { toolUseId: id, content: [text(long(100))] } });

function places(modelId: string, input: object): Places {
  const rules = modelCacheRules(modelId, NO_CORRECTIONS) as ModelCacheRules;
  const view = viewRequest('Converse', { modelId, ...input });
  return findPlaces(view, rules, estimatedTokens(view));
}
const ends = (list: Places['stable']): number[] => list.map(({ afterBlock }) => afterBlock);

describe('findPlaces', () => {
  it('finds the ends of tools, of system blocks and of user turns', () => {
    const found = places(CLAUDE, {
      toolConfig: {
        tools: [{ toolSpec: { name: 'a', description: long(2000), inputSchema: { json: {} } } }],
      },
      system: [text(long(1000)), text('Be brief.')],
      messages: [user(text('One?')), assistant(text('Yes.')), user(text('Two?'))],
    });
    expect(ends(found.stable)).toEqual([0, 1, 2]);
    expect(found.stable.map(({ purpose }) => purpose)).toEqual(['tools', 'system', 'system']);
    expect(ends(found.turns)).toEqual([3, 5]);
    expect(found.turns.map(({ purpose }) => purpose)).toEqual(['previousTurn', 'lastTurn']);
    expect(ends(found.shared)).toEqual([4]);
  });

  it('counts the minimum over all sections, and by the lower half of the estimate', () => {
    const half = long(700);
    const found = places(CLAUDE, {
      system: [text(half)],
      messages: [user(text(half)), assistant(text('Yes.')), user(text('Two?'))],
    });
    expect(ends(found.stable)).toEqual([]);
    expect(ends(found.turns)).toEqual([1, 3]);
    const near = places(CLAUDE, { system: [text(long(740))] });
    expect(near.reachableTokens).toBeGreaterThan(1024);
    expect(near.stable).toEqual([]);
  });

  it('stays below the most that a model caches, and then takes the last turn that fits', () => {
    const found = places(NOVA, {
      system: [text(long(5000))],
      messages: [user(text(long(2000))), assistant(text('Yes.')), user(text(long(20_000)))],
    });
    expect(ends(found.stable)).toEqual([0]);
    expect(ends(found.turns)).toEqual([1]);
    expect(found.turns[0]?.purpose).toBe('lastTurn');
  });

  it('never stands behind reasoning, documents, video, empty text or guarded content', () => {
    const source = { bytes: new Uint8Array(1) };
    for (const last of [
      { document: { format: 'csv', name: 'a', source } },
      { document: { format: 'pdf', name: 'a', source } },
      { video: { format: 'mp4', source } },
      { audio: { format: 'mp3', source } },
      text(''),
      text('  '),
    ]) {
      const found = places(CLAUDE, { messages: [user(text(long(2000)), last)] });
      expect(ends(found.turns)).toEqual([0]);
    }
    const thought = { reasoningContent: { reasoningText: { text: long(2000), signature: 's' } } };
    const found = places(CLAUDE, {
      system: [text(long(2000))],
      messages: [user(text('One?')), assistant(text('Hm.'), thought), user(text('Two?'))],
    });
    expect(ends(found.shared)).toEqual([2]);
    const guarded = places(CLAUDE, {
      system: [text(long(2000)), { guardContent: { text: text('Mind this.') } }],
      messages: [
        user(text(long(2000)), { guardContent: { text: text('And this.') } }, text('More.')),
        assistant(text('Yes.')),
        user(text('Two?')),
      ],
    });
    expect(ends(guarded.stable)).toEqual([]);
    expect(ends(guarded.turns)).toEqual([6]);
  });

  it('ends a turn behind tool results on Claude, and before them on Nova', () => {
    const messages = [
      user(text(long(2000))),
      assistant({ toolUse: { toolUseId: 'a', name: 'look', input: {} } }),
      user(result('a'), result('b')),
    ];
    expect(ends(places(CLAUDE, { messages }).turns)).toEqual([0, 3]);
    expect(ends(places(NOVA, { messages }).turns)).toEqual([0]);
    expect(
      ends(
        places(NOVA, {
          messages,
          toolConfig: {
            tools: [{ toolSpec: { name: 'look', description: long(3000), inputSchema: { json: {} } } }],
          },
        }).stable,
      ),
    ).toEqual([]);
  });

  it('looks at no more than a few earlier turns', () => {
    const turns = Array.from({ length: 30 }, (_, index) =>
      index % 2 === 0 ? user(text(long(200))) : assistant(text('Yes.')),
    );
    const found = places(CLAUDE, { system: [text(long(2000))], messages: [...turns, user(text('And?'))] });
    expect(found.turns).toHaveLength(5);
    expect(found.turns.at(-1)?.afterBlock).toBe(31);
  });

  it('finds nothing in an empty request', () => {
    expect(places(CLAUDE, {})).toMatchObject({
      stable: [],
      shared: [],
      turns: [],
      promptTokens: 0,
      reachableTokens: 0,
    });
  });
});
