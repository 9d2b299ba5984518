import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { type LocalBedrock, startLocalBedrock } from '@costkit/local';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { libsqlStore, syncEmbeddings } from '../src/index.js';
import { aCorpus } from './a-corpus.js';
import { killedAfter } from './killed-sync.js';

/** Calls that may be on their way when the process dies: they are paid, and nobody has seen their answers. */
const ON_THEIR_WAY = 4;

let bedrock: LocalBedrock;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'costkit-killed-sync-'));
  bedrock = await startLocalBedrock({ tokenizer: { count: (text) => Math.ceil(text.length / 4) } });
});
afterAll(async () => {
  await bedrock.stop();
  rmSync(folder, { recursive: true });
});

describe('a sync whose process is killed', () => {
  it('goes on where it was, and pays nothing twice that is stored', async () => {
    const file = join(folder, 'killed.db');
    expect(await killedAfter(10, bedrock.endpoint, file)).toBe('SIGKILL');
    const paid = bedrock.bill().lines.length;
    expect(paid).toBeGreaterThanOrEqual(10);
    const client = new BedrockRuntimeClient(bedrock.clientConfig);
    const sink = libsqlStore({ file });
    const options = {
      client,
      model: 'amazon.titan-embed-text-v2:0',
      source: aCorpus(20),
      sink,
      lockTtlMs: 300,
    };
    const report = await syncEmbeddings(options);
    expect(report.unchanged).toBeGreaterThanOrEqual(10);
    expect(bedrock.bill().lines.length).toBeLessThanOrEqual(report.chunks + ON_THEIR_WAY);
    expect(bedrock.bill().lines.length).toBe(paid + report.embedded.calls);
    expect(await syncEmbeddings(options)).toMatchObject({ unchanged: report.chunks, embedded: { calls: 0 } });
    sink.close();
    client.destroy();
  }, 60_000);
});
