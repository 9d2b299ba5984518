import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { jsonlSink } from '../src/jsonl-sink.js';
import type { Sink, SinkFailure } from '../src/sink.js';
import { createSinkFanOut } from '../src/sink-fan-out.js';
import { aReceipt } from './a-receipt.js';

const WRITER = fileURLToPath(new URL('./jsonl-writer.ts', import.meta.url));
const RECEIPTS = 400;

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'costkit-jsonl-'));
});
afterEach(() => rm(folder, { recursive: true }));

const startWriter = (...args: string[]) =>
  spawn(process.execPath, ['--import', 'tsx', '--conditions=@costkit/source', WRITER, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });

/** Every line of every file in the folder: the receipt's id, or `broken`. */
async function writtenIds(): Promise<string[]> {
  const names = await readdir(folder);
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  return texts.flatMap((text) =>
    text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => {
        try {
          return (JSON.parse(line) as { id: string }).id;
        } catch {
          return 'broken';
        }
      }),
  );
}

const expected = (name: string): string[] =>
  Array.from({ length: RECEIPTS }, (_, index) => `${name}-${index}`);

describe('jsonlSink in several processes', { timeout: 60_000 }, () => {
  it.each([
    ['one file', []],
    ['one folder', ['100000']],
  ])('loses, tears and repeats no line of three processes in %s', async (_, rotate) => {
    const writers = ['a', 'b', 'c'].map((name) =>
      startWriter(join(folder, 'receipts.jsonl'), name, String(RECEIPTS), ...rotate),
    );
    await Promise.all(writers.map((writer) => once(writer, 'close')));
    const ids = await writtenIds();
    expect(ids.sort()).toEqual(['a', 'b', 'c'].flatMap(expected).sort());
    if (rotate.length > 0) expect((await readdir(folder)).length).toBeGreaterThan(3);
  });

  it('leaves at most half a line of a process that is killed, and the others whole', async () => {
    const path = join(folder, 'receipts.jsonl');
    const killed = startWriter(path, 'killed', '1000000');
    const other = startWriter(path, 'a', String(RECEIPTS));
    await once(other, 'close');
    killed.kill('SIGKILL');
    await once(killed, 'close');
    const sink = jsonlSink(path);
    void sink.write(aReceipt({ id: 'next' }));
    await sink.close?.();
    const ids = await writtenIds();
    expect(ids.filter((id) => id === 'broken').length).toBeLessThanOrEqual(1);
    expect(ids.filter((id) => id.startsWith('a-'))).toEqual(expected('a'));
    expect(ids.at(-1)).toBe('next');
  });
});

describe.runIf(process.platform === 'linux')('jsonlSink on a full disk', () => {
  it('reports the failure and goes on taking receipts', async () => {
    const failures: SinkFailure[] = [];
    const warnings: string[] = [];
    const sink: Sink = jsonlSink('/dev/full', {
      maxWaiting: 3,
      onWarning: (message) => warnings.push(message),
    });
    const sinks = createSinkFanOut([sink], (failure) => failures.push(failure));
    for (let index = 0; index < 5; index += 1) {
      sinks.write(aReceipt());
      await sinks.flush(5_000);
    }
    expect(failures.length).toBeGreaterThanOrEqual(5);
    expect(failures.every(({ error }) => (error as { code?: unknown }).code === 'ENOSPC')).toBe(true);
    expect(warnings).toEqual([]);
    await expect(sink.close?.()).rejects.toMatchObject({ code: 'ENOSPC' });
  });
});
