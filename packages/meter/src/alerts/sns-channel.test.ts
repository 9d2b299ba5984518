import { SNSClient } from '@aws-sdk/client-sns';
import { InvalidOptionError } from '@costkit/core';
import { describe, expect, it } from 'vitest';
import { AlertDeliveryError } from './alert-delivery-error.js';
import type { Alert } from './alert-types.js';
import { type SnsOptions, snsChannel } from './sns-channel.js';

const TOPIC = 'arn:aws:sns:us-east-1:111122223333:llm-costs';
const ALERT: Alert = {
  kind: 'threshold',
  threshold: 'an expensive hour',
  scope: 'tenant=acme',
  at: new Date('2026-11-22T10:00:00Z'),
  observed: 51,
  limit: 50,
  reason: `spendUsd is 51 within 60 minutes, above the limit of 50 – ${'long '.repeat(40)}`,
};

/** The real client over a handler that answers as SNS does, and keeps the forms that were sent. */
function topic(status = 200) {
  const forms: URLSearchParams[] = [];
  const client = new SNSClient({
    region: 'us-east-1',
    credentials: { accessKeyId: 'A', secretAccessKey: 'B' },
    maxAttempts: 1,
    requestHandler: {
      handle: async (request: { body: string }) => {
        forms.push(new URLSearchParams(request.body));
        const body =
          status === 200
            ? '<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>'
            : '<ErrorResponse><Error><Type>Sender</Type><Code>AuthorizationError</Code><Message>no</Message></Error></ErrorResponse>';
        return {
          response: {
            statusCode: status,
            headers: { 'content-type': 'text/xml' },
            body: new Blob([body]).stream(),
          },
        };
      },
    } as never,
  });
  return { client, forms };
}

describe('snsChannel', () => {
  it('publishes a subject that SNS accepts, the alert, and attributes to filter by', async () => {
    const { client, forms } = topic();
    await snsChannel(client, TOPIC).send(ALERT);
    const form = forms[0] as URLSearchParams;
    expect(form.get('TopicArn')).toBe(TOPIC);
    expect(form.get('Subject')).toMatch(/^costkit an expensive hour in tenant=acme: [\x20-\x7e]+$/);
    expect(form.get('Subject')?.length).toBeLessThan(100);
    expect(JSON.parse(form.get('Message') ?? '').alert).toEqual({ ...ALERT, at: '2026-11-22T10:00:00.000Z' });
    expect([...form.values()]).toEqual(expect.arrayContaining(['kind', 'threshold', 'scope', 'tenant=acme']));
    expect(form.get('MessageGroupId')).toBeNull();
  });

  it('gives a FIFO topic a group and an identity', async () => {
    const { client, forms } = topic();
    await snsChannel(client, `${TOPIC}.fifo`).send(ALERT);
    expect(forms[0]?.get('MessageGroupId')).toMatch(/^[0-9a-f]{64}$/);
    expect(forms[0]?.get('MessageDeduplicationId')).toMatch(/^[0-9a-f]{64}$/);
  });

  it('says what is missing when SNS refuses', async () => {
    const { client } = topic(403);
    const sent = Promise.resolve(snsChannel(client, TOPIC).send(ALERT));
    await expect(sent).rejects.toThrow(AlertDeliveryError);
    await expect(sent).rejects.toThrow('sns:Publish');
  });

  it.each([
    ['llm-costs', {}],
    [TOPIC, { timeoutMs: 0 }],
    [TOPIC, { subject: 'x' }],
  ])('refuses %j with %o', (arn, options) => {
    expect(() => snsChannel(topic().client, arn, options as SnsOptions)).toThrow(InvalidOptionError);
  });
});
