import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';

const CHILD = fileURLToPath(new URL('large-corpus-process.ts', import.meta.url));
/** What the process may use for its own objects, in megabytes. */
const HEAP_MEGABYTES = 64;

const folder = mkdtempSync(join(tmpdir(), 'costkit-large-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Syncs a corpus of so many megabytes in a process of its own. */
async function sync(megabytes: number): Promise<{ chunks: number; texts: number; peakMegabytes: number }> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [
      `--max-old-space-size=${HEAP_MEGABYTES}`,
      '--import',
      import.meta.resolve('tsx'),
      '--conditions=@costkit/source',
      CHILD,
      String(megabytes),
      join(folder, `${megabytes}.db`),
    ],
    { env: { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' } },
  );
  return JSON.parse(stdout);
}

describe('a corpus that is larger than memory', () => {
  it('is embedded in memory that does not grow with it', async () => {
    const small = await sync(8);
    const large = await sync(2 * HEAP_MEGABYTES);
    expect(large.texts).toBe(large.chunks);
    expect(large.chunks).toBeGreaterThan(14 * small.chunks);
    expect(large.peakMegabytes - small.peakMegabytes).toBeLessThan(40);
  });
});
