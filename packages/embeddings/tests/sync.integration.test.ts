import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { type LocalBedrock, startLocalBedrock } from '@costkit/local';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createQueryEmbedder, libsqlStore, memoryStore, planSync, syncEmbeddings } from '../src/index.js';
import { aCorpus } from './a-corpus.js';

const MODEL = 'amazon.titan-embed-text-v2:0';

let bedrock: LocalBedrock;
let client: BedrockRuntimeClient;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'costkit-embeddings-'));
  bedrock = await startLocalBedrock();
  client = new BedrockRuntimeClient(bedrock.clientConfig);
});
afterAll(async () => {
  client.destroy();
  await bedrock.stop();
  rmSync(folder, { recursive: true });
});
const billed = async <T>(work: () => Promise<T>) => {
  const before = bedrock.bill().lines.length;
  const result = await work();
  const lines = bedrock.bill().lines.slice(before);
  return { result, lines };
};

describe('smoke', () => {
  it('syncs', async () => {
    const sink = libsqlStore({ file: join(folder, 'a.db') });
    const source = aCorpus(10);
    const plan = await planSync({ client, model: MODEL, source, sink });

    const one = await billed(() => syncEmbeddings({ client, model: MODEL, source, sink }));
    process.stdout.write(
      `${JSON.stringify(plan)}\n${JSON.stringify(one.result)}\n${one.lines.length} ${JSON.stringify(one.lines[0], (_, v) => (typeof v === 'bigint' ? String(v) : v))}\n`,
    );
    const two = await billed(() => syncEmbeddings({ client, model: MODEL, source, sink }));
    process.stdout.write(`${JSON.stringify(two.result)}\n${two.lines.length}\n`);
    const { embed, space } = createQueryEmbedder({ client, model: MODEL });
    const found = await sink.query(await embed('Rule 77 says'), { space, limit: 2 });
    process.stdout.write(`${JSON.stringify(found)}\n`);
    sink.close();
  });
});
