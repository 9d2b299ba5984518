import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type LocalBedrock, startLocalBedrock } from '@costkit/local';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const CHILD = fileURLToPath(new URL('dying-process.ts', import.meta.url));
const BATCHES = 8;
/** A whole run takes about this long once the process is up; it dies somewhere in it. */
const LONGEST_LIFE_MS = 2_500;

let bedrock: LocalBedrock;
let folder: string;

beforeAll(async () => {
  bedrock = await startLocalBedrock({ buckets: ['reviews'] });
  folder = await mkdtemp(join(tmpdir(), 'costkit-kill-'));
});
afterAll(async () => {
  await bedrock.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Runs the process, perhaps for a while only; what it said. */
function run(name: string, journal: string, lifeMs?: number): Promise<string> {
  return new Promise((resolve) => {
    const child = spawn(
      process.execPath,
      ['--import', 'tsx', '--conditions=@costkit/source', CHILD, bedrock.endpoint, journal, name],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
        env: { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
      },
    );
    let said = '';
    child.stdout.on('data', (piece: Buffer) => {
      said += piece.toString();
    });
    const timer = lifeMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), lifeMs);
    child.on('exit', () => {
      clearTimeout(timer);
      resolve(said);
    });
  });
}

describe('a batch whose process is killed', () => {
  it('is answered in the end, and paid once, wherever it was killed', async () => {
    for (let index = 0; index < BATCHES; index += 1) {
      const name = `batch${index}`;
      const journal = join(folder, `${name}.journal`);
      // Each life a little longer than the one before, so that deaths fall all along the way.
      for (let life = 1; life <= 5; life += 1) {
        await run(name, journal, (LONGEST_LIFE_MS * (life + index / BATCHES)) / 6);
      }
      expect(await run(name, journal)).toBe('answered 100\n');
      expect(bedrock.bill().lines).toHaveLength(100 * (index + 1));
    }
  });
});
