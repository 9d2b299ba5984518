import { pluginContract } from '@costkit/testing';
import { describe, it } from 'vitest';
import { type BatchQueueOptions, batchClient } from '../src/index.js';

// The suite's model takes batch jobs, but none of its calls may wait: a job needs a hundred of them.
const options: BatchQueueOptions = {
  bedrock: { send: () => Promise.reject(new Error('no control plane here')) },
  s3: { send: () => Promise.reject(new Error('no storage here')), config: {} },
  bucket: 'bucket',
  roleArn: 'arn:aws:iam::123456789012:role/batch',
  clock: { now: () => 0, sleep: () => Promise.resolve() },
};

describe('batchPlugin', () => {
  it.each(
    pluginContract({
      name: 'batch',
      apply: (client, mode) => batchClient(client, { ...options, mode }),
      applyUnknownOption: (client) => batchClient(client, { ...options, nonsense: true } as never),
    }),
  )('$name', ({ run }) => run());
});
