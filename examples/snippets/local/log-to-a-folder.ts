import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { startLocalBedrock } from '@costkit/local';

const folder = await mkdtemp(join(tmpdir(), 'bedrock-logs-'));
const bedrock = await startLocalBedrock({ logging: { folder } });
const client = new BedrockRuntimeClient(bedrock.clientConfig);

await client.send(
  new ConverseCommand({
    modelId: 'us.amazon.nova-lite-v1:0',
    messages: [{ role: 'user', content: [{ text: 'Say hello.' }] }],
    requestMetadata: { team: 'search' },
  }),
);
await bedrock.flushLogs();

const files = await readdir(folder, { recursive: true });
console.log(files.filter((name) => name.endsWith('.json.gz')));

client.destroy();
await bedrock.stop();
await rm(folder, { recursive: true });
