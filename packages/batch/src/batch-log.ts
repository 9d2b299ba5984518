import type { Journal, JournalEntry, StagedShard } from './journal.js';

/** A shard as far as the journal knows it. */
export interface KnownShard {
  readonly staged: StagedShard;
  /** Its job is being created, or was. */
  readonly creating: boolean;
  readonly jobArn: string | undefined;
  /** Its job is being stopped because the deadline was near, or was. */
  readonly isStopping: boolean;
  /** How its job ended. */
  readonly status: string | undefined;
  readonly message: string | undefined;
  /** Waves of its records that were sent one by one, or were about to be. */
  readonly waves: number;
}

/** One round: the records of the source, or those that failed in the round before. */
interface KnownRound {
  readonly shards: readonly KnownShard[];
  /** All its records are staged. */
  readonly sourced: Extract<JournalEntry, { step: 'sourced' }> | undefined;
}

/** An entry without the batch that it belongs to. */
type BatchStep = JournalEntry extends infer Entry
  ? Entry extends JournalEntry
    ? Omit<Entry, 'batch'>
    : never
  : never;

/** What the journal knows of one batch, and where its next steps are written. */
export interface BatchLog {
  readonly batch: string;
  /** The journal knew the batch before this process opened it. */
  readonly isOld: boolean;
  /** When the batch began, in milliseconds since the epoch; `undefined`: it has not. */
  readonly begunAt: number | undefined;
  round(index: number): KnownRound;
  shard(token: string): KnownShard | undefined;
  readonly rounds: number;
  /** The round after which a run was over, if one was. */
  readonly finishedRound: number | undefined;
  /** How many records were without an answer then. */
  readonly failedRecords: number;
  /** What was answered up to this round is booked in budgets; -1: nothing is. */
  readonly settledRound: number;
  /** A reservation of budgets that nobody has settled. */
  readonly reserved: Extract<JournalEntry, { step: 'reserved' }> | undefined;
  append(step: BatchStep): Promise<void>;
}

const FRESH = {
  creating: false,
  jobArn: undefined,
  isStopping: false,
  status: undefined,
  message: undefined,
  waves: 0,
} as const;
const NO_ROUND: KnownRound = { shards: [], sourced: undefined };

/** Reads what the journal knows of a batch. */
export async function openBatchLog(journal: Journal, batch: string): Promise<BatchLog> {
  const shards = new Map<string, KnownShard>();
  const sourced = new Map<number, Extract<JournalEntry, { step: 'sourced' }>>();
  let begunAt: number | undefined;
  let finishedRound: number | undefined;
  let reserved: Extract<JournalEntry, { step: 'reserved' }> | undefined;
  let rounds = 0;
  let failedRecords = 0;
  let settledRound = -1;

  const change = (token: string, known: Partial<KnownShard>): void => {
    const shard = shards.get(token);
    if (shard !== undefined) shards.set(token, { ...shard, ...known });
  };
  const take = (entry: JournalEntry): void => {
    if (entry.batch !== batch) return;
    if (entry.step === 'begun') begunAt ??= entry.at;
    else if (entry.step === 'staged') {
      rounds = Math.max(rounds, entry.round + 1);
      if (!shards.has(entry.token)) shards.set(entry.token, { staged: entry, ...FRESH });
    } else if (entry.step === 'sourced') {
      rounds = Math.max(rounds, entry.round + 1);
      sourced.set(entry.round, entry);
    } else if (entry.step === 'creating') change(entry.token, { creating: true });
    else if (entry.step === 'created') change(entry.token, { jobArn: entry.jobArn });
    else if (entry.step === 'stopping') change(entry.token, { isStopping: true });
    else if (entry.step === 'ended') change(entry.token, { status: entry.status, message: entry.message });
    else if (entry.step === 'sending') change(entry.token, { waves: entry.wave + 1 });
    else if (entry.step === 'finished') {
      finishedRound = entry.round;
      failedRecords = entry.failed;
    } else if (entry.step === 'reserved') reserved = entry;
    else if (entry.step === 'settled' && entry.token === reserved?.token) {
      reserved = undefined;
      // A run that came to no end has staged rounds, too, and nothing of them is paid.
      settledRound = finishedRound ?? -1;
    }
  };

  let isOld = false;
  for (const entry of await journal.entries()) {
    isOld ||= entry.batch === batch;
    take(entry);
  }
  return {
    batch,
    isOld,
    get begunAt() {
      return begunAt;
    },
    round: (index) => {
      const own = [...shards.values()].filter(({ staged }) => staged.round === index);
      own.sort((one, other) => one.staged.shard - other.staged.shard);
      return own.length === 0 && !sourced.has(index)
        ? NO_ROUND
        : { shards: own, sourced: sourced.get(index) };
    },
    shard: (token) => shards.get(token),
    get rounds() {
      return rounds;
    },
    get finishedRound() {
      return finishedRound;
    },
    get failedRecords() {
      return failedRecords;
    },
    get settledRound() {
      return settledRound;
    },
    get reserved() {
      return reserved;
    },
    append: async (step) => {
      const entry = { ...step, batch } as JournalEntry;
      await journal.append(entry);
      take(entry);
    },
  };
}
