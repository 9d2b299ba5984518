import { createHash } from 'node:crypto';

/** A client of `redis` (node-redis), a cluster or sentinel one too, by structure. */
export interface NodeRedisLike {
  /** Runs a script that the server knows. */
  evalSha(sha1: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
  /** Runs a script. */
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
}

/** A client of `ioredis` or `iovalkey`, a cluster one too, by structure. */
export interface IoRedisLike {
  /** Runs a script that the server knows. */
  evalsha(sha1: string, numberOfKeys: number, ...keysAndArguments: string[]): Promise<unknown>;
  /** Runs a script. */
  eval(script: string, numberOfKeys: number, ...keysAndArguments: string[]): Promise<unknown>;
}

/** Any other client: sends one command and resolves with the reply. */
export type SendRedisCommand = (command: readonly string[]) => Promise<unknown>;

/** A connected client of a Redis or Valkey server. */
export type RedisClientLike = NodeRedisLike | IoRedisLike | SendRedisCommand;

/** Runs one script on a server. */
export type RunScript = (keys: readonly string[], args: readonly string[]) => Promise<unknown>;

type Evaluate = (
  command: 'EVALSHA' | 'EVAL',
  script: string,
  keys: readonly string[],
  args: readonly string[],
) => Promise<unknown>;

function evaluateWith(client: RedisClientLike): Evaluate {
  if (typeof client === 'function') {
    return (command, script, keys, args) => client([command, script, `${keys.length}`, ...keys, ...args]);
  }
  if ('evalSha' in client) {
    return (command, script, keys, args) => {
      const options = { keys: [...keys], arguments: [...args] };
      return command === 'EVALSHA' ? client.evalSha(script, options) : client.eval(script, options);
    };
  }
  return (command, script, keys, args) =>
    command === 'EVALSHA'
      ? client.evalsha(script, keys.length, ...keys, ...args)
      : client.eval(script, keys.length, ...keys, ...args);
}

/** Accepts what a script can be run with. */
export function isRedisClient(client: unknown): string | undefined {
  const { evalSha, evalsha } = (client ?? {}) as { evalSha?: unknown; evalsha?: unknown };
  return [client, evalSha, evalsha].some((one) => typeof one === 'function')
    ? undefined
    : 'must be a client of redis or ioredis, or a function that sends a command';
}

/** Runs a script by its hash; a server that does not know it yet, or no longer, is sent its text. */
export function scriptRunner(client: RedisClientLike, script: string): RunScript {
  const sha1 = createHash('sha1').update(script).digest('hex');
  const evaluate = evaluateWith(client);
  return async (keys, args) => {
    try {
      return await evaluate('EVALSHA', sha1, keys, args);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.includes('NOSCRIPT')) throw error;
      return evaluate('EVAL', script, keys, args);
    }
  };
}
