import type { OptionCheck } from '@costkit/core';

/** A client of the AWS SDK, as far as it is used: `BedrockClient`, `S3Client`. */
export interface SendingClient {
  /** As the SDK's own. */
  // biome-ignore lint/suspicious/noExplicitAny: the overloads of `send` differ between SDK versions.
  send(command: any, ...rest: any[]): Promise<any>;
}

/** Complains about what cannot send. */
export const isClient: OptionCheck = (value) =>
  typeof (value as SendingClient | undefined)?.send === 'function'
    ? undefined
    : 'must be a client of the AWS SDK';
