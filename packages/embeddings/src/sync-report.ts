import type { Money } from '@costkit/core';

/** Tokens and what they cost. */
export interface TokenCost {
  /** Estimated where the field says so. */
  readonly tokens: number;
  /** `undefined`: the price is unknown. */
  readonly cost: Money | undefined;
}

/** What a sync will do, by estimate; nothing of it has happened. */
export interface SyncPlan {
  /** Model and dimensions, e.g. `amazon.titan-embed-text-v2:0/1024`. */
  readonly space: string;
  /** Documents of the source. */
  readonly documents: number;
  /** Chunks of the documents. */
  readonly chunks: number;
  /** Chunks that the sink holds as they are. */
  readonly unchanged: number;
  /** Chunks that are new, moved or renamed, whose vectors are there already. */
  readonly reused: number;
  /** Chunks that share the text, and the vector, of another one that is to be embedded. */
  readonly duplicates: number;
  /** Records to be deleted, those of a migration's old space included. */
  readonly deleted: number;
  /** What is to be embedded, estimated. */
  readonly embed: TokenCost & {
    /** Texts, each different. */
    readonly texts: number;
    /** At the high end of the estimate and the on-demand price. */
    readonly highest: Money | undefined;
    /** Whether a batch job will do it. */
    readonly bulk: boolean;
  };
  /** What it would cost to embed all of the corpus anew, estimated. */
  readonly full: TokenCost;
  /** Set where the sink holds vectors of another model or length: all is embedded anew. */
  readonly migration?: {
    /** The spaces that are left, as `space` is written. */
    readonly from: readonly string[];
    /** Records of theirs. */
    readonly records: number;
  };
}

/** What a sync has done. */
export interface SyncReport extends Omit<SyncPlan, 'embed'> {
  /** What was embedded. */
  readonly embedded: TokenCost & {
    /** Texts, each different. */
    readonly texts: number;
    /** Requests that were answered, one for each text of a batch job. */
    readonly calls: number;
    /** Texts among them that batch jobs answered which a killed sync had begun; `texts` leaves them out. */
    readonly resumed: number;
    /** `measured` where the service counted every token. */
    readonly quality: 'measured' | 'estimated';
  };
  /** `full` − `embedded`, estimated. */
  readonly avoided: TokenCost;
  /** Of a migration with `queries`: the share of the evidence that the first chunks hold. */
  readonly recall?: {
    /** In the space that was left. */
    readonly before: number;
    /** In the new one. */
    readonly after: number;
    /** What embedding the questions has cost, twice each. */
    readonly cost: Money | undefined;
  };
}

/** How far a sync is. */
export interface SyncProgress {
  /** `wait`: for another sync; `resume`: jobs of a killed one; `read`: the source; `bulk`: by batch jobs; `place`: records whose vectors are there; `embed`; `delete`. */
  readonly phase: 'wait' | 'resume' | 'read' | 'place' | 'bulk' | 'embed' | 'delete';
  /** Documents, records or texts so far. */
  readonly done: number;
  /** Of so many; `undefined` while that is not known. */
  readonly total: number | undefined;
  /** Spent so far; `undefined`: a price is unknown. */
  readonly cost: Money | undefined;
}
