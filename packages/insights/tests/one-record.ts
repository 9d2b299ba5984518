import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type LoggedCall, logRecord } from './traffic/log-record.js';

/** A record as a value that tests change. */
// biome-ignore lint/suspicious/noExplicitAny: tests reach into any member
export type AnyRecord = any;

/** A plain call of Sonnet 5.5 with 1,000 tokens in and 100 out. */
export function aRecord(requestId: string, call: Partial<LoggedCall> = {}): AnyRecord {
  return logRecord(
    {
      at: Date.UTC(2026, 9, 20, 10),
      modelId: 'us.anthropic.claude-sonnet-5-5',
      feature: 'search',
      body: { messages: [{ role: 'user', content: [{ text: 'Where is Paris?' }] }] },
      input: 1_000,
      output: 100,
      ...call,
    },
    requestId,
  );
}

/** Dollars of {@link aRecord}: 2.20 and 11.00 a million. */
export const RECORD_USD = 0.003_3;

/** Writes a file below a folder, gzipped where its name says so. */
export function writeBelow(folder: string, name: string, text: string): void {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, name.endsWith('.gz') ? gzipSync(text) : text);
}

/** Records as lines. */
export const lines = (...records: readonly AnyRecord[]): string =>
  records.map((record) => `${JSON.stringify(record)}\n`).join('');

/** Where Bedrock puts an hour's files. */
export const HOUR = 'AWSLogs/123456789012/BedrockModelInvocationLogs/us-east-1/2026/10/20/10';
