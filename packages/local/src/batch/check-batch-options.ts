import { invalidOption } from '../errors.js';
import { type BatchTimings, QUICK_BATCH_TIMINGS } from './batch-job.js';
import { type BatchLimits, DEFAULT_BATCH_LIMITS } from './batch-limits.js';

const KNOWN = ['timings', 'limits', 'trouble', 'onStateChange', 'concurrency', 'seed', 'context', 'store'];

/** Options with their numbers filled in. */
interface CheckedBatchOptions {
  readonly timings: BatchTimings;
  readonly limits: BatchLimits;
  readonly concurrency: number;
}

/**
 * Checks the options of batch jobs, and fills in what is missing.
 * @throws LocalBedrockError `COSTKIT_INVALID_OPTION` for an unknown option or a number that cannot be used
 */
export const checkBatchOptions = (options: {
  readonly timings?: Partial<BatchTimings>;
  readonly limits?: Partial<BatchLimits>;
  readonly concurrency?: number;
}): CheckedBatchOptions => {
  refuseUnknown('batch', options, KNOWN);
  const { timings = {}, limits = {}, concurrency = 8 } = options;
  refuseUnknown('batch.timings', timings, Object.keys(QUICK_BATCH_TIMINGS));
  refuseUnknown('batch.limits', limits, Object.keys(DEFAULT_BATCH_LIMITS));
  for (const [name, value] of Object.entries(timings)) {
    if (!(Number.isFinite(value) && value >= 0))
      throw invalidOption(`batch.timings.${name}`, 'must be milliseconds, 0 or more');
  }
  for (const [name, value] of Object.entries(limits)) {
    if (!(Number.isInteger(value) && value >= 0))
      throw invalidOption(`batch.limits.${name}`, 'must be a whole number, 0 or more');
  }
  if (!(Number.isInteger(concurrency) && concurrency >= 1)) {
    throw invalidOption('batch.concurrency', 'must be a whole number, 1 or more');
  }
  return {
    timings: { ...QUICK_BATCH_TIMINGS, ...timings },
    limits: { ...DEFAULT_BATCH_LIMITS, ...limits },
    concurrency,
  };
};

const refuseUnknown = (where: string, options: object, known: readonly string[]): void => {
  for (const name of Object.keys(options)) {
    if (!known.includes(name))
      throw invalidOption(`${where}.${name}`, `is unknown. Known: ${known.join(', ')}`);
  }
};
