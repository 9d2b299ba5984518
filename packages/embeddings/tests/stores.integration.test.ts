import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type LibsqlStore, libsqlStore, memoryStore } from '../src/index.js';
import { indexContract, sinkContract } from '../src/testing.js';
import { comesBack } from './comes-back.js';
import { keepsOddTexts } from './odd-texts.js';

const folder = mkdtempSync(join(tmpdir(), 'costkit-stores-'));
const opened: LibsqlStore[] = [];
let files = 0;
const libsql = (): LibsqlStore => {
  files += 1;
  const store = libsqlStore({ file: join(folder, `${files}.db`) });
  opened.push(store);
  return store;
};
afterAll(() => {
  for (const store of opened) store.close();
  rmSync(folder, { recursive: true });
});

describe('memoryStore', () => {
  it.each(sinkContract({ open: memoryStore }))('$name', ({ run }) => run());
  it.each(indexContract({ open: () => memoryStore().index }))('index: $name', ({ run }) => run());
  it('pays nothing for a document that comes back within a month', () => comesBack(memoryStore()));
  it('keeps texts with what no text should hold', () => keepsOddTexts(memoryStore()));
});

describe('libsqlStore', () => {
  it.each(sinkContract({ open: libsql }))('$name', ({ run }) => run());
  it.each(indexContract({ open: () => libsql().index }))('index: $name', ({ run }) => run());
  it('pays nothing for a document that comes back within a month', () => comesBack(libsql()));
  it('keeps texts with what no text should hold', () => keepsOddTexts(libsql()));

  it('is the same store for another process that opens the file', async () => {
    const file = join(folder, 'shared.db');
    const [one, other] = [libsqlStore({ file }), libsqlStore({ file })];
    opened.push(one, other);
    await one.index.put('a/1', new Map([['hash', Float32Array.of(1)]]));
    expect(await other.index.has('a/1', ['hash'])).toEqual(new Set(['hash']));
    const lease = { now: 0, ttlMs: 10 };
    expect(await one.index.lock('sink', 'one', lease)).toBe(true);
    expect(await other.index.lock('sink', 'other', lease)).toBe(false);
  });

  it.each([{ file: '' }, {}, { file: 'a.db', other: 1 }])('refuses %j', (options) => {
    expect(() => libsqlStore(options as never)).toThrow(/costkit embeddings/);
  });
});
