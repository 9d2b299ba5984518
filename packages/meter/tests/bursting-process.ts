import { once } from 'node:events';
import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BudgetExceededError, type BudgetStore, createMeter, withMeter } from '@costkit/meter';
import { dynamoDbBudgetStore } from '@costkit/meter/dynamodb';
import { redisBudgetStore } from '@costkit/meter/redis';
import { createClient } from 'redis';
import { burstCall } from './burst.js';
import type { BurstingTask } from './burst-by-processes.js';

// Makes its share of a burst against the local Bedrock of its parent, within a budget that a store holds, when it is told
// to begin. It may have to die, as hard as a process can, after some of the answers.
const [taskJson = ''] = process.argv.slice(2);
const { endpoint, place, burst, onExceed, atOnce, leaseMs, waitMs, dieAfter } = JSON.parse(
  taskJson,
) as BurstingTask;
const options = { leaseMs, timeoutMs: 30_000 };
const openRedis = async (url: string): Promise<{ store: BudgetStore; close: () => unknown }> => {
  const client = createClient({ url });
  await client.connect();
  return { store: redisBudgetStore({ client, ...options }), close: () => client.close() };
};
const openDynamoDb = (tableEndpoint: string): { store: BudgetStore; close: () => unknown } => {
  const client = new DynamoDBClient({
    endpoint: tableEndpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    requestHandler: { httpAgent: { maxSockets: 500 } },
  });
  return {
    store: dynamoDbBudgetStore({ client, tableName: 'budgets', ...options }),
    close: () => client.destroy(),
  };
};
const { store, close } =
  place.redis === undefined ? openDynamoDb(place.dynamoDb) : await openRedis(place.redis);
const meter = createMeter({
  budgets: [
    { name: 'dollar', limitUsd: 1, period: 'total', onExceed, ...(onExceed === 'block' ? { waitMs } : {}) },
  ],
  store,
});
const client = withMeter(
  new BedrockRuntimeClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  }),
  { meter },
);
process.stdout.write('ready\n');
await once(process.stdin, 'data');

let sent = 0;
let answered = 0;
let refused = 0;
const failures = new Set<string>();
const work = async (): Promise<void> => {
  while (sent < burst.calls) {
    sent += 1;
    try {
      await client.send(burstCall(burst, sent));
      answered += 1;
      if (answered === dieAfter) process.kill(process.pid, 'SIGKILL');
    } catch (error) {
      if (BudgetExceededError.isInstance(error)) refused += 1;
      else failures.add(String(error));
    }
  }
};
await Promise.all(Array.from({ length: atOnce }, work));
await meter.close(30_000);
await close();
client.destroy();
process.stdout.write(`${JSON.stringify({ answered, refused, failures: [...failures] })}\n`);
process.stdin.destroy();
