import { DEFAULT_PREFIX } from './constants.js';
import type { Journal } from './journal.js';
import type { BatchJobOptions, BatchProgress } from './types.js';

/** A line of a job's output. */
export interface OutputLine {
  readonly recordId: string;
  readonly modelOutput?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly errorCode?: number | string; readonly errorMessage?: string };
}

/** What the jobs of a batch have in common. */
export interface Job {
  readonly options: BatchJobOptions;
  readonly model: string;
  readonly recordType: 'Converse' | 'InvokeModel';
  readonly journal: Journal;
  readonly onProgress: (progress: BatchProgress) => void;
}

/** A job that the service has accepted. */
export interface OpenJob {
  readonly jobArn: string;
  readonly token: string;
  /** Key of its input file. */
  readonly key: string;
  readonly records: number;
  /** How it ended, where the journal knows that already. */
  readonly status: string | undefined;
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

/** Whether a job that ended so is no use to wait for: the same records need another one. */
export const hasFailed = (status: string): boolean => status === 'Failed';

/** The folder of all files of a batch. */
export const folderOf = ({ prefix = DEFAULT_PREFIX }: BatchJobOptions): string =>
  prefix.replace(/^\/+|\/+$/g, '');

/** The folder in which the service puts a job's output. */
export const outputFolder = (options: BatchJobOptions, token: string): string =>
  `${folderOf(options)}/output/${token}/`;
