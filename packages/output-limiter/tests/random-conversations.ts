import fc from 'fast-check';
import type { MessageLike } from '../src/window-messages.js';

/** What a tool answers. */
export interface ResultPart {
  readonly text?: string;
  readonly json?: unknown;
}

const anyRows = fc.array(
  fc.record({ id: fc.nat(999), name: fc.constantFrom('Ada', 'Bo, the "second"', '雪'), open: fc.boolean() }),
  { maxLength: 15 },
);
const anyPart: fc.Arbitrary<ResultPart> = fc.oneof(
  anyRows.map((rows) => ({ json: rows })),
  fc
    .tuple(fc.oneof(anyRows, fc.jsonValue({ maxDepth: 2 })), fc.constantFrom(0, 2))
    .map(([value, indent]) => ({ text: JSON.stringify(value, undefined, indent) }))
    // Numbers that would be rounded, and what looks like a name, stay as they are.
    .filter(({ text }) => !/\d{16,}|\\"/.test(text)),
  fc.constantFrom({ text: 'Found nothing.' }, { text: '{"half": ' }, { text: '' }),
);

/** A question, and what tools answer before it is answered. */
export interface RandomTurn {
  readonly question: string;
  readonly results: readonly (readonly ResultPart[])[];
}

export const anyTurn: fc.Arbitrary<RandomTurn> = fc.record({
  question: fc.constantFrom('Which orders are open?', 'And now?', 'Tell me all about it. '.repeat(60)),
  results: fc.array(fc.array(anyPart, { maxLength: 2 }), { maxLength: 2 }),
});

/** Questions, calls of tools, their results, and answers. */
export function conversationOf(turns: readonly RandomTurn[]): MessageLike[] {
  return turns.flatMap(({ question, results }, turn) => [
    { role: 'user', content: [{ text: question }] },
    ...results.flatMap((content, index) => {
      const toolUseId = `${turn}-${index}`;
      return [
        { role: 'assistant', content: [{ toolUse: { toolUseId, name: 'find', input: {} } }] },
        { role: 'user', content: [{ toolResult: { toolUseId, content } }] },
      ];
    }),
    { role: 'assistant', content: [{ text: 'Done.' }] },
  ]);
}

/** Every request of a conversation: one for each message of the user. */
export const requestsOf = <M extends MessageLike>(messages: readonly M[]): M[][] =>
  messages.flatMap(({ role }, index) => (role === 'user' ? [messages.slice(0, index + 1)] : []));
