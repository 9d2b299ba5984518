import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadRoutingPolicy } from './load-routing-policy.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'costkit-policy-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('loadRoutingPolicy', () => {
  it('reads a file by path and by URL', async () => {
    const policy = { version: 1, createdAt: '2026-11-22', tasks: { faq: { tier: 'cheap' } } };
    const file = join(folder, 'policy.json');
    await writeFile(file, JSON.stringify(policy));
    expect(await loadRoutingPolicy(file)).toEqual(policy);
    expect(await loadRoutingPolicy(pathToFileURL(file))).toEqual(policy);
  });

  it('says which file cannot be read, and why', async () => {
    const file = join(folder, 'missing.json');
    await expect(loadRoutingPolicy(file)).rejects.toMatchObject({
      name: 'RoutingPolicyError',
      code: 'COSTKIT_INVALID_POLICY',
      message: expect.stringContaining(`the file "${file}" cannot be read (ENOENT)`),
    });
  });

  it('refuses a file that is no policy', async () => {
    const file = join(folder, 'broken.json');
    await writeFile(file, '{"version": 1}');
    await expect(loadRoutingPolicy(file)).rejects.toMatchObject({ path: 'createdAt' });
  });
});
