import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Money } from '@costkit/core';
import { startLocalBedrock } from '@costkit/local';
import { createClient } from 'redis';
import { transpile } from '../../../tools/check/transpile.js';
import { IS_BUILT } from '../../../tools/vitest/is-built.js';
import { startRedis } from '../../../tools/vitest/redis-server.js';
import type { Server } from '../../../tools/vitest/servers.js';
import type { BudgetBalance, BudgetStore } from '../src/budget-store.js';
import { dynamoDbBudgetStore } from '../src/dynamodb.js';
import { redisBudgetStore } from '../src/redis.js';
import { contractAccount } from '../src/testing/contract-store.js';
import type { Burst } from './burst.js';
import { startLocalTable } from './dynamodb-table.js';

const CHILD = fileURLToPath(new URL('bursting-process.ts', import.meta.url));

/** What starts a process. */
function childArguments(): readonly string[] {
  if (!IS_BUILT) return ['--import', 'tsx', '--conditions=@costkit/source', CHILD];
  return [join(transpile(dirname(CHILD), ['bursting-process.ts', 'burst.ts']), 'bursting-process.js')];
}
const PROCESSES = 4;

/** What one process is to do. */
export interface BurstingTask {
  readonly endpoint: string;
  /** Where the budget is: a server's URL. */
  readonly place:
    | { readonly redis: string; readonly dynamoDb?: undefined }
    | { readonly redis?: undefined; readonly dynamoDb: string };
  readonly onExceed: 'block' | 'alert';
  readonly burst: Burst;
  /** How many calls are on their way at the same time. */
  readonly atOnce: number;
  readonly leaseMs: number;
  readonly waitMs: number;
  /** After so many answers it kills itself with SIGKILL. */
  readonly dieAfter: number;
}

/** What became of a burst. */
export interface BurstResult {
  /** The local Bedrock's own bill. */
  readonly billed: Money;
  /** What the store holds in the end. */
  readonly balance: BudgetBalance;
  /** How many processes were killed. */
  readonly killed: number;
  /** What the others say. */
  readonly survivors: readonly {
    readonly answered: number;
    readonly refused: number;
    readonly failures: readonly string[];
  }[];
}

interface Child {
  readonly process: ChildProcess;
  readonly lines: AsyncIterator<string>;
}

async function start(script: readonly string[], task: BurstingTask): Promise<Child> {
  const child = spawn(process.execPath, [...script, JSON.stringify(task)], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const { value } = await lines.next();
  if (value !== 'ready') throw new Error(`the process said ${value}`);
  return { process: child, lines };
}

/** A server for the balances, and a store that reads them. */
interface BalanceServer {
  readonly place: BurstingTask['place'];
  readonly store: BudgetStore;
  stop(): Promise<void>;
}

async function startDynamoDb(leaseMs: number): Promise<BalanceServer> {
  const { client, tableName, endpoint, stop } = await startLocalTable();
  const store = dynamoDbBudgetStore({ client, tableName, leaseMs, timeoutMs: 30_000 });
  return { place: { dynamoDb: endpoint }, store, stop };
}

async function startRedisFor(redis: Server, leaseMs: number): Promise<BalanceServer> {
  const server = await startRedis(redis);
  const client = createClient({ url: server.url });
  await client.connect();
  const stop = async (): Promise<void> => {
    await client.close();
    await server.stop();
  };
  return { place: { redis: server.url }, store: redisBudgetStore({ client, leaseMs }), stop };
}

/**
 * Lets four processes make the calls of a burst at once, against one dollar in a store and a local Bedrock.
 *
 * @param options.atOnce - calls that each process has on their way. @defaultValue all
 * @param options.dieAfter - two of them kill themselves after so many answers each. @defaultValue none does
 */
export async function burstByProcesses(
  server: Server | 'dynamodb',
  burst: Burst,
  options: Partial<Pick<BurstingTask, 'atOnce' | 'leaseMs' | 'waitMs' | 'dieAfter' | 'onExceed'>> = {},
): Promise<BurstResult> {
  const calls = burst.calls / PROCESSES;
  const { atOnce = calls, leaseMs = 900_000, waitMs = 30_000, dieAfter = 0, onExceed = 'block' } = options;
  const bedrock = await startLocalBedrock();
  const { place, store, stop } =
    server === 'dynamodb' ? await startDynamoDb(leaseMs) : await startRedisFor(server, leaseMs);
  try {
    const task: BurstingTask = {
      endpoint: bedrock.endpoint,
      place,
      onExceed,
      burst: { ...burst, calls },
      atOnce,
      leaseMs,
      waitMs,
      dieAfter: 0,
    };
    const script = childArguments();
    const children = await Promise.all(
      Array.from({ length: PROCESSES }, (_, index) =>
        start(script, { ...task, dieAfter: index < 2 ? dieAfter : 0 }),
      ),
    );
    const ends = children.map(({ process: child }) => once(child, 'close'));
    for (const { process: child } of children) child.stdin?.write('go\n');
    const said = await Promise.all(children.map(({ lines }) => lines.next()));
    const signals = (await Promise.all(ends)).map(([, signal]) => signal as string | null);

    const forever = { startsAt: Number.NEGATIVE_INFINITY, endsAt: Number.POSITIVE_INFINITY };
    const account = contractAccount({ budget: 'dollar', action: onExceed, ...forever });
    await store.refresh?.([account]);
    return {
      billed: Money.fromPicoUsd(bedrock.bill().total.picoUsd),
      balance: store.balance(account),
      killed: signals.filter((signal) => signal === 'SIGKILL').length,
      survivors: said.flatMap(({ value }) => (value === undefined ? [] : [JSON.parse(value as string)])),
    };
  } finally {
    await Promise.all([stop(), bedrock.stop()]);
  }
}
