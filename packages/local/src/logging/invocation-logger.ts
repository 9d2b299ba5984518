import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { LoggingConfiguration, LoggingSettings } from '../contract.js';
import type { Invocation } from '../runtime/invocation.js';
import type { LogDestination } from './log-destination.js';
import { type LogEntry, logEntry } from './log-record.js';

const compress = promisify(gzip);
/** Writes the invocation log while the server runs. */
export interface InvocationLogger {
  readonly settings: LoggingSettings;
  /** Takes an invocation; it is written soon after. */
  record(invocation: Invocation): void;
  /** Resolves when everything taken so far is written. @throws what writing failed with, once */
  flush(): Promise<void>;
}

/** What a logger is made of. */
export interface InvocationLoggerOptions {
  readonly accountId: string;
  readonly now: () => number;
  /** Configuration the server starts with. */
  readonly configuration: LoggingConfiguration | undefined;
  /** Where a configuration says its files go; `undefined`: nowhere. */
  destinationOf(configuration: LoggingConfiguration): LogDestination | undefined;
}

interface Pending {
  readonly invocation: Invocation;
  readonly configuration: LoggingConfiguration;
}

/**
 * Makes a logger. Records that come while a file is being written share the next one, as the service gathers the
 * records of a while in a file.
 */
export function createInvocationLogger(options: InvocationLoggerOptions): InvocationLogger {
  let { configuration } = options;
  let pending: Pending[] = [];
  let writing: Promise<void> | undefined;
  let failure: { readonly error: unknown } | undefined;

  async function writeAll(): Promise<void> {
    // One turn of the event loop, so that calls that end together share a file.
    await new Promise((resolve) => setImmediate(resolve));
    while (pending.length > 0) {
      const batch = pending;
      pending = [];
      for (const group of groupByFolder(batch, options)) await writeGroup(group);
    }
  }

  const startWriting = (): void => {
    writing ??= writeAll()
      .catch((error: unknown) => {
        failure = { error };
      })
      .finally(() => {
        writing = undefined;
      });
  };

  return {
    settings: {
      get: () => configuration,
      set(next) {
        configuration = next;
      },
    },
    record(invocation) {
      if (configuration === undefined) return;
      pending.push({ invocation, configuration });
      startWriting();
    },
    async flush() {
      while (writing !== undefined) await writing;
      if (failure === undefined) return;
      const { error } = failure;
      failure = undefined;
      throw error;
    },
  };
}

interface Group {
  readonly destination: LogDestination;
  readonly folder: string;
  readonly entries: readonly LogEntry[];
  readonly now: number;
}

function groupByFolder(batch: readonly Pending[], options: InvocationLoggerOptions): Group[] {
  const groups = new Map<string, Group & { readonly entries: LogEntry[] }>();
  for (const { invocation, configuration } of batch) {
    const destination = options.destinationOf(configuration);
    if (destination === undefined) continue;
    const folder = `${keyPrefixOf(configuration)}${hourFolder(options.accountId, invocation)}`;
    const key = `${destination.uri}/${folder}`;
    const group = groups.get(key) ?? { destination, folder, entries: [], now: options.now() };
    groups.set(key, group);
    group.entries.push(logEntry(invocation, options.accountId, configuration, `${key}/data`));
  }
  return [...groups.values()];
}

async function writeGroup(group: Group): Promise<void> {
  const { destination, folder, entries, now } = group;
  for (const { attachments } of entries) {
    for (const { name, bytes, gzip: compressed } of attachments) {
      await destination.put(`${folder}/data/${name}`, compressed ? await compress(bytes) : bytes);
    }
  }
  const lines = entries.map(({ record }) => `${JSON.stringify(record)}\n`).join('');
  const stamp = new Date(now).toISOString().replace(/[-:.]/g, '');
  const name = `${stamp}_${randomBytes(8).toString('hex')}.json.gz`;
  await destination.put(`${folder}/${name}`, await compress(lines));
}

function keyPrefixOf(configuration: LoggingConfiguration): string {
  const prefix = configuration.s3Config?.keyPrefix ?? '';
  return prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`;
}

function hourFolder(accountId: string, { at, region }: Invocation): string {
  const [day = '', time = ''] = new Date(at).toISOString().split('T');
  return `AWSLogs/${accountId}/BedrockModelInvocationLogs/${region}/${day.replaceAll('-', '/')}/${time.slice(0, 2)}`;
}
