import { InvalidOptionError } from '@costkit/core';
import { describe, expect, it } from 'vitest';
import { CliUsageError, describeError } from './cli-error.js';

describe('describeError', () => {
  it.each([
    [
      'an error of the command',
      new CliUsageError('"x" is no port. Give a number', 'COSTKIT_INVALID_OPTION'),
      2,
      'costkit: "x" is no port',
    ],
    ['an error of a package', new InvalidOptionError('meter', 'limitUsd', 'must be positive'), 2, 'limitUsd'],
    [
      'a coded error of the local Bedrock',
      Object.assign(new Error('port in use'), { code: 'COSTKIT_PORT_IN_USE' }),
      2,
      'COSTKIT_PORT_IN_USE',
    ],
    ['a surprise', new TypeError('undefined is not a function'), 1, 'TypeError'],
    ['something that is no error', 'text', 1, 'text'],
  ])('turns %s into a message and an exit code', (_, error, exitCode, part) => {
    expect(describeError(error)).toMatchObject({ exitCode, message: expect.stringContaining(part) });
  });

  it('says how to name a Region where the SDK finds none', () => {
    const { message, exitCode } = describeError(new Error('Region is missing'));
    expect(message).toContain('Set AWS_REGION, or give --region');
    expect(exitCode).toBe(2);
  });
});
