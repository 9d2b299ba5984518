import { checkOptions, isObject, isText } from '@costkit/core';
import { requireOption } from './require-option.js';
import type { PolicySource } from './types.js';

/** An S3 client, by what is used of it. */
export interface S3ClientLike {
  /** Sends a command. */
  // biome-ignore lint/suspicious/noExplicitAny: the overloads of `send` differ between versions.
  send(command: any): Promise<any>;
}

/** Where a routing policy lies. */
export interface S3RoutingPolicyOptions {
  /** An `S3Client` of `@aws-sdk/client-s3`, which must be installed. */
  readonly client: S3ClientLike;
  /** Name of the bucket. */
  readonly bucket: string;
  /** Key of the object. It needs `s3:GetObject` and nothing else. */
  readonly key: string;
}

/**
 * A policy in S3, for the option `policy`: what lies there counts within `policyRefreshMs` of being written.
 *
 * @throws `InvalidOptionError` for unknown or wrong options. What cannot be read later goes to `onWarning`.
 *
 * @example
 * ```ts
 * const policy = s3RoutingPolicy({ client: new S3Client({}), bucket: 'my-configuration', key: 'routing-policy.json' });
 * const routed = withRouter(client, { tiers, policy });
 * ```
 */
export function s3RoutingPolicy(options: S3RoutingPolicyOptions): PolicySource {
  const checks = { client: isObject, bucket: isText, key: isText };
  checkOptions<S3RoutingPolicyOptions>('router', options, checks);
  for (const [name, check] of Object.entries(checks)) {
    requireOption(name, options[name as keyof S3RoutingPolicyOptions], check);
  }
  return async () => {
    const { GetObjectCommand } = await import('@aws-sdk/client-s3');
    const { client, bucket, key } = options;
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return Body?.transformToString() as Promise<string>;
  };
}
