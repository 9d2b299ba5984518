import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileJournal } from './file-journal.js';
import type { JournalEntry } from './journal.js';

const created = (token: string): JournalEntry => ({
  step: 'created',
  batch: 'nightly',
  token,
  jobArn: 'arn:job',
});

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'costkit-journal-'));
  path = join(folder, 'batch.journal');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('fileJournal', () => {
  it('forgets a last line that a crash has cut, wherever it was cut, and writes on in its place', async () => {
    await fileJournal(path).append(created('one'));
    const whole = await readFile(path, 'utf8');
    const next = `${JSON.stringify(created('two'))}\n`;
    for (let length = 0; length < next.length; length += 1) {
      await writeFile(path, whole + next.slice(0, length));
      expect(await fileJournal(path).entries()).toEqual([created('one')]);
      await fileJournal(path).append(created('three'));
      expect(await fileJournal(path).entries()).toEqual([created('one'), created('three')]);
    }
  });

  it.each([
    ['no JSON', '{"step":"sta\n'],
    ['another thing', '{"hello":"world"}\n'],
    ['a blank line', '\n'],
    ['null', 'null\n'],
  ])('refuses a journal with %s between its lines, and says which', async (_, broken) => {
    const line = `${JSON.stringify(created('one'))}\n`;
    await writeFile(path, line + broken + line);
    await expect(fileJournal(path).entries()).rejects.toMatchObject({
      code: 'COSTKIT_BATCH_JOURNAL_INVALID',
      message: expect.stringContaining('line 2 of the journal'),
    });
  });

  it('tells one of two that begin at the same moment, and keeps the entry of the other', async () => {
    let told = 0;
    for (let race = 0; race < 20; race += 1) {
      const file = join(folder, String(race));
      const [one, other] = [fileJournal(file), fileJournal(file)];
      await Promise.all([one.entries(), other.entries()]);
      const ends = await Promise.allSettled([one.append(created('one')), other.append(created('two'))]);
      if (ends.some(({ status }) => status === 'rejected')) told += 1;
      expect(await fileJournal(file).entries()).toHaveLength(1);
    }
    // They look at the file after they have written: only who is held up between two looks for longer than a disk takes is missed.
    expect(told).toBeGreaterThan(10);
  });

  it('passes on what the disk says', async () => {
    await expect(fileJournal(folder).entries()).rejects.toMatchObject({ code: 'EISDIR' });
    await expect(fileJournal(join(folder, 'no', 'such')).append(created('one'))).rejects.toMatchObject({
      code: 'ENOENT',
    });
  });
});
