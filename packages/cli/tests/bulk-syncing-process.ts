import { BedrockClient } from '@aws-sdk/client-bedrock';
import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { S3Client } from '@aws-sdk/client-s3';
import { bulkInvoker, fileJournal, type Journal } from '@costkit/batch';
import { libsqlStore, syncEmbeddings } from '@costkit/embeddings';
import { BULK } from './bulk-corpus.js';

// Embeds by batch jobs of the local Bedrock of its parent, and kills itself, as nothing can prevent, at a given step: a step
// lies before and behind every request, every entry of the journal and every write to the store; or behind the answer to the
// command that is named.
const [endpoint = '', store = '', journalFile = '', diesAt = '0'] = process.argv.slice(2);
let steps = 0;
const die = (): void => {
  process.kill(process.pid, 'SIGKILL');
};
const step = (): void => {
  steps += 1;
  if (steps === Number(diesAt)) die();
};
const around = async <T>(work: () => Promise<T>): Promise<T> => {
  step();
  const result = await work();
  step();
  return result;
};
const config = {
  endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
};

function mortal<C extends { send(...given: never[]): Promise<unknown> }>(client: C): C {
  const send = client.send.bind(client) as (...given: unknown[]) => Promise<unknown>;
  return Object.assign(client, {
    send: async (command: object, ...rest: unknown[]) => {
      const answer = await around(() => send(command, ...rest));
      if (command.constructor.name === diesAt) die();
      return answer;
    },
  });
}

const kept = fileJournal(journalFile);
const journal: Journal = {
  entries: () => kept.entries(),
  append: (entry) => around(() => kept.append(entry)),
};
const file = libsqlStore({ file: store });
const sink = {
  ...file,
  upsert: (records: Parameters<typeof file.upsert>[0]) => around(() => file.upsert(records)),
  delete: (ids: readonly string[]) => around(() => file.delete(ids)),
};
const index = {
  ...file.index,
  put: (...given: Parameters<typeof file.index.put>) => around(() => file.index.put(...given)),
};
const clock = {
  now: () => Date.now(),
  sleep: (ms: number) => new Promise<void>((go) => setTimeout(go, Math.min(ms, 20))),
};
await syncEmbeddings({
  client: new BedrockRuntimeClient(config),
  model: BULK.model,
  source: BULK.source,
  sink,
  index,
  lockTtlMs: 200,
  bulk: bulkInvoker({
    bedrock: mortal(new BedrockClient(config)),
    s3: mortal(new S3Client({ ...config, forcePathStyle: true })),
    bucket: BULK.bucket,
    roleArn: BULK.roleArn,
    journal,
    pollMs: 5,
    clock,
  }),
});
