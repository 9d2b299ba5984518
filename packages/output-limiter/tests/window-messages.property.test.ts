import { fileURLToPath } from 'node:url';
import * as core from '@costkit/core';
import * as views from '@costkit/core/views';
import * as pricing from '@costkit/pricing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadWithFaults } from '../../../tools/vitest/planted-fault.js';
import { windowMessages } from '../src/window-messages.js';
import { growthProblems, type TestMessage, type WindowAsked, windowProblems } from './window-checker.js';
import { WINDOW_FAULTS } from './window-faults.js';

const bytes = new Uint8Array([1, 2, 3]);
const block = fc.constantFrom(
  { text: 'And this?' },
  { document: { format: 'pdf', name: 'file', source: { bytes } } },
  { image: { format: 'png', source: { bytes } } },
);
const size = fc.integer({ min: 1, max: 40 });
const pinned = fc.integer({ min: 0, max: 19 }).map((chance) => chance === 0);

/** A question with or without media, any rounds of one or several tools, and an answer. */
const exchange = fc
  .record({
    media: fc.array(block, { maxLength: 2 }),
    rounds: fc.array(fc.record({ calls: fc.integer({ min: 1, max: 3 }), remark: fc.boolean() }), {
      maxLength: 3,
    }),
    sizes: fc.array(size, { minLength: 8, maxLength: 8 }),
    pins: fc.array(pinned, { minLength: 8, maxLength: 8 }),
  })
  .map(({ media, rounds, sizes, pins }) => {
    const contents = [
      [...media, { text: 'What is it?' }],
      ...rounds.flatMap(({ calls, remark }, round) => {
        const ids = Array.from({ length: calls }, (_, call) => `${round}-${call}`);
        return [
          ids.map((toolUseId) => ({ toolUse: { toolUseId, name: 'look', input: {} } })),
          [
            ...ids.map((toolUseId) => ({ toolResult: { toolUseId, content: [{ text: 'Found.' }] } })),
            ...(remark ? [{ text: 'Go on.' }] : []),
          ],
        ];
      }),
      [{ text: 'It is this.' }],
    ];
    return contents.map(
      (content, index): TestMessage => ({
        role: index % 2 === 0 ? 'user' : 'assistant',
        content,
        size: sizes[index] as number,
        pinned: pins[index] as boolean,
      }),
    );
  });

/** A conversation whose last message is the user's: a question, or the results of tools. */
const conversation = fc
  .tuple(fc.array(exchange, { maxLength: 14 }), exchange)
  .map(([before, last]) => [...before.flat(), ...last.slice(0, -1)]);
const asked = fc.record({
  maxTokens: fc.integer({ min: 1, max: 400 }),
  cutBackTo: fc.constantFrom(0, 0.3, 0.5, 0.8, 1),
});

/** What the checker says of all windows of a conversation, from its first message on. */
function problemsOf(
  windowed: typeof windowMessages,
  messages: readonly TestMessage[],
  ask: WindowAsked,
): string[] {
  const windows = messages.map((_, index) => {
    const part = messages.slice(0, index + 1);
    const window = windowed(part, {
      ...ask,
      keep: (message) => message.pinned,
      countTokens: (message) => message.size,
    });
    return { messages: part, window };
  });
  const sent = windows.filter(({ messages: part }) => part.at(-1)?.role === 'user');
  return [
    ...sent.flatMap(({ messages: part, window }) => windowProblems(part, window, ask)),
    ...growthProblems(windows, ask),
  ];
}

describe('windowMessages', () => {
  it('makes no window that the checker objects to, while conversations grow', () => {
    fc.assert(
      fc.property(conversation, asked, (messages, ask) => {
        expect(problemsOf(windowMessages, messages, ask)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});

describe('windowProblems and growthProblems', () => {
  it.each(Object.entries(WINDOW_FAULTS))('catch this fault: %s', async (_, planted) => {
    const faulty = await loadWithFaults<{ windowMessages: typeof windowMessages }>(
      fileURLToPath(new URL('../src/', import.meta.url)),
      ['window-messages.js'],
      { '@costkit/core': core, '@costkit/core/views': views, '@costkit/pricing': pricing },
      [planted],
    );
    const found = fc
      .sample(fc.tuple(conversation, asked), { numRuns: 60, seed: 5 })
      .some(([messages, ask]) => problemsOf(faulty.windowMessages, messages, ask).length > 0);
    expect(found).toBe(true);
  });
});
