import type { Money, Receipt } from '@costkit/core';
import type { Usage } from '@costkit/pricing';
import type { SingleNote } from './job.js';
import type { BatchFailure, BatchSuccess } from './types.js';

/** What a receipt says that its result does not. */
export interface ReceiptSource {
  /** Of the record in the files. */
  readonly id: string;
  readonly round: number;
  readonly single: SingleNote | undefined;
}

/** Makes the receipt of a result. */
export type ReceiptMaker = (result: BatchSuccess | BatchFailure, source: ReceiptSource) => Receipt;

// Classes, because a million results are made: an accessor on each of them would take as long as everything else.

/** A record that was answered; its receipt is made when somebody reads it. */
export class AnsweredRecord implements BatchSuccess {
  readonly recordId: string;
  readonly ordinal: number;
  readonly ok = true;
  readonly output: Readonly<Record<string, unknown>>;
  readonly usage: Usage;
  readonly quality: 'measured' | 'estimated';
  readonly cost: Money | undefined;
  readonly mode: 'batch' | 'flex' | 'on-demand';
  readonly isShared: boolean;
  readonly #make: ReceiptMaker;
  readonly #source: ReceiptSource;
  #receipt: Receipt | undefined;

  constructor(answered: Omit<BatchSuccess, 'ok' | 'receipt'>, make: ReceiptMaker, source: ReceiptSource) {
    this.recordId = answered.recordId;
    this.ordinal = answered.ordinal;
    this.output = answered.output;
    this.usage = answered.usage;
    this.quality = answered.quality;
    this.cost = answered.cost;
    this.mode = answered.mode;
    this.isShared = answered.isShared;
    this.#make = make;
    this.#source = source;
  }

  get receipt(): Receipt {
    this.#receipt ??= this.#make(this, this.#source);
    return this.#receipt;
  }
}

/** A record that was not answered; its receipt is made when somebody reads it. */
export class UnansweredRecord implements BatchFailure {
  readonly recordId: string;
  readonly ordinal: number;
  readonly ok = false;
  readonly errorCode: string;
  readonly errorMessage: string;
  readonly #make: ReceiptMaker;
  readonly #source: ReceiptSource;
  #receipt: Receipt | undefined;

  constructor(failed: Omit<BatchFailure, 'ok' | 'receipt'>, make: ReceiptMaker, source: ReceiptSource) {
    this.recordId = failed.recordId;
    this.ordinal = failed.ordinal;
    this.errorCode = failed.errorCode;
    this.errorMessage = failed.errorMessage;
    this.#make = make;
    this.#source = source;
  }

  get receipt(): Receipt {
    this.#receipt ??= this.#make(this, this.#source);
    return this.#receipt;
  }
}
