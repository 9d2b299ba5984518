import { once } from 'node:events';
import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { BudgetExceededError, createMeter, withMeter } from '@costkit/meter';
import { redisBudgetStore } from '@costkit/meter/redis';
import { createClient } from 'redis';
import { burstCall } from './burst.js';
import type { BurstingTask } from './burst-by-processes.js';

// Makes its share of a burst against the local Bedrock of its parent, within a budget that Redis holds, when it is told
// to begin. It may have to die, as hard as a process can, after some of the answers.
const [taskJson = ''] = process.argv.slice(2);
const { endpoint, redisUrl, burst, atOnce, leaseMs, waitMs, dieAfter } = JSON.parse(taskJson) as BurstingTask;
const redis = createClient({ url: redisUrl });
await redis.connect();
const meter = createMeter({
  budgets: [{ name: 'dollar', limitUsd: 1, period: 'total', onExceed: 'block', waitMs }],
  store: redisBudgetStore({ client: redis, leaseMs, timeoutMs: 30_000 }),
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
await redis.close();
client.destroy();
process.stdout.write(`${JSON.stringify({ answered, refused, failures: [...failures] })}\n`);
process.stdin.destroy();
