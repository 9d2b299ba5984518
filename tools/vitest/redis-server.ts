import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import type { Server } from './servers.js';

/** A Redis or Valkey server of its own, which keeps nothing. */
export interface RedisServer {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts a server that `requireServer('redis', …)` has found, and waits until it takes connections.
 *
 * @param args - further arguments of the program
 */
export async function startRedis({ command }: Server, args: readonly string[] = []): Promise<RedisServer> {
  const port = await freePort();
  const process = spawn(
    command,
    ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', ...args],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const exited = once(process, 'exit');
  const ready = (async () => {
    for await (const line of createInterface({ input: process.stdout })) {
      if (line.includes('Ready to accept connections')) return true;
    }
    return false;
  })();
  if (!(await ready)) throw new Error(`${command} did not start`);
  // Its later output must not fill the pipe.
  process.stdout.resume();
  return {
    url: `redis://127.0.0.1:${port}`,
    stop: async () => {
      process.kill('SIGTERM');
      await exited;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
