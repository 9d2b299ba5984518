import { InvalidOptionError } from '@costkit/core';
import { describe, expect, it } from 'vitest';
import { type MessageLike, windowMessages } from './window-messages.js';

const user = (text: string): MessageLike => ({ role: 'user', content: [{ text }] });
const assistant = (text: string): MessageLike => ({ role: 'assistant', content: [{ text }] });
const call = (id: string): MessageLike => ({
  role: 'assistant',
  content: [{ toolUse: { toolUseId: id, name: 'look', input: {} } }],
});
const result = (id: string): MessageLike => ({
  role: 'user',
  content: [{ toolResult: { toolUseId: id, content: [{ text: 'found' }] } }],
});
const chat = (turns: number): MessageLike[] =>
  Array.from({ length: turns }, (_, turn) => [user(`Question ${turn}`), assistant(`Answer ${turn}`)]).flat();
/** Ten tokens a message. */
const options = { maxTokens: 100, countTokens: () => 10 };
const names = (messages: readonly MessageLike[]): string[] =>
  messages.map(
    ({ content = [] }) => (content[0] as { text?: string }).text ?? Object.keys(content[0] ?? {})[0] ?? '',
  );

describe('windowMessages', () => {
  it('leaves a conversation alone that fits', () => {
    const messages = chat(5);
    expect(windowMessages(messages, options)).toEqual(messages);
    expect(windowMessages([], options)).toEqual([]);
  });

  it('leaves out the oldest turns but the first, back to its share, as the same objects', () => {
    const messages = [...chat(5), user('Question 5')];
    const window = windowMessages(messages, options);
    expect(names(window)).toEqual(['Question 0', 'Answer 0', 'Question 4', 'Answer 4', 'Question 5']);
    expect(window.every((message) => messages.includes(message))).toBe(true);
    expect(windowMessages(messages, { ...options, cutBackTo: 0.9 })).toHaveLength(9);
  });

  it('takes several messages of one role in a row for one', () => {
    const messages = [...chat(5), user('The file'), user('What is in it?')];
    expect(names(windowMessages(messages, options))).toEqual([
      'Question 0',
      'Answer 0',
      'The file',
      'What is in it?',
    ]);
  });

  it('keeps turns in which the application has said something', () => {
    const messages = [
      ...chat(2),
      { role: 'system', content: [{ text: 'Be brief.' }] },
      ...chat(9),
      user('Now'),
    ];
    const window = names(windowMessages(messages, options));
    expect(window.slice(0, 6)).toEqual([
      'Question 0',
      'Answer 0',
      'Question 1',
      'Answer 1',
      'Be brief.',
      'Question 8',
    ]);
  });

  it('stays where it is until it is full again', () => {
    const starts: string[] = [];
    for (let turns = 1; turns <= 40; turns += 1) {
      const window = windowMessages([...chat(turns), user('Now')], options);
      expect(window.length).toBeLessThanOrEqual(10);
      starts.push(names(window)[2] ?? '');
    }
    // The second turn of the window, once it moves: the same for several turns on end.
    const moves = starts.slice(5).filter((start, index, all) => start !== all[index - 1]).length;
    expect(moves).toBeLessThanOrEqual(40 / 3);
  });

  it('cuts a conversation where it cut it before it grew', () => {
    const messages = chat(30);
    let before: MessageLike[] = [];
    let moved = 0;
    for (let length = 1; length <= messages.length; length += 1) {
      const window = windowMessages(messages.slice(0, length), options);
      if (!before.every((message, index) => window[index] === message)) moved += 1;
      before = window;
    }
    expect(moved).toBeLessThan(20);
    expect(moved).toBeGreaterThan(5);
  });

  it('never parts a tool call from its result', () => {
    const loop = [
      user('Look it up.'),
      ...Array.from({ length: 4 }, (_, index) => [call(`${index}`), result(`${index}`)]).flat(),
      assistant('Found.'),
    ];
    const messages = [...chat(2), ...loop, ...chat(3), user('Now')];
    const window = windowMessages(messages, options);
    const uses = window.flatMap(({ content = [] }) =>
      content.flatMap((block) =>
        'toolUse' in block ? [(block.toolUse as { toolUseId: string }).toolUseId] : [],
      ),
    );
    const results = window.flatMap(({ content = [] }) =>
      content.flatMap((block) =>
        'toolResult' in block ? [(block.toolResult as { toolUseId: string }).toolUseId] : [],
      ),
    );
    expect(results).toEqual(uses);
  });

  it('keeps the current turn whole, though it alone is too long', () => {
    const loop = [
      user('Look it up.'),
      ...Array.from({ length: 20 }, (_, index) => [call(`${index}`), result(`${index}`)]).flat(),
    ];
    const window = windowMessages([...chat(4), ...loop], options);
    expect(window).toEqual([...chat(1), ...loop]);
  });

  it('keeps what must stay, with its turn', () => {
    const messages = [...chat(8), user('Now')];
    const window = windowMessages(messages, { ...options, keep: (_, index) => index === 5 });
    expect(names(window)).toContain('Question 2');
    expect(names(window)).toContain('Answer 2');
    expect(names(window)).not.toContain('Question 1');
  });

  it('counts text by estimate and media by assumption', () => {
    const image = {
      role: 'user',
      content: [
        { image: { format: 'png', source: { bytes: new Uint8Array(3) } } },
        { text: 'What is this?' },
      ],
    };
    const messages = [
      image,
      assistant('A cat.'),
      image,
      assistant('A dog.'),
      image,
      assistant('A bird.'),
      user('And now?'),
    ];
    expect(windowMessages(messages, { maxTokens: 5_000 })).toHaveLength(7);
    expect(windowMessages(messages, { maxTokens: 4_000 })).toHaveLength(5);
    expect(
      windowMessages(
        [
          user('word '.repeat(1_000)),
          assistant('Yes.'),
          user('word '.repeat(1_000)),
          assistant('Yes.'),
          user('Now'),
        ],
        { maxTokens: 1_500 },
      ),
    ).toHaveLength(3);
  });

  it('leaves nothing out that costs less to keep, where it is told the price', () => {
    const price = { model: 'us.anthropic.claude-sonnet-4-5-20250929-v1:0' };
    // Cut back by little: all of the rest would have to be written anew, and would be again a turn later.
    const little = { maxTokens: 10_000, cutBackTo: 0.95, countTokens: () => 1_000 };
    const messages = [...chat(6), user('Now')];
    expect(windowMessages(messages, little)).toHaveLength(9);
    expect(windowMessages(messages, { ...little, price })).toEqual(messages);
    expect(windowMessages(messages, { ...little, price: { ...price, cached: false } })).toHaveLength(9);
    // What the model can no longer hold is left out whatever it costs.
    const huge = { ...little, maxTokens: 900_000, countTokens: () => 100_000 };
    expect(windowMessages(messages, { ...huge, price }).length).toBeLessThan(messages.length);
    expect(windowMessages(messages, { ...little, price: { model: 'nobody.knows' } })).toHaveLength(9);
  });

  it.each([
    {},
    { maxTokens: 10, price: {} },
    { maxTokens: 10, price: { model: 'a', turns: 3 } },
    { maxTokens: 0 },
    { maxTokens: 10, cutBackTo: 2 },
    { maxTokens: 10, keep: 3 },
    { maxTokens: 10, window: 3 },
  ])('refuses %o', (wrong) => {
    expect(() => windowMessages([], wrong as never)).toThrow(InvalidOptionError);
  });
});
