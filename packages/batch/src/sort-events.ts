import { base64 } from './base64.js';
import { createDiskSort } from './disk-sort.js';
import type { BatchEvent } from './harvest.js';

/**
 * Hands events on in the order of the source, whatever order they come in, by a sort on disk: its files hold answers, and
 * are removed in the end.
 *
 * @param runLength - characters of events that are sorted in memory.
 */
export async function* sortEvents(
  groups: AsyncIterable<readonly BatchEvent[]>,
  runLength?: number,
): AsyncGenerator<readonly BatchEvent[]> {
  const sort = createDiskSort(runLength);
  try {
    for await (const events of groups) {
      for (const event of events) {
        const wait = sort.add(event.owner.ordinal, JSON.stringify(event, base64));
        if (wait !== undefined) await wait;
      }
    }
    for await (const { text } of sort.sorted()) yield [JSON.parse(text) as BatchEvent];
  } finally {
    await sort.remove();
  }
}
