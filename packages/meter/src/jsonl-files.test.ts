import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aReceipt } from '../tests/a-receipt.js';
import { jsonlSink } from './jsonl-sink.js';
import { receiptToJson } from './receipt-json.js';
import type { Sink } from './sink.js';

let folder = '';
let path = '';
let nowMs = 0;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'costkit-jsonl-'));
  path = join(folder, 'receipts.jsonl');
  nowMs = Date.parse('2026-11-22T23:59:59.500Z');
});
afterEach(() => rm(folder, { recursive: true }));

const clock = { now: () => nowMs, monotonicMs: () => nowMs };
const files = async (): Promise<string[]> => (await readdir(folder)).sort();
const idsIn = async (name: string): Promise<unknown[]> =>
  (await readFile(join(folder, name), 'utf8'))
    .split('\n')
    .slice(0, -1)
    .map((line) => (JSON.parse(line) as { id: unknown }).id);

describe('rotatingFiles', () => {
  const writeSoon = async (sink: Sink, id: string): Promise<void> => {
    await sink.write(aReceipt({ id }));
    nowMs += 1_000;
  };
  const namesAndIds = async (): Promise<unknown[]> =>
    Promise.all(
      (await files()).map(async (name) => [name.replace(/\.[0-9a-f]{8}\./, '.*.'), await idsIn(name)]),
    );

  it('begins a new file with a new day', async () => {
    const sink = jsonlSink(path, { clock, rotate: {} });
    for (const id of ['evening', 'morning', 'noon']) await writeSoon(sink, id);
    await sink.close?.();
    expect(await namesAndIds()).toEqual([
      ['receipts.2026-11-22T23-59-59.500Z.*.jsonl', ['evening']],
      ['receipts.2026-11-23T00-00-00.500Z.*.jsonl', ['morning', 'noon']],
    ]);
  });

  it('begins a new file when one is full', async () => {
    nowMs = Date.parse('2026-11-22T10:00:00.000Z');
    const { length } = `${JSON.stringify(receiptToJson(aReceipt({ id: '1' })))}\n`;
    const sink = jsonlSink(path, { clock, rotate: { maxBytes: 2 * length } });
    for (const id of ['1', '2', '3', '4', '5']) await writeSoon(sink, id);
    await sink.close?.();
    expect(await namesAndIds()).toEqual([
      ['receipts.2026-11-22T10-00-00.000Z.*.jsonl', ['1', '2']],
      ['receipts.2026-11-22T10-00-02.000Z.*.jsonl', ['3', '4']],
      ['receipts.2026-11-22T10-00-04.000Z.*.jsonl', ['5']],
    ]);
  });

  it('keeps so many files, those of other processes included, and no other file counts', async () => {
    const others = [
      'receipts.2026-11-20T08-00-00.000Z.00000001.jsonl',
      'receipts.2026-11-21T08-00-00.000Z.00000002.jsonl',
    ];
    const strangers = [
      'receipts.jsonl',
      'receipts.2026-11-19.jsonl',
      'bills.2026-11-19T08-00-00.000Z.00000003.jsonl',
    ];
    for (const name of [...others, ...strangers]) await writeFile(join(folder, name), '');
    const sink = jsonlSink(path, { clock, rotate: { maxFiles: 2 } });
    await sink.write(aReceipt({ id: 'ours' }));
    await sink.close?.();
    const names = await files();
    expect(names).toHaveLength(2 + strangers.length);
    expect(names).toEqual(expect.arrayContaining([...strangers, others[1]]));
    expect(names).not.toContain(others[0]);
  });

  it('never deletes the file it writes, also when the clock was set back', async () => {
    const newer = 'receipts.2027-01-01T00-00-00.000Z.00000001.jsonl';
    await writeFile(join(folder, newer), '');
    const sink = jsonlSink(path, { clock, rotate: { maxFiles: 1 } });
    await sink.write(aReceipt({ id: 'ours' }));
    await sink.close?.();
    const [ours] = (await files()).filter((name) => name !== newer);
    expect(await idsIn(ours as string)).toEqual(['ours']);
  });

  it('goes on in a new file when its own was deleted', async () => {
    const sink = jsonlSink(path, { clock, rotate: {} });
    await sink.write(aReceipt({ id: 'before' }));
    for (const name of await files()) await rm(join(folder, name));
    await sink.write(aReceipt({ id: 'after' }));
    await sink.close?.();
    const [name, ...more] = await files();
    expect(more).toEqual([]);
    expect(await idsIn(name as string)).toEqual(['after']);
  });

  it('writes on in the same file otherwise', async () => {
    const sink = jsonlSink(path, { clock, rotate: {} });
    for (let index = 0; index < 5; index += 1) await sink.write(aReceipt({ id: `${index}` }));
    await sink.close?.();
    expect(await files()).toHaveLength(1);
  });

  it.each([{ maxBytes: 0 }, { maxFiles: Number.NaN }, { maxAge: 5 }, 'day'])('refuses %o', (rotate) => {
    expect(() => jsonlSink(path, { rotate: rotate as never })).toThrow(
      expect.objectContaining({ code: 'COSTKIT_INVALID_OPTION' }),
    );
  });
});
