import { BedrockClient } from '@aws-sdk/client-bedrock';
import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { S3Client } from '@aws-sdk/client-s3';
import { createBatch, type Journal } from '@costkit/batch';
import {
  BUCKET,
  type Doom,
  DYING_QUOTAS,
  DYING_RECORDS,
  DYING_REQUESTS,
  inputOf,
  MODEL,
  openJournal,
  ROLE,
} from './dying-batch.js';

// Runs a batch against the local Bedrock of its parent, and kills itself, as nothing can prevent, at a given step: a step
// lies before and behind every request and every entry of the journal. Prints the results where it survives.
const doom = JSON.parse(process.argv[2] ?? '') as Doom;
const { endpoint, name, diesAt } = doom;
let steps = 0;
const step = (): void => {
  steps += 1;
  if (steps === diesAt) process.kill(process.pid, 'SIGKILL');
};

/** Retries as the SDK does, but does not wait as long for it. */
const impatient = (attempts: number) => {
  const token = (retries: number) => ({ getRetryCount: () => retries, getRetryDelay: () => 2 });
  return {
    mode: 'standard',
    acquireInitialRetryToken: () => Promise.resolve(token(0)),
    refreshRetryTokenForRetry: (
      before: ReturnType<typeof token>,
      { error, errorType }: { error?: Error; errorType: string },
    ) => {
      const retries = before.getRetryCount() + 1;
      return retries < attempts && ['THROTTLING', 'TRANSIENT'].includes(errorType)
        ? Promise.resolve(token(retries))
        : Promise.reject(error ?? new Error(errorType));
    },
    recordSuccess: () => undefined,
  };
};
const config = {
  endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  retryStrategy: impatient(2),
};

function mortal<C extends { send(command: never): Promise<unknown> }>(client: C): C {
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

const s3 = mortal(new S3Client({ ...config, retryStrategy: impatient(6), forcePathStyle: true }));
// Loaded by those only that need it: a process that dies early is to cost little.
const { DynamoDBClient } = doom.journal === 'dynamodb' ? await import('@aws-sdk/client-dynamodb') : {};
const kept = openJournal(doom, {
  s3,
  dynamoDb: () => {
    if (DynamoDBClient === undefined) throw new Error('no DynamoDB');
    return mortal(new DynamoDBClient({ ...config, endpoint: doom.dynamoDbEndpoint }));
  },
});
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
  mergeIdentical: true,
  // Whatever is waited for, it is not long.
  pollMs: 5,
  clock: { now: () => Date.now(), sleep: (ms) => new Promise((go) => setTimeout(go, Math.min(ms, 10))) },
  source: () =>
    Array.from({ length: DYING_RECORDS }, (_, index) => ({
      recordId: `${name}-${index}`,
      input: inputOf(index % DYING_REQUESTS, 60, `Summarise, for ${name}, review number`),
    })),
});
for await (const result of batch.run()) {
  const cost = result.ok ? String(result.cost?.picoUsd) : result.errorCode;
  const mode = result.ok && result.isShared ? 'shared' : result.ok ? result.mode : 'failed';
  process.stdout.write(`${result.recordId} ${mode} ${cost}\n`);
}
