import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SyncPlan, SyncReport } from '@costkit/embeddings';
import { type LocalBedrock, startLocalBedrock } from '@costkit/local';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localEnvironment } from './local-environment.js';
import { type CommandRun, runCommand } from './start-command.js';

let bedrock: LocalBedrock;
let folder: string;
let store: string;
beforeAll(async () => {
  bedrock = await startLocalBedrock({ tokenizer: { count: (text) => Math.ceil(text.length / 4) } });
  const parent = mkdtempSync(join(tmpdir(), 'costkit-embed-'));
  folder = join(parent, 'handbook');
  store = join(parent, 'handbook.db');
  mkdirSync(join(folder, 'more'), { recursive: true });
  writeFileSync(join(folder, 'returns.md'), '# Returns\n\nThe customer pays for the return.\n');
  writeFileSync(join(folder, 'more/delivery.txt'), 'Delivery takes three days.\n');
  writeFileSync(join(folder, 'picture.png'), 'no text');
});
afterAll(async () => {
  await bedrock.stop();
  rmSync(join(folder, '..'), { recursive: true });
});

function embed(...args: string[]): Promise<CommandRun> {
  return runCommand(['embed', folder, '--store', store, ...args], {
    env: localEnvironment(bedrock, folder),
  });
}

describe('costkit embed', { timeout: 60_000 }, () => {
  it('shows the price, embeds, and then pays for what changed alone', async () => {
    const dry = await embed('--dry-run', '--json');
    expect(dry.code).toBe(3);
    const plan = JSON.parse(dry.stdout) as SyncPlan;
    expect(plan).toMatchObject({ documents: 2, chunks: 2, embed: { texts: 2 } });
    expect(bedrock.requests()).toHaveLength(0);

    const first = await embed();
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toMatch(
      /2 documents, 2 chunks, amazon\.titan-embed-text-v2:0\/1024[\s\S]*tokens in 2 calls/,
    );

    renameSync(join(folder, 'returns.md'), join(folder, 'more/returning.md'));
    const moved = await embed('--json');
    expect(JSON.parse(moved.stdout) as SyncReport).toMatchObject({
      reused: 1,
      deleted: 1,
      embedded: { calls: 0, cost: '0' },
    });
    expect(bedrock.bill().lines).toHaveLength(2);
    expect((await embed('--dry-run')).code).toBe(0);
  });

  it('says in one line what cannot be used', async () => {
    const none = await embed('--dimensions', 'many');
    expect(none).toMatchObject({ code: 2 });
    expect(none.stderr).toMatch(/^costkit: --dimensions "many" is no whole number above 0/);
    const migration = await embed('--dimensions', '256');
    expect(migration.code).toBe(2);
    expect(migration.stderr).toContain('COSTKIT_EMBEDDINGS_MIGRATION');
  });
});
