import { EventEmitter, once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BatchResult } from '@costkit/batch';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writeResults } from './write-results.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'costkit-results-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const failure = (recordId: string): BatchResult =>
  ({ recordId, ordinal: 0, ok: false, errorCode: '400', errorMessage: 'bad' }) as BatchResult;

it('leaves the results of another process alone that runs the same batch', async () => {
  const out = join(folder, 'mails.results.jsonl');
  const [hasBegun, mayEnd] = [new EventEmitter(), new EventEmitter()];
  async function* first(): AsyncGenerator<BatchResult> {
    for (let index = 0; index < 2_000; index += 1) yield failure(`early-${index}`);
    const ended = once(mayEnd, 'told');
    hasBegun.emit('told');
    await ended;
    yield failure('late');
  }
  async function* second(): AsyncGenerator<BatchResult> {
    yield failure('early-0');
    throw new Error('taken');
  }
  const begun = once(hasBegun, 'told');
  const running = writeResults(first(), out);
  await begun;
  const { file, error } = await writeResults(second(), out);
  expect([file, error]).toEqual([`${out}.part`, expect.objectContaining({ message: 'taken' })]);
  mayEnd.emit('told');
  expect(await running).toMatchObject({ file: out, error: undefined, summary: { failed: 2_001 } });
  const lines = readFileSync(out, 'utf8').trimEnd().split('\n');
  expect(lines.map((line) => (JSON.parse(line) as BatchResult).recordId)).toHaveLength(2_001);
  expect(readdirSync(folder)).toEqual(['mails.results.jsonl']);
});

it('writes nothing where nothing was handed on', async () => {
  const out = join(folder, 'mails.results.jsonl');
  // biome-ignore lint/correctness/useYield: it comes to nothing.
  const nothing = (async function* (): AsyncGenerator<BatchResult> {
    throw new Error('refused');
  })();
  expect(await writeResults(nothing, out)).toMatchObject({ file: undefined, error: { message: 'refused' } });
  expect(readdirSync(folder)).toEqual([]);
});
