import type { Attempt, Call, Receipt } from '@costkit/core';
import { describe, expect, it } from 'vitest';
import { attempt, converseView, fakeCall, HAIKU, OPUS } from '../tests/call-fixture.js';
import { createConversationAuthors } from './conversation-authors.js';

const says = (role: string, text: string): object => ({ role, content: [{ text }] });
const call = (...messages: object[]) => fakeCall(converseView({ system: [{ text: 'Help.' }], messages }));
const receipt = (...attempts: Partial<Attempt>[]): Receipt =>
  ({ attempts: attempts.map((one) => attempt(one)) }) as unknown as Receipt;

const first = call(says('user', 'Where is my parcel?'));
const second = call(
  says('user', 'Where is my parcel?'),
  says('assistant', 'Which one?'),
  says('user', 'The blue one.'),
);
const third = call(
  says('user', 'Where is my parcel?'),
  says('assistant', 'Which one?'),
  says('user', 'The blue one.'),
  says('assistant', 'In Rome.'),
  says('user', 'And now?'),
);

describe('createConversationAuthors', () => {
  it('knows who wrote the last answer, turn by turn', () => {
    const authors = createConversationAuthors();
    expect(authors.authorOf(second)).toBeUndefined();
    authors.learn(receipt({ modelId: HAIKU }), first);
    expect(authors.authorOf(first)).toBeUndefined();
    expect(authors.authorOf(second)).toBe(HAIKU);
    expect(authors.authorOf(third)).toBeUndefined();
    authors.learn(receipt({ modelId: HAIKU }), second);
    expect(authors.authorOf(third)).toBe(HAIKU);
  });

  it('knows a conversation whose system prompt tells the time, and those with the same turns apart', () => {
    const at = (system: string, ...more: object[]) =>
      fakeCall(
        converseView({ system: [{ text: system }], messages: [says('user', 'Where is it?'), ...more] }),
      );
    const then = [says('assistant', 'Which one?'), says('user', 'The blue one.')];
    const authors = createConversationAuthors();
    authors.learn(receipt({ modelId: HAIKU }), at('You help. It is 12:01.'));
    authors.learn(receipt({ modelId: OPUS }), at('You doubt. It is 12:01.'));
    authors.learn(receipt({ modelId: HAIKU }), at('You sum up. It is 12:01.'));
    expect(authors.authorOf(at('You sum up. It is 12:02.', ...then))).toBe(HAIKU);
    expect(authors.authorOf(at('You doubt. It is 12:01.', ...then))).toBe(OPUS);
  });

  it('knows no conversation that asks the same about another picture', () => {
    const shows = (pixel: number): object => ({
      role: 'user',
      content: [
        { image: { format: 'png', source: { bytes: new Uint8Array(9_000).fill(pixel) } } },
        { text: 'What is it?' },
      ],
    });
    const authors = createConversationAuthors();
    authors.learn(receipt({ modelId: HAIKU }), call(shows(1)));
    const [same, other] = [1, 2].map((pixel) =>
      call(shows(pixel), says('assistant', 'A lamp.'), says('user', 'Which?')),
    );
    expect(authors.authorOf(same as Call)).toBe(HAIKU);
    expect(authors.authorOf(other as Call)).toBeUndefined();
  });

  it('takes the attempt that answered for the author', () => {
    const authors = createConversationAuthors();
    authors.learn(
      receipt({ modelId: HAIKU, purpose: 'draft' }, { modelId: OPUS, purpose: 'escalation' }),
      first,
    );
    expect(authors.authorOf(second)).toBeUndefined();
    authors.learn(
      receipt({ modelId: HAIKU, purpose: 'draft' }, { modelId: OPUS, error: 'AbortError' }),
      first,
    );
    expect(authors.authorOf(second)).toBe(HAIKU);
    authors.learn(receipt({ modelId: OPUS }), first);
    expect(authors.authorOf(second)).toBe(OPUS);
  });

  it('takes no judge for the author of the draft that it has read', () => {
    const authors = createConversationAuthors();
    authors.learn(receipt({ modelId: HAIKU, purpose: 'draft' }, { modelId: OPUS, purpose: 'check' }), first);
    expect(authors.authorOf(second)).toBe(HAIKU);
  });

  it('remembers nothing of calls that failed or were never moved', () => {
    const authors = createConversationAuthors();
    authors.learn(receipt(), first);
    authors.learn(receipt({ modelId: OPUS }), first);
    expect(authors.authorOf(second)).toBeUndefined();
  });

  it('tells conversations apart that differ in one turn', () => {
    const authors = createConversationAuthors();
    authors.learn(receipt({ modelId: HAIKU }), first);
    const other = call(
      says('user', 'Where is my letter?'),
      says('assistant', 'Which one?'),
      says('user', 'The blue one.'),
    );
    expect(authors.authorOf(other)).toBeUndefined();
  });
});
