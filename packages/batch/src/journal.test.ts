import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileJournal, type JournalEntry, memoryJournal } from './journal.js';
import { journalledJobs } from './journal-steps.js';

const staged = (token: string, digest = token): JournalEntry => ({
  step: 'staged',
  token,
  digest,
  key: `input/${digest}.jsonl`,
  model: 'us.amazon.nova-2-lite-v1:0',
  recordType: 'Converse',
  records: 100,
});

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'costkit-journal-'));
  path = join(folder, 'batch.journal');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('fileJournal', () => {
  it('is empty where there is no file, and remembers what is appended', async () => {
    expect(await fileJournal(path).entries()).toEqual([]);
    await fileJournal(path).append(staged('one'));
    await fileJournal(path).append({ step: 'created', token: 'one', jobArn: 'arn:job' });
    expect(await fileJournal(path).entries()).toEqual([
      staged('one'),
      { step: 'created', token: 'one', jobArn: 'arn:job' },
    ]);
  });

  it('forgets a last line that a crash has cut, wherever it was cut, and writes on in its place', async () => {
    await fileJournal(path).append(staged('one'));
    const whole = await readFile(path, 'utf8');
    const next = `${JSON.stringify(staged('two'))}\n`;
    for (let length = 0; length < next.length; length += 1) {
      await writeFile(path, whole + next.slice(0, length));
      expect(await fileJournal(path).entries()).toEqual([staged('one')]);
      await fileJournal(path).append(staged('three'));
      expect(await fileJournal(path).entries()).toEqual([staged('one'), staged('three')]);
    }
  });

  it.each([
    ['no JSON', '{"step":"sta\n'],
    ['another thing', '{"hello":"world"}\n'],
    ['a blank line', '\n'],
    ['null', 'null\n'],
  ])('refuses a journal with %s between its lines, and says which', async (_, broken) => {
    const line = `${JSON.stringify(staged('one'))}\n`;
    await writeFile(path, line + broken + line);
    await expect(fileJournal(path).entries()).rejects.toMatchObject({
      code: 'COSTKIT_BATCH_JOURNAL_INVALID',
      message: expect.stringContaining('line 2 of the journal'),
    });
  });

  it('passes on what the disk says', async () => {
    await expect(fileJournal(folder).entries()).rejects.toMatchObject({ code: 'EISDIR' });
    await expect(fileJournal(join(folder, 'no', 'such')).append(staged('one'))).rejects.toMatchObject({
      code: 'ENOENT',
    });
  });
});

describe('memoryJournal', () => {
  it('hands out copies', async () => {
    const journal = memoryJournal();
    await journal.append(staged('one'));
    const before = await journal.entries();
    await journal.append(staged('two'));
    expect(before).toHaveLength(1);
  });
});

describe('journalledJobs', () => {
  it('keeps the steps of jobs apart, and ignores steps of jobs that it does not know', async () => {
    const journal = memoryJournal();
    const steps: JournalEntry[] = [
      staged('one', 'same'),
      { step: 'created', token: 'one', jobArn: 'arn:1' },
      staged('two', 'same'),
      { step: 'ended', token: 'one', status: 'Failed' },
      { step: 'created', token: 'stranger', jobArn: 'arn:x' },
      { step: 'created', token: 'two', jobArn: 'arn:2' },
    ];
    for (const step of steps) await journal.append(step);
    expect(await journalledJobs(journal)).toMatchObject([
      { staged: { token: 'one' }, jobArn: 'arn:1', status: 'Failed' },
      { staged: { token: 'two' }, jobArn: 'arn:2', status: undefined },
    ]);
  });
});
