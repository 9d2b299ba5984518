import { fileURLToPath } from 'node:url';
import * as core from '@costkit/core';
import * as views from '@costkit/core/views';
import * as pricing from '@costkit/pricing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadWithFaults } from '../../../tools/vitest/planted-fault.js';
import { windowMessages } from '../src/window-messages.js';
import { asked, conversation } from './random-exchanges.js';
import { growthProblems, type TestMessage, type WindowAsked, windowProblems } from './window-checker.js';
import { WINDOW_FAULTS } from './window-faults.js';

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
