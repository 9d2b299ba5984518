import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

/** A server or browser that some tests need and that npm cannot install. */
export type ServerName = 'chromium' | 'pgvector' | 'redis';

/** Something a test can start. */
export interface Server {
  /** Absolute path of its program. */
  readonly command: string;
}

interface ServerKind {
  /** Environment variable that names the program. */
  readonly variable: string;
  /** Names under which it is installed. */
  readonly programs: readonly string[];
  readonly howToGet: string;
  /** Folders that are searched behind those of `PATH`. */
  readonly folders?: () => readonly string[];
  /** Whether a program will do. */
  readonly isFit?: (command: string) => boolean;
}

const SERVERS: Readonly<Record<ServerName, ServerKind>> = {
  chromium: {
    variable: 'CHROMIUM_PATH',
    programs: ['chromium', 'chromium-browser', 'google-chrome'],
    howToGet: '`apt-get install chromium`, or set CHROMIUM_PATH to a Chromium or Chrome',
  },
  pgvector: {
    variable: 'POSTGRES_PATH',
    programs: ['postgres'],
    folders: debianPostgres,
    isFit: hasPgvector,
    howToGet:
      '`.ci/install-pgvector` on Debian, or set POSTGRES_PATH to a postgres that has the extension pgvector',
  },
  redis: {
    variable: 'REDIS_SERVER_PATH',
    programs: ['redis-server', 'valkey-server'],
    howToGet: '`apt-get install redis-server`, or set REDIS_SERVER_PATH to a redis-server or valkey-server',
  },
};

/**
 * Environment variable: with `1` a missing server fails the test that needs it instead of skipping it. With names, only
 * theirs are required.
 */
export const REQUIRE_VARIABLE = 'COSTKIT_REQUIRE_SERVERS';

/** Environment variable: the file that collects what a run has skipped. */
export const SKIP_LIST_VARIABLE = 'COSTKIT_SKIP_LIST';

/**
 * Finds a server that a test needs. Where it is missing, the run prints at its end what was skipped and how
 * to get it.
 *
 * @returns `undefined` when it is not installed and the tests are to be skipped
 * @throws an error when it is not installed and `COSTKIT_REQUIRE_SERVERS` is `1` or names it
 * @example
 * const chromium = requireServer('chromium', 'the chart of the demo page');
 * describe.skipIf(chromium === undefined)('demoPage', () => { … });
 */
export function requireServer(name: ServerName, what: string): Server | undefined {
  const { variable, programs, howToGet, folders = () => [], isFit = existsSync } = SERVERS[name];
  const given = process.env[variable];
  const commands = given === undefined ? programs.flatMap((program) => places(program, folders())) : [given];
  const command = commands.find((path) => existsSync(path) && isFit(path));
  if (command !== undefined) return { command };
  const required = process.env[REQUIRE_VARIABLE]?.split(',') ?? [];
  if (required.includes('1') || required.includes(name)) {
    throw new Error(`${what} needs ${name}: ${howToGet}`);
  }
  const list = process.env[SKIP_LIST_VARIABLE];
  if (list !== undefined) appendFileSync(list, `${what} (needs ${name}: ${howToGet})\n`);
  return undefined;
}

/** What a run has skipped, one line each. */
export function skippedServers(list: string): string[] {
  if (!existsSync(list)) return [];
  return [...new Set(readFileSync(list, 'utf8').trim().split('\n'))];
}

const places = (program: string, folders: readonly string[]): string[] =>
  [...(process.env['PATH'] ?? '').split(delimiter), ...folders].map((folder) => join(folder, program));

/** Debian keeps servers of several versions beside each other, and none of them on the path. */
function debianPostgres(): string[] {
  const root = '/usr/lib/postgresql';
  if (!existsSync(root)) return [];
  const versions = readdirSync(root).sort((one, other) => Number(other) - Number(one));
  return versions.map((version) => join(root, version, 'bin'));
}

function hasPgvector(postgres: string): boolean {
  const config = join(dirname(realpathSync(postgres)), 'pg_config');
  if (!existsSync(config)) return false;
  const share = execFileSync(config, ['--sharedir'], { encoding: 'utf8' }).trim();
  return existsSync(join(share, 'extension/vector.control'));
}
