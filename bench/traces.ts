import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { TracedCall } from '../packages/meter/tests/synthetic-weeks.js';

const FOLDER = new URL('../../shared/data/traces/', import.meta.url);
const MINUTE_MS = 60_000;
const TOKENS_OF_BLOCK = 512;

/** Whether the traces are beside the repository. */
export const hasTraces = (): boolean => existsSync(FOLDER);

function rowsOf<T>(name: string): T[] {
  return gunzipSync(readFileSync(new URL(`${name}.jsonl.gz`, FOLDER)))
    .toString('utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T);
}

/** The whole minutes of a trace; its last one is cut off. */
function byMinute(calls: readonly (TracedCall & { readonly atMs: number })[]): TracedCall[][] {
  const last = Math.floor(Math.max(...calls.map(({ atMs }) => atMs)) / MINUTE_MS);
  const minutes: TracedCall[][] = Array.from({ length: last }, () => []);
  for (const { atMs, ...call } of calls) minutes[Math.floor(atMs / MINUTE_MS)]?.push(call);
  return minutes;
}

/** Azure's traces of 2023 say nothing about prefixes: no cache reads. */
export function azureMinutes(name: 'azure2023_conv' | 'azure2023_code'): TracedCall[][] {
  return byMinute(
    rowsOf<{ t: number; in: number; out: number }>(name).map((row) => ({
      atMs: row.t,
      input: row.in,
      output: row.out,
      cacheRead: 0,
    })),
  );
}

/** Mooncake's name the blocks of 512 tokens: a prefix that was there before counts as read from the cache. */
export function mooncakeMinutes(name: 'mooncake_conversation' | 'mooncake_synthetic'): TracedCall[][] {
  const seen = new Set<number>();
  return byMinute(
    rowsOf<{ timestamp: number; input_length: number; output_length: number; hash_ids: number[] }>(name).map(
      (row) => {
        let blocks = 0;
        while (blocks < row.hash_ids.length && seen.has(row.hash_ids[blocks] as number)) blocks += 1;
        for (const id of row.hash_ids) seen.add(id);
        const cacheRead = Math.min(blocks * TOKENS_OF_BLOCK, row.input_length - 1);
        return { atMs: row.timestamp, input: row.input_length, output: row.output_length, cacheRead };
      },
    ),
  );
}
