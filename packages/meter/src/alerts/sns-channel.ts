import { checkOptions, InvalidOptionError, isPositiveInteger } from '@costkit/core';
import { hasMethods } from '../has-methods.js';
import type { AlertChannel } from './alert-channel.js';
import { AlertDeliveryError } from './alert-delivery-error.js';
import { alertKey, alertText } from './alert-text.js';

/** The part of an `SNSClient` that is used; any copy of the SDK fits. */
export interface SnsClientLike {
  /** Sends a `PublishCommand`. */
  // biome-ignore lint/suspicious/noExplicitAny: command types of two copies of the SDK do not fit each other.
  send(command: any, options?: { abortSignal?: AbortSignal }): Promise<unknown>;
}

/** What {@link snsChannel} takes. */
export interface SnsOptions {
  /** Time for one alert, the SDK's own retries included. @defaultValue 10_000 */
  readonly timeoutMs?: number;
}

const TOPIC = /^arn:aws[\w-]*:sns:[\w-]+:\d{12}:[\w-]{1,256}(\.fifo)?$/;
/** SNS: text without line breaks and control characters, less than 100 characters. */
const SUBJECT_LENGTH = 99;

const subjectOf = (text: string): string =>
  // Beyond ASCII there may be half a character at the cut.
  text.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, SUBJECT_LENGTH);

/**
 * Publishes alerts to an SNS topic: the line for people as subject, JSON `{ text, alert }` as message, `kind` and
 * `scope` as attributes for filter policies. Needs `@aws-sdk/client-sns` and `sns:Publish`; a FIFO topic gets the
 * scope as group.
 *
 * @throws `InvalidOptionError` for a client or a topic that is none.
 *
 * @example
 * ```ts
 * snsChannel(new SNSClient({}), 'arn:aws:sns:us-east-1:111122223333:llm-costs');
 * ```
 */
export function snsChannel(client: SnsClientLike, topicArn: string, options: SnsOptions = {}): AlertChannel {
  const problem = hasMethods('send')(client);
  if (problem !== undefined) throw new InvalidOptionError('meter', 'client', problem);
  if (typeof topicArn !== 'string' || !TOPIC.test(topicArn))
    throw new InvalidOptionError('meter', 'topicArn', 'must be the ARN of an SNS topic');
  checkOptions<SnsOptions>('meter', options, { timeoutMs: isPositiveInteger });
  const { timeoutMs = 10_000 } = options;
  const name = `SNS topic ${topicArn.split(':').at(-1)}`;
  return {
    name,
    send: async (alert) => {
      const { PublishCommand } = await import('@aws-sdk/client-sns');
      const { createHash } = await import('node:crypto');
      const text = alertText(alert);
      const message = JSON.stringify({ text, alert });
      const digest = (value: string): string => createHash('sha256').update(value).digest('hex');
      const attribute = (value: string): { DataType: string; StringValue: string } => ({
        DataType: 'String',
        StringValue: value,
      });
      const command = new PublishCommand({
        TopicArn: topicArn,
        Subject: subjectOf(text),
        Message: message,
        MessageAttributes: { kind: attribute(alert.kind), scope: attribute(alert.scope) },
        // Both may have 128 characters of a small alphabet.
        ...(topicArn.endsWith('.fifo')
          ? { MessageGroupId: digest(alert.scope), MessageDeduplicationId: digest(alertKey(alert) + message) }
          : {}),
      });
      try {
        await client.send(command, { abortSignal: AbortSignal.timeout(timeoutMs) });
      } catch (error) {
        throw new AlertDeliveryError(
          name,
          (error as Error).name,
          'Check that the topic exists and that sns:Publish is allowed',
          { cause: error },
        );
      }
    },
  };
}
