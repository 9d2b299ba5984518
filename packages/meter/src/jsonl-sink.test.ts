import { mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aReceipt } from '../tests/a-receipt.js';
import { jsonlSink } from './jsonl-sink.js';

let folder = '';
let path = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'costkit-meter-'));
  path = join(folder, 'receipts.jsonl');
});
afterEach(() => rm(folder, { recursive: true }));

const ids = async (): Promise<unknown[]> =>
  (await readFile(path, 'utf8'))
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => (JSON.parse(line) as { id: unknown }).id);

describe('jsonlSink', () => {
  it('appends a line for each receipt, in order', async () => {
    const sink = jsonlSink(path);
    for (let index = 0; index < 1_200; index += 1) void sink.write(aReceipt({ id: `call-${index}` }));
    await sink.flush?.();
    expect(await ids()).toEqual(Array.from({ length: 1_200 }, (_, index) => `call-${index}`));
    await sink.close?.();
  });

  it('continues a file that is there', async () => {
    const first = jsonlSink(path);
    void first.write(aReceipt({ id: 'one' }));
    await first.close?.();
    const warnings: string[] = [];
    const second = jsonlSink(path, { onWarning: (message) => warnings.push(message) });
    void second.write(aReceipt({ id: 'two' }));
    await second.close?.();
    expect(await ids()).toEqual(['one', 'two']);
    expect(warnings).toEqual([]);
  });

  it('goes on with a new line after a file that was cut mid-line, and says so', async () => {
    await writeFile(path, '{"id":"whole"}\n{"id":"cut", "usage":{"inp');
    const warnings: string[] = [];
    const sink = jsonlSink(path, { onWarning: (message) => warnings.push(message) });
    void sink.write(aReceipt({ id: 'next' }));
    await sink.close?.();
    const lines = (await readFile(path, 'utf8')).split('\n');
    expect(lines).toHaveLength(4);
    expect(lines[1]).toBe('{"id":"cut", "usage":{"inp');
    expect(JSON.parse(lines[2] as string)).toMatchObject({ id: 'next' });
    expect(warnings).toEqual([expect.stringContaining('ended in the middle of a line')]);
  });

  it('creates a file that only its owner reads', async () => {
    const sink = jsonlSink(path);
    void sink.write(aReceipt());
    await sink.close?.();
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('rejects the write that failed and keeps its receipts for the next one', async () => {
    const later = join(folder, 'not-yet', 'receipts.jsonl');
    const sink = jsonlSink(later);
    const written = sink.write(aReceipt({ id: 'early' }));
    await expect(written).rejects.toMatchObject({ code: 'ENOENT' });
    const { mkdir } = await import('node:fs/promises');
    await mkdir(join(folder, 'not-yet'));
    path = later;
    await sink.write(aReceipt({ id: 'late' }));
    await sink.close?.();
    expect(await ids()).toEqual(['early', 'late']);
  });

  it.runIf(process.platform === 'linux')('reports a full disk and does not grow without bound', async () => {
    const warnings: string[] = [];
    const sink = jsonlSink('/dev/full', { maxWaiting: 10, onWarning: (message) => warnings.push(message) });
    await expect(sink.write(aReceipt())).rejects.toMatchObject({ code: 'ENOSPC' });
    for (let index = 0; index < 100; index += 1)
      void Promise.resolve(sink.write(aReceipt())).catch(() => undefined);
    await expect(sink.flush?.()).rejects.toMatchObject({ code: 'ENOSPC' });
    await expect(sink.close?.()).rejects.toMatchObject({ code: 'ENOSPC' });
  });

  it('says how many receipts it dropped while the file could not be written', async () => {
    const later = join(folder, 'not-yet', 'receipts.jsonl');
    const warnings: string[] = [];
    const sink = jsonlSink(later, { maxWaiting: 2, onWarning: (message) => warnings.push(message) });
    for (const id of ['a', 'b', 'c', 'd', 'e'])
      void Promise.resolve(sink.write(aReceipt({ id }))).catch(() => undefined);
    const { mkdir } = await import('node:fs/promises');
    await mkdir(join(folder, 'not-yet'));
    path = later;
    await sink.close?.();
    expect(await ids()).toEqual(['d', 'e']);
    expect(warnings).toEqual([expect.stringContaining('3 receipts are missing')]);
  });

  it('does not touch the file before the first receipt', async () => {
    const sink = jsonlSink(path);
    await sink.close?.();
    await expect(stat(path)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it.each([
    ['deleted', () => rm(path)],
    ['moved', () => rename(path, `${path}.1`)],
  ])('creates the file anew when it was %s', async (_, takeAway) => {
    const sink = jsonlSink(path);
    void sink.write(aReceipt({ id: 'before' }));
    await sink.flush?.();
    await takeAway();
    void sink.write(aReceipt({ id: 'after' }));
    await sink.close?.();
    expect(await ids()).toEqual(['after']);
  });

  it.each([
    [undefined, {}],
    ['', {}],
    ['receipts.jsonl', { maxWaitng: 5 }],
    ['receipts.jsonl', { maxWaiting: Number.NaN }],
    ['receipts.jsonl', { permissions: '600' }],
    ['receipts.jsonl', { onWarning: 'log' }],
  ])('refuses %s with %o', (target, options) => {
    expect(() => jsonlSink(target as never, options as never)).toThrow(
      expect.objectContaining({ code: 'COSTKIT_INVALID_OPTION' }),
    );
  });
});
