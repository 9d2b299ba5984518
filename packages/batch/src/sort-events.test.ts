import { describe, expect, it } from 'vitest';
import { tempFolder } from '../tests/temp-folder.js';
import type { BatchEvent } from './harvest.js';
import { sortEvents } from './sort-events.js';

const temporary = tempFolder();

/** Small enough that several runs wait on disk. */
const RUN_LENGTH = 2_000;

const eventOf = (ordinal: number): BatchEvent => ({
  owner: { ordinal, recordId: ordinal % 3 === 0 ? undefined : `r\n${ordinal} 语` },
  id: String(ordinal),
  round: 0,
  ...(ordinal % 7 === 0
    ? { failure: { errorCode: '500', errorMessage: 'internal' } }
    : { line: { recordId: String(ordinal), modelOutput: { text: `Answer ${ordinal}` } }, isShared: false }),
});

async function* shuffled(count: number, after?: () => void): AsyncGenerator<BatchEvent[]> {
  // 37 and the counts below have no divisor in common.
  const places = Array.from({ length: count }, (_, index) => (index * 37) % count);
  for (let from = 0; from < count; from += 10) yield places.slice(from, from + 10).map(eventOf);
  after?.();
}

describe('sortEvents', () => {
  it('hands events on in the order of the source, as they were, and leaves nothing on disk', async () => {
    let onDisk = 0;
    const groups = shuffled(200, () => {
      onDisk = temporary.list().length;
    });
    const sorted: BatchEvent[] = [];
    for await (const events of sortEvents(groups, RUN_LENGTH)) sorted.push(...events);
    expect(JSON.stringify(sorted)).toBe(
      JSON.stringify(Array.from({ length: 200 }, (_, index) => eventOf(index))),
    );
    expect([onDisk, temporary.list().length]).toEqual([1, 0]);
  });

  it.each(['its reader leaves', 'its source breaks'])('leaves nothing on disk when %s', async (reason) => {
    const groups = shuffled(200, () => {
      if (reason === 'its source breaks') throw new Error('broken');
    });
    const read = async (): Promise<void> => {
      for await (const _ of sortEvents(groups, RUN_LENGTH)) return;
    };
    if (reason === 'its source breaks') await expect(read()).rejects.toThrow('broken');
    else await read();
    expect(temporary.list()).toEqual([]);
  });
});
