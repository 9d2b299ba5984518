import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readNumber } from './flag-readers.js';
import { readPlanInput } from './plan-input.js';

const FLAGS = [
  { flags: '--chunk-tokens <count>', description: 'x', path: 'retrieval.chunkTokens', read: readNumber },
];

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'costkit-plan-input-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function fileWith(text: string): Promise<string> {
  const path = join(folder, 'input.json');
  await writeFile(path, text);
  return path;
}

describe('readPlanInput', () => {
  it('puts flags on top of the file, at their path', async () => {
    const file = await fileWith('{ "retrieval": { "chunkTokens": 1, "chunksPerQuestion": 8 } }');
    expect(await readPlanInput(file, FLAGS, { chunkTokens: '400' })).toEqual({
      retrieval: { chunkTokens: 400, chunksPerQuestion: 8 },
    });
  });

  it('needs no file', async () => {
    expect(await readPlanInput(undefined, FLAGS, { chunkTokens: '400' })).toEqual({
      retrieval: { chunkTokens: 400 },
    });
    expect(await readPlanInput(undefined, FLAGS, {})).toEqual({});
  });

  it.each(['[]', 'null', '"text"', '{', ''])('refuses a file with %s', async (text) => {
    await expect(readPlanInput(await fileWith(text), FLAGS, {})).rejects.toMatchObject({
      code: 'COSTKIT_UNREADABLE_FILE',
    });
  });
});
