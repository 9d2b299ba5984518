import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { startLocalBedrock } from '@costkit/local';
import { describe, expect, it } from 'vitest';
import { libsqlStore, syncEmbeddings } from '../src/index.js';
import { aCorpus } from './a-corpus.js';
import { killedAfter } from './killed-sync.js';

const ON_THEIR_WAY = 4;

describe('a sync whose process is killed again and again, beside another one', () => {
  it('ends with every chunk, each paid once but for calls on their way', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'costkit-killed-long-'));
    const bedrock = await startLocalBedrock({ tokenizer: { count: (text) => Math.ceil(text.length / 4) } });
    const client = new BedrockRuntimeClient(bedrock.clientConfig);
    const file = join(folder, 'killed.db');
    let killed = 0;
    for (let round = 0; round < 8; round += 1) {
      const signals = await Promise.all([
        killedAfter(3 + round, bedrock.endpoint, file),
        killedAfter(5, bedrock.endpoint, file),
      ]);
      killed += signals.filter((signal) => signal === 'SIGKILL').length;
    }
    const sink = libsqlStore({ file });
    const report = await syncEmbeddings({
      client,
      model: 'amazon.titan-embed-text-v2:0',
      source: aCorpus(20),
      sink,
      lockTtlMs: 300,
    });
    expect(killed).toBeGreaterThan(8);
    expect(bedrock.bill().lines.length).toBeLessThanOrEqual(report.chunks + killed * ON_THEIR_WAY);
    const held = new Set<string>();
    for await (const { id } of sink.list()) held.add(id);
    expect(held.size).toBe(report.chunks);
    sink.close();
    client.destroy();
    await bedrock.stop();
    rmSync(folder, { recursive: true });
  });
});
