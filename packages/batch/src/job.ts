import type { Usage } from '@costkit/pricing';
import { DEFAULT_PREFIX } from './constants.js';
import type { BatchJobOptions } from './types.js';

/** A line of a job's output. */
export interface OutputLine {
  readonly recordId: string;
  readonly modelInput?: Readonly<Record<string, unknown>>;
  readonly modelOutput?: Readonly<Record<string, unknown>> | null;
  readonly error?: { readonly errorCode?: number | string; readonly errorMessage?: string };
  /** How a record that was sent by itself was paid. */
  readonly single?: SingleNote;
}

/** What is known of a record that was sent by itself; the file of its answers keeps it. */
export interface SingleNote {
  readonly mode: 'flex' | 'on-demand';
  /** What a wrapped client's receipt says. */
  readonly receipt?: {
    readonly id: string;
    readonly usage: Usage;
    readonly quality: 'measured' | 'estimated';
    readonly picoUsd?: string;
    readonly baselinePicoUsd?: string;
  };
}

/** Ends of a job (SDK type `ModelInvocationJobStatus`). */
const ENDS: ReadonlySet<string> = new Set([
  'Completed',
  'PartiallyCompleted',
  'Stopped',
  'Expired',
  'Failed',
]);

/** Whether a job of this status will change no more. */
export const hasEnded = (status: string): boolean => ENDS.has(status);

/** The folder of all files. */
export const folderOf = ({ prefix = DEFAULT_PREFIX }: Pick<BatchJobOptions, 'prefix'>): string =>
  prefix.replace(/^\/+|\/+$/g, '');

/** The folder in which the service puts a job's output. */
export const outputFolder = (options: Pick<BatchJobOptions, 'prefix'>, token: string): string =>
  `${folderOf(options)}/output/${token}/`;

/** The input file of a shard. */
export const inputKey = (
  options: Pick<BatchJobOptions, 'prefix'>,
  batch: string,
  round: number,
  shard: number,
): string => `${folderOf(options)}/input/${batch}/${round}-${shard}.jsonl`;

/** The file of the records that share the answer of another one. */
export const sharersKey = (options: Pick<BatchJobOptions, 'prefix'>, batch: string): string =>
  `${folderOf(options)}/input/${batch}/sharers`;

/** The file that says whose the records of an input file are. */
export const ownersKey = (key: string): string => key.replace(/\.jsonl$/, '.owners');
