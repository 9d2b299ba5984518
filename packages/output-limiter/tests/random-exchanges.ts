import fc from 'fast-check';
import type { TestMessage, WindowAsked } from './window-checker.js';

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
export const conversation: fc.Arbitrary<TestMessage[]> = fc
  .tuple(fc.array(exchange, { maxLength: 14 }), exchange)
  .map(([before, last]) => [...before.flat(), ...last.slice(0, -1)]);
/** What a window is asked for. */
export const asked: fc.Arbitrary<WindowAsked> = fc.record({
  maxTokens: fc.integer({ min: 1, max: 400 }),
  cutBackTo: fc.constantFrom(0, 0.3, 0.5, 0.8, 1),
});
