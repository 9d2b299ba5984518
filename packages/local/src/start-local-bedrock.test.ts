import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { startLocalBedrock } from './start-local-bedrock.js';

/** Runs with a folder for temporary files of its own, and tells what was left in it. */
async function leftovers(run: () => Promise<void>): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'costkit-start-test-'));
  vi.stubEnv('TMPDIR', folder);
  try {
    await run();
    return await readdir(folder);
  } finally {
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true });
  }
}

describe('startLocalBedrock', () => {
  it('takes a free port and gives the configuration for it', async () => {
    const bedrock = await startLocalBedrock({ region: 'eu-west-1' });
    expect(bedrock.endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(bedrock.clientConfig).toMatchObject({ endpoint: bedrock.endpoint, region: 'eu-west-1' });
    expect(bedrock.s3ClientConfig).toMatchObject({ endpoint: bedrock.endpoint, forcePathStyle: true });
    expect(bedrock.bill()).toMatchObject({ complete: true, lines: [], total: { usd: 0, picoUsd: 0n } });
    expect(String(bedrock.bill().total)).toBe('$0.00');
    await bedrock.stop();
  });

  it('says which port is in use and what to do', async () => {
    const first = await startLocalBedrock();
    const port = Number(new URL(first.endpoint).port);
    await expect(startLocalBedrock({ port })).rejects.toMatchObject({
      code: 'COSTKIT_PORT_IN_USE',
      message: expect.stringMatching(new RegExp(`port ${port} .*in use\\. Stop what listens there`)),
    });
    await first.stop();
  });

  it('leaves nothing behind when it cannot start', async () => {
    const left = await leftovers(async () => {
      await expect(startLocalBedrock({ buckets: ['No Such Name'] })).rejects.toMatchObject({
        code: 'COSTKIT_INVALID_OPTION',
        message: expect.stringContaining('"No Such Name"'),
      });
      await expect(startLocalBedrock({ port: 1.5 })).rejects.toMatchObject({
        code: 'COSTKIT_INVALID_OPTION',
      });
    });
    expect(left).toEqual([]);
  });

  it('frees its port and its temporary folder when it stops', async () => {
    const left = await leftovers(async () => {
      const bedrock = await startLocalBedrock({ buckets: ['bucket'] });
      const port = Number(new URL(bedrock.endpoint).port);
      await bedrock.stop();
      const listener = createServer();
      await new Promise<void>((resolve, reject) => {
        listener.once('error', reject);
        listener.listen(port, '127.0.0.1', resolve);
      });
      await new Promise((resolve) => listener.close(resolve));
    });
    expect(left).toEqual([]);
  });

  it('keeps a data folder it was given', async () => {
    const dataFolder = await mkdtemp(join(tmpdir(), 'costkit-kept-'));
    const bedrock = await startLocalBedrock({ dataFolder, buckets: ['bucket'] });
    await bedrock.stop();
    expect(await readdir(dataFolder)).toContain('bucket');
    const again = await startLocalBedrock({ dataFolder, buckets: ['bucket'] });
    await again.stop();
    await rm(dataFolder, { recursive: true });
  });

  it('stops twice without harm', async () => {
    const bedrock = await startLocalBedrock();
    await bedrock.stop();
    await bedrock.stop();
  });
});
