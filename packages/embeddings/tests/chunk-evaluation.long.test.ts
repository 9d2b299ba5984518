import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const BENCH = fileURLToPath(new URL('../../../bench/embeddings.ts', import.meta.url));
const DATA = fileURLToPath(new URL('../../../../shared/data/retrieval', import.meta.url));

describe.skipIf(!existsSync(DATA))('chunkText on the chunk-evaluation set [needs ../shared/data]', () => {
  it('finds as much in 2,000 tokens as a recursive splitter with 20 % overlap, and embeds hardly more than the corpus', async () => {
    // Exits with an error where either is not so.
    const { stdout } = await promisify(execFile)(process.execPath, [
      '--import',
      import.meta.resolve('tsx'),
      '--conditions=@costkit/source',
      BENCH,
    ]);
    expect(stdout).toMatch(/chunkText, 512 +\d+ +(?:0\.99\d\d|1\.0[01]\d\d) ×/);
  });
});
