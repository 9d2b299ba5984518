import type { WaitingClock } from '@costkit/core/waiting-clock';

/** Time, injectable so that locks and limits of minutes run in milliseconds. */
export type EmbeddingClock = WaitingClock;

/** A document of the source. */
export interface SourceDocument {
  /** Names it for as long as it exists, e.g. its path; unique in the source. */
  readonly id: string;
  /** All of its text. Null characters and halves of surrogate pairs, which not every store takes, are kept as U+FFFD. */
  readonly text: string;
  /** Kept with each of its chunks, and returned with what a query finds. @defaultValue none */
  readonly metadata?: Readonly<Record<string, string | number | boolean>>;
}

/** Where documents come from: an array, any iterable, or a function that begins anew each time. */
export type DocumentSource =
  | Iterable<SourceDocument>
  | AsyncIterable<SourceDocument>
  | (() => Iterable<SourceDocument> | AsyncIterable<SourceDocument>);

/** What vectors must have in common to be compared: the model and the number of dimensions. */
export interface EmbeddingSpace {
  /** The catalogue's id of the model. */
  readonly model: string;
  /** Numbers in a vector. */
  readonly dimensions: number;
}

/** A vector as the stores keep it. */
export type Vector = Float32Array;

/** A chunk with its place and its vector, as a sink keeps it. */
export interface SinkRecord {
  /** Unique in the sink; the same chunk of the same document in the same space has the same one. */
  readonly id: string;
  /** The space of the vector, as {@link spaceKey} writes it. */
  readonly space: string;
  /** Id of its document. */
  readonly document: string;
  /** Number of the chunk in its document, from 0. */
  readonly position: number;
  /** Offset of its first character in the document. */
  readonly start: number;
  /** Hash of the text that was embedded. */
  readonly hash: string;
  /** Changes when anything but the vector does: place or metadata. */
  readonly revision: string;
  /** The chunk's text. */
  readonly text: string;
  /** Of the document. */
  readonly metadata?: Readonly<Record<string, string | number | boolean>>;
  readonly vector: Vector;
}

/** What a sink says of a record that it holds. */
export type SinkEntry = Pick<SinkRecord, 'id' | 'space' | 'hash' | 'revision'>;

/** A chunk that a query has found; `fitChunks` takes it as it is. */
export interface SinkMatch extends Omit<SinkRecord, 'vector' | 'revision' | 'space'> {
  /** Cosine similarity: 1 is the same direction. */
  readonly score: number;
}

/** How a sink is asked. */
export interface SinkQuery {
  /** Only records of this space are compared. */
  readonly space: string;
  /** Most chunks to return, the nearest first. */
  readonly limit: number;
}

/**
 * A vector store that holds the chunks of one corpus, and of nothing else: what a sync does not find in its source is
 * deleted. Each method may be called again with the same arguments and then changes nothing; what has resolved survives a
 * crash. `sinkContract` of `@costkit/embeddings/testing` says it in cases.
 */
export interface VectorSink {
  /** Where it is: for messages, and so that batch jobs of an earlier sync are known as its own. */
  readonly name: string;
  /** Makes what the space needs and is missing: tables, indexes. */
  open(space: EmbeddingSpace): Promise<void>;
  /** All records, in any order. */
  list(): AsyncIterable<SinkEntry>;
  /** Writes records; one with the same id is replaced. */
  upsert(records: readonly SinkRecord[]): Promise<void>;
  /** Removes records; ids that are not there are no error. */
  delete(ids: readonly string[]): Promise<void>;
  /** The records nearest to a vector. */
  query(vector: Vector, query: SinkQuery): Promise<SinkMatch[]>;
  /** What it knows of paid vectors; a sink that has one needs no other index. @defaultValue none */
  readonly index?: EmbeddingIndex;
}

/**
 * The vectors that were paid for, by what was embedded, and who is about to pay for more. Many sinks can share one.
 * `indexContract` of `@costkit/embeddings/testing` says it in cases.
 */
export interface EmbeddingIndex {
  /** Vectors by hash; those that it does not hold are absent. */
  get(space: string, hashes: readonly string[]): Promise<ReadonlyMap<string, Vector>>;
  /** Which of the hashes it holds. */
  has(space: string, hashes: readonly string[]): Promise<ReadonlySet<string>>;
  /** Keeps vectors; once it resolves they survive a crash. */
  put(space: string, vectors: ReadonlyMap<string, Vector>): Promise<void>;
  /**
   * Takes a lock, or prolongs it for the owner who holds it.
   *
   * @returns `false` while another owner's time has not run out
   */
  lock(
    name: string,
    owner: string,
    lease: { readonly now: number; readonly ttlMs: number },
  ): Promise<boolean>;
  /** Gives the lock back; nothing happens where another owner holds it. */
  unlock(name: string, owner: string): Promise<void>;
  /** Forgets the vectors that no record of its own sink has used for so long. @defaultValue all are kept */
  dropUnused?(lease: UnusedLease): Promise<void>;
}

/** How long vectors are kept that no record uses: what comes back meanwhile is not paid again. */
export interface UnusedLease {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Milliseconds from the first `dropUnused` that finds a vector unused; 0 forgets it at once. */
  readonly keepMs: number;
}

/** A sink with an index of its own. */
export interface VectorStore extends VectorSink {
  readonly index: EmbeddingIndex;
}
