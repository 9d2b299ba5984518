import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import type { Server } from './servers.js';

/** A PostgreSQL server of its own, which keeps nothing. */
export interface PostgresServer {
  /** What `pg` takes: its socket stands in a folder of its own. */
  readonly connection: { readonly host: string; readonly user: string; readonly database: string };
  stop(): Promise<void>;
}

const NOBODY = 65_534;

/** Starts a server that `requireServer('pgvector', …)` has found, and waits until it takes connections. */
export async function startPostgres({ command }: Server): Promise<PostgresServer> {
  const host = await mkdtemp(join(tmpdir(), 'costkit-postgres-'));
  // PostgreSQL refuses to be run by root.
  const user = userInfo().uid === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  if (user.uid !== undefined) await chown(host, NOBODY, NOBODY);
  const data = join(host, 'data');
  await promisify(execFile)(
    join(dirname(command), 'initdb'),
    ['-D', data, '-U', 'costkit', '-A', 'trust', '-E', 'UTF8', '--no-locale', '--no-sync'],
    { ...user, cwd: host },
  );
  const settings = [
    'listen_addresses=',
    `unix_socket_directories=${host}`,
    'fsync=off',
    'shared_buffers=32MB',
  ];
  const server = spawn(command, ['-D', data, ...settings.flatMap((setting) => ['-c', setting])], {
    ...user,
    cwd: host,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const exited = once(server, 'exit');
  let said = '';
  const ready = (async () => {
    for await (const line of createInterface({ input: server.stderr })) {
      said += `${line}\n`;
      if (line.includes('ready to accept connections')) return true;
    }
    return false;
  })();
  if (!(await ready)) throw new Error(`${command} did not start: ${said}`);
  // Its later output must not fill the pipe.
  server.stderr.resume();
  return {
    connection: { host, user: 'costkit', database: 'postgres' },
    stop: async () => {
      // Waits for clients that are about to leave.
      server.kill('SIGTERM');
      await exited;
      await rm(host, { recursive: true });
    },
  };
}
