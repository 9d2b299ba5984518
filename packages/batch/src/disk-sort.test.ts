import { statSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../tests/temp-folder.js';
import { createDiskSort, type PlacedText } from './disk-sort.js';

const temporary = tempFolder();

async function sorted(texts: readonly PlacedText[], runLength: number): Promise<PlacedText[]> {
  const sort = createDiskSort(runLength);
  try {
    for (const { place, text } of texts) await sort.add(place, text);
    const all: PlacedText[] = [];
    for await (const one of sort.sorted()) all.push(one);
    return all;
  } finally {
    await sort.remove();
  }
}

describe('createDiskSort', () => {
  it('sorts as memory would, whatever waits on disk, and keeps what has one place as it came', async () => {
    const texts = fc.array(
      fc.record({
        place: fc.nat(20),
        text: fc.string({ unit: 'grapheme' }).map((text) => text.replace(/[\r\n]/g, ' ')),
      }),
      { maxLength: 60 },
    );
    await fc.assert(
      fc.asyncProperty(texts, fc.constantFrom(1, 100, 500, 1_000_000), async (given, runLength) => {
        const expected = given.toSorted((one, other) => one.place - other.place);
        expect(await sorted(given, runLength)).toEqual(expected);
      }),
      { numRuns: 25 },
    );
  });

  it('lets nobody else read its files, and removes them', async () => {
    const sort = createDiskSort(1);
    await sort.add(1, 'an answer');
    const [folder = ''] = temporary.list();
    expect(statSync(join(temporary.path, folder, '0')).mode & 0o077).toBe(0);
    await sort.remove();
    expect(temporary.list()).toEqual([]);
  });
});
