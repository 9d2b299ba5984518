/** A step that was taken, or is about to be. `batch` says whose: a journal can hold several batches. */
export type JournalEntry =
  /** A batch of this model begins to be staged in this place. */
  | {
      readonly step: 'begun';
      readonly batch: string;
      readonly model: string;
      readonly recordType: 'Converse' | 'InvokeModel';
      readonly bucket: string;
      readonly folder: string;
      readonly roleArn: string;
      /** When, in milliseconds since the epoch. */
      readonly at: number;
    }
  /** The records of a shard stand in the bucket, and will not change. */
  | StagedShard
  /** All records of a round are staged: those of the source in round 0, those that failed in the others. */
  | {
      readonly step: 'sourced';
      readonly batch: string;
      readonly round: number;
      readonly shards: number;
      /** Records of the source, those refused included. */
      readonly records: number;
      /** How many of them share the answer of another one, and the hash of who they are. */
      readonly shared?: { readonly records: number; readonly digest: string };
      /** Some had cache points or a tier, which batch does not take: what they had cost on demand is not known exactly. */
      readonly isAltered?: true;
      /** The most that they can cost, where that was asked for and is known; pico-dollars. */
      readonly highestPicoUsd?: string;
    }
  /** Budgets hold what the batch can cost, under this token, since `at` (milliseconds since the epoch). */
  | {
      readonly step: 'reserved';
      readonly batch: string;
      readonly token: string;
      readonly at: number;
      readonly picoUsd: string;
    }
  /** What the batch has cost is booked in its place. */
  | { readonly step: 'settled'; readonly batch: string; readonly token: string }
  /** The job of a shard is about to be created, under this token and no other. */
  | { readonly step: 'creating'; readonly batch: string; readonly token: string }
  /** The job was accepted. */
  | { readonly step: 'created'; readonly batch: string; readonly token: string; readonly jobArn: string }
  /** The job is about to be stopped because the deadline is near; its other records are still wanted. */
  | { readonly step: 'stopping'; readonly batch: string; readonly token: string }
  /** The job ended as `status`. */
  | {
      readonly step: 'ended';
      readonly batch: string;
      readonly token: string;
      readonly status: string;
      readonly message?: string;
    }
  /** These records of a shard are about to be sent one by one; their answers will stand in one file. */
  | {
      readonly step: 'sending';
      readonly batch: string;
      readonly token: string;
      readonly wave: number;
      readonly records: number;
    }
  /** Every record has its result; what failed in this round and before stays failed, unless the batch is run again. */
  | { readonly step: 'finished'; readonly batch: string; readonly round: number; readonly failed: number };

/** A shard whose records stand in the bucket. */
export interface StagedShard {
  readonly step: 'staged';
  readonly batch: string;
  /** Names the shard's job, its files and its request to the service. */
  readonly token: string;
  readonly round: number;
  readonly shard: number;
  /** `job`: a batch job answers it; `single`: its records are sent one by one. */
  readonly via: 'job' | 'single';
  /** They go one by one because they are too few for a job: their round was cut for jobs. */
  readonly isShort?: true;
  /** Key of the input file; who its records are stands in the file beside it. */
  readonly key: string;
  /** Lines of the input file. */
  readonly records: number;
  readonly bytes: number;
  /** Hash of its records, and of whose they are. */
  readonly digest: string;
}

/** Where a batch writes each step down before it takes it, so that another process can go on after a crash. */
export interface Journal {
  /**
   * Resolves once the entry will survive a crash.
   *
   * @throws `BatchError` `COSTKIT_BATCH_JOURNAL_TAKEN` when another process has written meanwhile.
   */
  append(entry: JournalEntry): Promise<void>;
  /** All entries, oldest first. */
  entries(): Promise<readonly JournalEntry[]>;
}

const STEPS: ReadonlySet<unknown> = new Set([
  'begun',
  'staged',
  'sourced',
  'reserved',
  'settled',
  'creating',
  'created',
  'stopping',
  'ended',
  'sending',
  'finished',
]);

/** Reads an entry; `undefined` for what is none. */
export function readEntry(text: string): JournalEntry | undefined {
  try {
    const entry = JSON.parse(text) as JournalEntry | null;
    return STEPS.has(entry?.step) && typeof entry?.batch === 'string' ? entry : undefined;
  } catch {
    return undefined;
  }
}

/** A journal within this process. */
export function memoryJournal(): Journal {
  const entries: JournalEntry[] = [];
  return {
    append: (entry) => {
      entries.push(entry);
      return Promise.resolve();
    },
    entries: () => Promise.resolve([...entries]),
  };
}
