import { converseStreamEvents } from '@costkit/testing';
import { describe, expect, it, vi } from 'vitest';
import { type Continuation, type ConverseEvent, type Resume, spliceStream } from './splice-stream.js';

async function* from(events: readonly ConverseEvent[], onReturn?: () => void): AsyncGenerator<ConverseEvent> {
  try {
    yield* events;
  } finally {
    onReturn?.();
  }
}
async function all(stream: AsyncIterable<ConverseEvent>): Promise<ConverseEvent[]> {
  const events: ConverseEvent[] = [];
  for await (const event of stream) events.push(event);
  return events;
}
const textOf = (events: readonly ConverseEvent[]): string =>
  events.map((event) => event.contentBlockDelta?.delta?.text ?? '').join('');
const never: Resume = () => Promise.reject(new Error('must not resume'));
const events = (fixture: Parameters<typeof converseStreamEvents>[0]): ConverseEvent[] =>
  converseStreamEvents(fixture) as ConverseEvent[];

const cut = (fixture: Parameters<typeof converseStreamEvents>[0] = {}): ConverseEvent[] =>
  events({
    text: 'The answer is fo',
    stopReason: 'max_tokens',
    usage: { inputTokens: 10, outputTokens: 20 },
    ...fixture,
  });

describe('spliceStream', () => {
  it.each([
    ['a finished answer', events({ text: 'All said.' })],
    [
      'a tool call',
      events({
        content: [
          { text: 'Let me look.' },
          { toolUse: { toolUseId: 'one', name: 'look', input: { at: 'it' } } },
        ],
      }),
    ],
    [
      'an answer with reasoning',
      events({
        content: [{ reasoningContent: { reasoningText: { text: 'Hm.', signature: 'x' } } }, { text: 'Yes.' }],
      }),
    ],
    ['a stream that ends silently', events({ text: 'All said.' }).slice(0, 3)],
    ['nothing', []],
  ])('hands on %s by reference and in order', async (_, source) => {
    const passed = await all(spliceStream(from(source), never, () => undefined));
    expect(passed).toHaveLength(source.length);
    for (const [index, event] of passed.entries()) expect(event).toBe(source[index]);
  });

  it('hands text on before the next event is there', async () => {
    const source = events({ text: 'One two three four five six.' });
    let given = 0;
    const counting = async function* (): AsyncGenerator<ConverseEvent> {
      for (const event of source) {
        given += 1;
        yield event;
      }
    };
    const spliced = spliceStream(counting(), never, () => undefined);
    for (let index = 1; index <= 4; index += 1) {
      await spliced.next();
      expect(given).toBe(index);
    }
  });

  it('goes on in the same content block, and ends once, with the usage of both', async () => {
    const second = events({
      text: 'rty-two.',
      usage: { inputTokens: 35, outputTokens: 4, cacheReadInputTokens: 7 },
      latencyMs: 100,
    });
    const finished = vi.fn();
    const resume = vi.fn<Resume>(() =>
      Promise.resolve({ stream: from(second), finished, failed: () => undefined }),
    );
    const passed = await all(spliceStream(from(cut()), resume, () => undefined));
    expect(resume).toHaveBeenCalledExactlyOnceWith('The answer is fo', 20);
    expect(finished).toHaveBeenCalledExactlyOnceWith(4);
    expect(textOf(passed)).toBe('The answer is forty-two.');
    expect(passed.map((event) => Object.keys(event)[0])).toEqual([
      'messageStart',
      ...Array(3).fill('contentBlockDelta'),
      'contentBlockStop',
      'messageStop',
      'metadata',
    ]);
    expect(new Set(passed.flatMap((event) => event.contentBlockDelta?.contentBlockIndex ?? []))).toEqual(
      new Set([0]),
    );
    expect(passed.at(-2)).toEqual({ messageStop: { stopReason: 'end_turn' } });
    expect(passed.at(-1)?.metadata).toMatchObject({
      usage: { inputTokens: 45, outputTokens: 24, cacheReadInputTokens: 7, totalTokens: 30 + 46 },
      metrics: { latencyMs: 500 },
    });
  });

  it('writes into the block that was cut, whatever its index', async () => {
    const first = events({
      content: [
        { reasoningContent: { reasoningText: { text: 'Hm.', signature: 'x' } } },
        { text: 'The answer' },
      ],
      stopReason: 'max_tokens',
    });
    const resume: Resume = () =>
      Promise.resolve({
        stream: from(events({ text: ' is 42.' })),
        finished: () => undefined,
        failed: () => undefined,
      });
    const passed = await all(spliceStream(from(first), resume, () => undefined));
    expect(textOf(passed)).toBe('The answer is 42.');
    expect(
      passed
        .filter((event) => event.contentBlockDelta?.delta?.text !== undefined)
        .every((event) => event.contentBlockDelta?.contentBlockIndex === 1),
    ).toBe(true);
    expect(
      passed
        .filter((event) => event.contentBlockStop !== undefined)
        .map((event) => event.contentBlockStop?.contentBlockIndex),
    ).toEqual([0, 1]);
  });

  it('leaves out what the continuation thinks, and stays cut where it calls a tool', async () => {
    const second = events({
      content: [
        { reasoningContent: { reasoningText: { text: 'Hm.', signature: 'x' } } },
        { text: 'rty.' },
        { toolUse: { toolUseId: 'one', name: 'look', input: {} } },
      ],
    });
    const resume: Resume = () =>
      Promise.resolve({ stream: from(second), finished: () => undefined, failed: () => undefined });
    const passed = await all(spliceStream(from(cut()), resume, () => undefined));
    expect(textOf(passed)).toBe('The answer is forty.');
    expect(passed.at(-2)).toEqual({ messageStop: { stopReason: 'max_tokens' } });
    expect(JSON.stringify(passed)).not.toMatch(/toolUse|reasoning/);
  });

  it('is cut but whole when the continuation breaks off', async () => {
    const broken = events({ text: 'rty-two.' }).slice(0, 2);
    const resume: Resume = () =>
      Promise.resolve({ stream: from(broken), finished: () => undefined, failed: () => undefined });
    const first = cut();
    const passed = await all(spliceStream(from(first), resume, () => undefined));
    expect(textOf(passed)).toBe('The answer is forty-two.');
    expect(passed.slice(-3)).toEqual(first.slice(-3));
  });

  it('hands the end on as it came when there is no continuation', async () => {
    const source = cut();
    const passed = await all(
      spliceStream(
        from(source),
        () => Promise.resolve(undefined),
        () => undefined,
      ),
    );
    for (const [index, event] of passed.entries()) expect(event).toBe(source[index]);
    expect(passed).toHaveLength(source.length);
  });

  it.each([
    [
      'it was cut at a tool call',
      {
        content: [
          { text: 'Let me look.' },
          { toolUse: { toolUseId: 'one', name: 'look', input: { at: 'it' } } },
        ],
      },
    ],
    [
      'it did not end with text',
      { content: [{ reasoningContent: { reasoningText: { text: 'Hm, let me' } } }] },
    ],
  ])('says that %s, and asks for nothing', async (reason, fixture) => {
    const source = events({ ...fixture, stopReason: 'max_tokens' });
    const reasons: string[] = [];
    const passed = await all(spliceStream(from(source), never, (why) => reasons.push(why)));
    expect(passed).toEqual(source);
    expect(reasons).toEqual([reason]);
  });

  it('passes on what a stream throws', async () => {
    const error = new Error('reset');
    const failing = async function* (): AsyncGenerator<ConverseEvent> {
      yield* cut().slice(0, 2);
      throw error;
    };
    await expect(all(spliceStream(failing(), never, () => undefined))).rejects.toBe(error);
  });

  it.each([
    ['keeps the answer cut where its continuation breaks', undefined],
    ['hands on what breaks the continuation when it must be known', new Error('aborted')],
  ])('%s', async (_, handedOn) => {
    const breaking = async function* (): AsyncGenerator<ConverseEvent> {
      yield* events({ text: 'rty' }).slice(0, 2);
      throw new Error('reset');
    };
    const continuation: Continuation = {
      stream: breaking(),
      finished: () => undefined,
      failed: () => {
        if (handedOn !== undefined) throw handedOn;
      },
    };
    const passed = all(
      spliceStream(
        from(cut()),
        () => Promise.resolve(continuation),
        () => undefined,
      ),
    );
    if (handedOn !== undefined) return expect(passed).rejects.toBe(handedOn);
    expect(textOf(await passed)).toBe('The answer is forty');
    expect((await passed).slice(-2)).toEqual(cut().slice(-2));
  });

  it.each([1, 5])('stops the sources when its reader leaves after %i events', async (count) => {
    const left = [vi.fn(), vi.fn()];
    const second: Continuation = {
      stream: from(events({ text: 'x'.repeat(500) }), left[1]),
      finished: () => undefined,
      failed: () => undefined,
    };
    let read = 0;
    for await (const _ of spliceStream(
      from(cut(), left[0]),
      () => Promise.resolve(second),
      () => undefined,
    )) {
      read += 1;
      if (read === count) break;
    }
    expect(left[0]).toHaveBeenCalledOnce();
    expect(left[1]).toHaveBeenCalledTimes(count > 3 ? 1 : 0);
  });
});
