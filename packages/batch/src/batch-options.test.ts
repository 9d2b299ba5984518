import { describe, expect, it } from 'vitest';
import { createBatch } from './batch.js';
import { batchPlugin } from './batch-plugin.js';
import { bulkInvoker } from './bulk-invoker.js';
import { memoryJournal } from './journal.js';

const client = { config: {}, send: () => Promise.reject(new Error('nobody calls')) };
const place = {
  bedrock: client,
  s3: client,
  bucket: 'reviews',
  roleArn: 'arn:aws:iam::123456789012:role/batch',
};

describe('maxRecords of batchPlugin', () => {
  it('is refused where no job would take so few', () => {
    expect(() => batchPlugin({ ...place, maxRecords: 99 })).toThrow(/maxRecords.*at least the 100/);
    batchPlugin({ ...place, maxRecords: 100 });
  });
});

describe('quotas', () => {
  const make = [
    [
      'createBatch',
      (quotas: object) => createBatch({ ...place, model: 'us.amazon.nova-2-lite-v1:0', quotas }),
    ],
    ['bulkInvoker', (quotas: object) => bulkInvoker({ ...place, journal: memoryJournal(), quotas })],
  ] as const;

  it.each(make)('of %s are refused where jobs could be left with too few records', (_, withQuotas) => {
    for (const quotas of [{ maxRecords: 150 }, { minRecords: 10, maxRecords: 19 }]) {
      expect(() => withQuotas(quotas)).toThrow(/quotas\.maxRecords.*at least twice minRecords/);
    }
    for (const quotas of [{ maxRecords: 200 }, { minRecords: 10, maxRecords: 20 }, { minRecords: 90_000 }]) {
      withQuotas(quotas);
    }
  });
});
