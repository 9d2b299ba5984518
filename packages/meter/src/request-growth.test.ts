import { viewRequest } from '@costkit/core/views';
import { describe, expect, it } from 'vitest';
import { requestGrowth } from './request-growth.js';

const TASK = 'Fix the bug that the log below speaks of, and answer with the new file.';

type Turn = readonly [role: 'user' | 'assistant', text: string];

const conversation = (turns: readonly Turn[], system = 'You are an agent.') =>
  viewRequest('Converse', {
    modelId: 'amazon.nova-lite-v1:0',
    system: [{ text: system }],
    messages: turns.map(([role, text]) => ({ role, content: [{ text }] })),
  });

const steps = (count: number, task = 'Find the bug'): readonly Turn[] => [
  ['user', task],
  ...Array.from({ length: count }, (_, index): readonly Turn[] => [
    ['assistant', `step ${index}`],
    ['user', `result ${index}: ${'x'.repeat(index)}`],
  ]).flat(),
];

/** How often the last of some requests is said to have grown. */
function grownTimes(requests: readonly ReturnType<typeof conversation>[]): number {
  const growth = requestGrowth(60_000);
  return requests.map((view) => growth.add(view, 0)).at(-1) ?? 0;
}

describe('requestGrowth', () => {
  it('counts a conversation that goes on, whatever it says last', () => {
    expect(grownTimes([0, 1, 2, 3].map((count) => conversation(steps(count))))).toBe(3);
  });

  it('counts a prompt that has text added to its end', () => {
    const prompts = [0, 1, 2, 3].map((count) => `${TASK} ${'Error: again. '.repeat(count)}`);
    expect(grownTimes(prompts.map((text) => conversation([['user', text]])))).toBe(3);
  });

  it('counts prompts of InvokeModel too', () => {
    const views = [0, 1, 2].map((count) =>
      viewRequest('InvokeModel', {
        modelId: 'anthropic.claude-3-haiku-20240307-v1:0',
        body: JSON.stringify({
          anthropic_version: 'bedrock-2023-05-31',
          max_tokens: 10,
          messages: [{ role: 'user', content: `${TASK} ${'Error. '.repeat(count)}` }],
        }),
      }),
    );
    expect(grownTimes(views)).toBe(2);
  });

  it('sees one that goes on among others with the same first message', () => {
    const others = ['a', 'b', 'c'].map((name) =>
      conversation([...steps(0), ['assistant', name], ['user', name]]),
    );
    const growth = requestGrowth(60_000);
    let times = 0;
    for (let count = 0; count < 5; count += 1) {
      times = growth.add(conversation(steps(count)), 0);
      for (const other of others.slice(0, 2)) growth.add(other, 0);
    }
    // One of the others has taken the first step for its own.
    expect(times).toBe(3);
  });

  it.each([
    ['the same request', [steps(2), steps(2), steps(2)]],
    ['one that is cut shorter', [steps(3), steps(2), steps(1)]],
    [
      'one whose history was rewritten',
      [steps(2), [...steps(1), ['assistant', 'other'], ['user', 'other'], ['user', 'more']]],
    ],
    [
      'many questions in one template',
      ['a', 'bb', 'ccc', 'dddd'].map((text): Turn[] => [['user', `Classify this: ${text}`]]),
    ],
  ] as [string, Turn[][]][])('does not count %s', (_, requests) => {
    expect(grownTimes(requests.map((turns) => conversation(turns)))).toBe(0);
  });

  it('forgets growth that is older than its window', () => {
    const growth = requestGrowth(1_000);
    for (let count = 0; count < 5; count += 1) growth.add(conversation(steps(count)), 0);
    expect(growth.add(conversation(steps(5)), 10_000)).toBe(1);
  });
});
