import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type MessageLike, windowMessages } from '../src/window-messages.js';

/** A valid conversation: turns of a question, any number of tool calls with their results, and an answer. */
const conversation = fc
  .array(
    fc.record({ tools: fc.nat(4), answered: fc.constant(true), size: fc.integer({ min: 1, max: 40 }) }),
    { minLength: 1, maxLength: 30 },
  )
  .map((turns) =>
    turns.flatMap(({ tools, size }, turn): MessageLike[] => [
      { role: 'user', content: [{ text: 'q'.repeat(size) }] },
      ...Array.from({ length: tools }, (_, index) => {
        const toolUseId = `${turn}-${index}`;
        return [
          { role: 'assistant', content: [{ toolUse: { toolUseId, name: 'look', input: {} } }] },
          { role: 'user', content: [{ toolResult: { toolUseId, content: [] } }] },
        ];
      }).flat(),
      ...(turn === turns.length - 1 ? [] : [{ role: 'assistant', content: [{ text: 'a'.repeat(size) }] }]),
    ]),
  );
const sizeOf = ({ content = [] }: MessageLike): number => (content[0] as { text?: string }).text?.length ?? 5;
const idsOf = (messages: readonly MessageLike[], member: 'toolUse' | 'toolResult'): string[] =>
  messages.flatMap(({ content = [] }) =>
    content.flatMap((block) =>
      member in block ? [(block as Record<string, { toolUseId: string }>)[member]?.toolUseId ?? ''] : [],
    ),
  );

describe('windowMessages', () => {
  it('returns a valid conversation, within its tokens wherever turns allow', () => {
    fc.assert(
      fc.property(
        conversation,
        fc.integer({ min: 1, max: 400 }),
        fc.constantFrom(0, 0.5, 1),
        (messages, maxTokens, cutBackTo) => {
          const window = windowMessages(messages, { maxTokens, cutBackTo, countTokens: sizeOf });
          // Same objects, same order, first and last message in place.
          let position = -1;
          for (const message of window) {
            const next = messages.indexOf(message);
            expect(next).toBeGreaterThan(position);
            position = next;
          }
          expect(window[0]).toBe(messages[0]);
          expect(window.at(-1)).toBe(messages.at(-1));
          for (const [index, message] of window.entries())
            expect(message.role).toBe(index % 2 === 0 ? 'user' : 'assistant');
          expect(idsOf(window, 'toolResult')).toEqual(idsOf(window, 'toolUse'));
          const total = window.reduce((sum, message) => sum + sizeOf(message), 0);
          const questions = window.filter(
            ({ role, content = [] }) => role === 'user' && 'text' in (content[0] ?? {}),
          );
          if (total > maxTokens) expect(questions.length).toBeLessThanOrEqual(2);
        },
      ),
    );
  });

  it('only ever moves forward as a conversation grows', () => {
    fc.assert(
      fc.property(conversation, fc.integer({ min: 20, max: 400 }), (messages, maxTokens) => {
        let dropped = new Set<MessageLike>();
        for (let length = 1; length <= messages.length; length += 1) {
          const part = messages.slice(0, length);
          const window = new Set(windowMessages(part, { maxTokens, countTokens: sizeOf }));
          const now = new Set(part.filter((message) => !window.has(message)));
          for (const message of dropped) expect(now.has(message)).toBe(true);
          dropped = now;
        }
      }),
      { numRuns: 30 },
    );
  });
});
