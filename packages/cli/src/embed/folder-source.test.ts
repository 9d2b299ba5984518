import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { folderSource } from './folder-source.js';

const folder = mkdtempSync(join(tmpdir(), 'costkit-folder-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('reads files by their extensions, however those are written', async () => {
  for (const name of ['a.TXT', 'b.txt', 'c.Md', 'd.png']) writeFileSync(join(folder, name), name);
  const ids: string[] = [];
  for await (const { id } of folderSource(folder, ['TXT', '.md'])) ids.push(id);
  expect(ids).toEqual(['a.TXT', 'b.txt', 'c.Md']);
});
