import type { S3ErrorCode } from '../s3/s3-error.js';
import type { TroubleScript } from './trouble.js';

/** Errors of S3 that a script can ask for; others become `InternalError`. */
const CODES: readonly S3ErrorCode[] = [
  'AccessDenied',
  'InternalError',
  'NoSuchBucket',
  'NoSuchKey',
  'ServiceUnavailable',
  'SlowDown',
];

/** Reads a script for S3: `error` answers with its code, `throttle` with S3's `SlowDown`. */
export function createS3Trouble(
  script: TroubleScript,
): (operation: { readonly name: string }) => S3ErrorCode | undefined {
  return ({ name }) => {
    const action = script.next({ operation: name, modelIds: [] });
    if (action?.type === 'throttle') return 'SlowDown';
    if (action?.type !== 'error') return undefined;
    return CODES.find((code) => code === action.code) ?? 'InternalError';
  };
}
