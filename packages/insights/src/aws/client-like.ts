/** The part of a client of the AWS SDK that fetching takes. */
export interface AwsClientLike {
  /** Sends a command. */
  // biome-ignore lint/suspicious/noExplicitAny: the commands of any copy of the SDK must fit
  send(command: any): Promise<any>;
}

/** Whether something can be sent commands. */
export const isClient = (value: unknown): string | undefined =>
  typeof (value as { send?: unknown } | null)?.send === 'function'
    ? undefined
    : 'must be a client of the AWS SDK';

/** Whether something is a time. */
export const isDate = (value: unknown): string | undefined =>
  value instanceof Date && !Number.isNaN(value.getTime()) ? undefined : 'must be a valid Date';
