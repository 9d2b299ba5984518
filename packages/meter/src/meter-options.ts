import {
  type BatchQueue,
  type Clock,
  checkOptions,
  InvalidOptionError,
  isArray,
  isFunction,
  isMode,
  isNonNegativeNumber,
  isObject,
  isPositiveInteger,
  type Ladder,
  type LeverMode,
  type MediaKind,
} from '@costkit/core';
import type { MeterAlert } from './alert.js';
import type { Budget } from './budget.js';
import type { BudgetStore } from './budget-store.js';
import { hasMethods } from './has-methods.js';
import { isNames } from './is-names.js';
import { isTimeZone } from './is-time-zone.js';
import type { LedgerOptions } from './ledger.js';
import type { LoopBreakerOptions } from './loop-breaker-options.js';
import type { Sink, SinkFailure } from './sink.js';

/** What {@link createMeter} and {@link withMeter} take. */
export interface MeterOptions {
  /** Limits in dollars. @defaultValue none */
  readonly budgets?: readonly Budget[];
  /** Where receipts go besides the ledger. @defaultValue none */
  readonly sinks?: readonly Sink[];
  /** Watches for loops. @defaultValue no breaker */
  readonly breaker?: LoopBreakerOptions;
  /** Where budgets keep their balances; processes may share them. @defaultValue this process's memory */
  readonly store?: BudgetStore;
  /** What the ledger keeps apart. */
  readonly ledger?: LedgerOptions;
  /** `observe` never stops or changes a call; budgets and breaker then only tell. @defaultValue `"enforce"` */
  readonly mode?: LeverMode;
  /**
   * The cap that is sent with a request that has none, when an enforced budget must know what it can cost.
   * Without it such a request is refused: a model's own maximum would reserve dollars for an answer of cents.
   */
  readonly maxOutputTokens?: number;
  /** Input tokens that a budget reserves for each piece of media; without it such requests are refused. */
  readonly mediaTokens?: Readonly<Partial<Record<MediaKind, number>>>;
  /** Names cheaper models to budgets that downgrade; the router's policy is one. */
  readonly ladder?: Ladder;
  /** Takes the calls of budgets that queue; batch inference is one. */
  readonly queue?: BatchQueue;
  /** Told when a budget is exceeded or refuses a call, and when the breaker sees a loop. */
  readonly onAlert?: (alert: MeterAlert) => void | Promise<void>;
  /** Told when a sink fails. @defaultValue a process warning, once for each sink */
  readonly onError?: (failure: SinkFailure) => void;
  /** Time for `remaining`; calls bring their own. @defaultValue the machine's clock */
  readonly clock?: Clock;
}

const isMedia = (value: unknown): string | undefined => {
  if (isObject(value) !== undefined) return isObject(value);
  const wrong = Object.entries(value as object).find(
    ([kind, tokens]) =>
      !['image', 'document', 'video', 'audio'].includes(kind) || isNonNegativeNumber(tokens) !== undefined,
  );
  return wrong === undefined ? undefined : 'must give numbers of tokens for image, document, video or audio';
};

/** @throws `InvalidOptionError` for options that are unknown or out of range; budgets and breaker check their own. */
export function checkMeterOptions(options: MeterOptions): void {
  if (isObject(options) === undefined && 'remaining' in options)
    throw new InvalidOptionError('meter', 'meter', 'is given by itself; give it as { meter }');
  checkOptions<MeterOptions>('meter', options, {
    budgets: isArray,
    sinks: (value) =>
      isArray(value) ??
      ((value as Sink[]).every((sink) => typeof sink?.write === 'function')
        ? undefined
        : 'must hold sinks, each with a write function'),
    breaker: isObject,
    store: hasMethods('reserve', 'settle', 'book', 'balance'),
    ledger: isObject,
    mode: isMode,
    maxOutputTokens: isPositiveInteger,
    mediaTokens: isMedia,
    ladder: hasMethods('below'),
    queue: hasMethods('enqueue'),
    onAlert: isFunction,
    onError: isFunction,
    clock: hasMethods('now', 'monotonicMs'),
  });
  if (options.ledger === undefined) return;
  checkOptions<LedgerOptions>(
    'meter',
    options.ledger,
    {
      maxRows: (value) =>
        Number.isSafeInteger(value) && (value as number) >= 100
          ? undefined
          : 'must be a whole number from 100 upwards',
      tagNames: isNames,
      timeZone: isTimeZone,
    },
    'ledger.',
  );
}
