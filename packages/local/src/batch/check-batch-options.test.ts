import { describe, expect, it } from 'vitest';
import { QUICK_BATCH_TIMINGS } from './batch-job.js';
import { DEFAULT_BATCH_LIMITS } from './batch-limits.js';
import { checkBatchOptions } from './check-batch-options.js';

describe('checkBatchOptions', () => {
  it('fills in what is missing', () => {
    expect(checkBatchOptions({})).toEqual({
      timings: QUICK_BATCH_TIMINGS,
      limits: DEFAULT_BATCH_LIMITS,
      concurrency: 8,
    });
    expect(
      checkBatchOptions({ timings: { recordMs: 5 }, limits: { minRecordsPerJob: 1 }, concurrency: 1 }),
    ).toEqual({
      timings: { ...QUICK_BATCH_TIMINGS, recordMs: 5 },
      limits: { ...DEFAULT_BATCH_LIMITS, minRecordsPerJob: 1 },
      concurrency: 1,
    });
  });

  it.each([
    [{ timing: {} }, 'batch.timing'],
    [{ timings: { submitMs: 1 } }, 'batch.timings.submitMs'],
    [{ timings: { recordMs: -1 } }, 'batch.timings.recordMs'],
    [{ timings: { recordMs: Number.NaN } }, 'batch.timings.recordMs'],
    [{ limits: { maxRecords: 1 } }, 'batch.limits.maxRecords'],
    [{ limits: { minRecordsPerJob: 1.5 } }, 'batch.limits.minRecordsPerJob'],
    [{ concurrency: 0 }, 'batch.concurrency'],
  ])('refuses %j', (options, name) => {
    expect(() => checkBatchOptions(options as object)).toThrow(
      expect.objectContaining({
        code: 'COSTKIT_INVALID_OPTION',
        message: expect.stringContaining(`"${name}"`),
      }),
    );
  });
});
