import { BedrockClient } from '@aws-sdk/client-bedrock';
import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { S3Client } from '@aws-sdk/client-s3';
import { createBatch, fileJournal, type Journal, s3Journal } from '@costkit/batch';
import { BUCKET, DYING_QUOTAS, DYING_RECORDS, inputOf, MODEL, ROLE } from './dying-batch.js';

// Runs a batch against the local Bedrock of its parent, and kills itself, as nothing can prevent, at a given step: a step
// lies before and behind every request and every entry of the journal. Prints the results where it survives.
const [endpoint = '', journalName = '', name = '', diesAt = '0'] = process.argv.slice(2);
let steps = 0;
const step = (): void => {
  steps += 1;
  if (steps === Number(diesAt)) process.kill(process.pid, 'SIGKILL');
};
const config = {
  endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  maxAttempts: 2,
};

function mortal<C extends { send(...given: never[]): Promise<unknown> }>(client: C): C {
  const send = client.send.bind(client) as (...given: unknown[]) => Promise<unknown>;
  return Object.assign(client, {
    send: async (...given: unknown[]) => {
      step();
      const answer = await send(...given);
      step();
      return answer;
    },
  });
}

const s3 = mortal(new S3Client({ ...config, maxAttempts: 6, forcePathStyle: true }));
const kept: Journal = journalName.startsWith('s3:')
  ? s3Journal({ s3, bucket: BUCKET, prefix: journalName.slice(3) })
  : fileJournal(journalName);
const journal: Journal = {
  entries: () => kept.entries(),
  append: async (entry) => {
    step();
    await kept.append(entry);
    step();
  },
};
const batch = createBatch({
  bedrock: mortal(new BedrockClient(config)),
  s3,
  onDemand: mortal(new BedrockRuntimeClient(config)),
  bucket: BUCKET,
  roleArn: ROLE,
  model: MODEL,
  journal,
  prefix: name,
  quotas: DYING_QUOTAS,
  retries: 20,
  pollMs: 5,
  // Whatever is waited for, it is not long.
  clock: { now: () => Date.now(), sleep: (ms) => new Promise((go) => setTimeout(go, Math.min(ms, 20))) },
  source: () =>
    Array.from({ length: DYING_RECORDS }, (_, index) => ({
      recordId: `${name}-${index}`,
      input: inputOf(index, 60, `Summarise, for ${name}, review number`),
    })),
});
for await (const result of batch.run()) {
  const cost = result.ok ? String(result.cost?.picoUsd) : result.errorCode;
  process.stdout.write(`${result.recordId} ${result.ok ? result.mode : 'failed'} ${cost}\n`);
}
