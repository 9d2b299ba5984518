import { startRedis } from '../vitest/redis-server.js';
import type { Server } from '../vitest/servers.js';

/**
 * Runs an action while the servers run through which snippets share budgets.
 *
 * @param redis - where it is installed.
 * @param action - gets the environment variables that lead to them.
 */
export async function withBudgetServers<Result>(
  redis: Server | undefined,
  action: (environment: Readonly<Record<string, string>>) => Promise<Result>,
): Promise<Result> {
  // The AWS SDK comes with it, which no other step needs.
  const { startLocalTable } = await import('../../packages/meter/tests/dynamodb-table.js');
  const table = await startLocalTable();
  const server = redis === undefined ? undefined : await startRedis(redis);
  try {
    return await action({
      AWS_ENDPOINT_URL_DYNAMODB: table.endpoint,
      ...(server === undefined ? {} : { REDIS_URL: server.url }),
    });
  } finally {
    await Promise.all([table.stop(), server?.stop()]);
  }
}
