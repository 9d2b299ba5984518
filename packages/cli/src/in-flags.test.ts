import { BatchError } from '@costkit/batch';
import { InvalidOptionError } from '@costkit/core';
import { describe, expect, it } from 'vitest';
import { BATCH_WORDS } from './batch/batch-words.js';
import { CliUsageError } from './cli-error.js';
import { inFlags } from './in-flags.js';

describe('inFlags', () => {
  it('calls options what they are called on the command line', () => {
    const error = new InvalidOptionError('batch', 'roleArn', 'must be the ARN of an IAM role');
    expect(inFlags(error, BATCH_WORDS)).toMatchObject({
      name: 'CliUsageError',
      code: 'COSTKIT_INVALID_OPTION',
      message: 'costkit: --role must be the ARN of an IAM role.',
    });
  });

  it('leaves other errors, and other words in quotes, as they are', () => {
    const error = new Error('option "roleArn"');
    expect(inFlags(error, BATCH_WORDS)).toBe(error);
    const usage = new CliUsageError('"rows.txt" is no .jsonl file', 'COSTKIT_INVALID_OPTION');
    expect(inFlags(usage, BATCH_WORDS)).toBe(usage);
    const other = new BatchError('COSTKIT_BATCH_BUCKET_MISSING', 'the bucket "nowhere" does not exist');
    expect(inFlags(other, BATCH_WORDS)).toMatchObject({
      message: 'costkit: the bucket "nowhere" does not exist.',
    });
  });
});
