import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { InvalidOptionError } from '@costkit/core';
import { afterEach, describe, expect, it } from 'vitest';
import { AlertDeliveryError } from './alert-delivery-error.js';
import type { Alert } from './alert-types.js';
import { webhookChannel } from './webhook-channel.js';

const ALERT: Alert = {
  kind: 'loop',
  scope: 'feature=agent',
  trigger: 'repeats',
  reason: 'the same request came more than 30 times within 60 s',
  stopped: true,
  timesTold: 1,
};

interface Hook {
  readonly url: string;
  readonly bodies: string[];
  readonly headers: IncomingHttpHeaders[];
}

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
});

/** Answers with the given statuses, one after another; 0 never answers. */
async function hook(...statuses: number[]): Promise<Hook> {
  const bodies: string[] = [];
  const headers: IncomingHttpHeaders[] = [];
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      bodies.push(body);
      headers.push(request.headers);
      const status = statuses[bodies.length - 1] ?? 200;
      if (status > 0) response.writeHead(status, { location: '/elsewhere' }).end('the answer');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/secret-token`, bodies, headers };
}

const rejection = (promise: void | Promise<void>): Promise<unknown> =>
  Promise.resolve(promise).then(
    () => undefined,
    (error: unknown) => error,
  );

describe('webhookChannel', () => {
  it('posts the line for people and the alert', async () => {
    const { url, bodies, headers } = await hook();
    await webhookChannel(url, { headers: { authorization: 'Bearer t' } }).send(ALERT);
    expect(JSON.parse(bodies[0] ?? '')).toEqual({
      text: 'costkit loop in feature=agent: the same request came more than 30 times within 60 s.',
      alert: ALERT,
    });
    expect(headers[0]).toMatchObject({ 'content-type': 'application/json', authorization: 'Bearer t' });
  });

  it('tries again when an attempt failed in passing', async () => {
    const { url, bodies } = await hook(503, 429, 200);
    await webhookChannel(url, { retryAfterMs: 1 }).send(ALERT);
    expect(bodies).toHaveLength(3);
  });

  it('gives up after its retries, without the address, which is a secret', async () => {
    const { url, bodies } = await hook(500, 500, 500);
    const error = await rejection(webhookChannel(url, { retries: 1, retryAfterMs: 1 }).send(ALERT));
    expect(error).toBeInstanceOf(AlertDeliveryError);
    expect((error as Error).message).toContain('500');
    expect((error as Error).message).not.toContain('secret-token');
    expect(bodies).toHaveLength(2);
  });

  it.each([400, 404, 302])('gives up at once when it answers %i', async (status) => {
    const { url, bodies } = await hook(status, 200);
    const options = { retries: status === 302 ? 0 : 3, retryAfterMs: 1 };
    expect(await rejection(webhookChannel(url, options).send(ALERT))).toBeInstanceOf(AlertDeliveryError);
    expect(bodies).toHaveLength(1);
  });

  it('waits for an answer no longer than its time', async () => {
    const { url } = await hook(0);
    const error = await rejection(webhookChannel(url, { timeoutMs: 20, retries: 0 }).send(ALERT));
    expect((error as Error).message).toContain('no answer within 20 ms');
  });

  it('says when nobody is there', async () => {
    const error = await rejection(
      webhookChannel('http://127.0.0.1:1/secret-token', { retries: 1, retryAfterMs: 1 }).send(ALERT),
    );
    expect((error as Error).message).toContain('no connection');
    expect((error as Error).message).not.toContain('secret-token');
  });

  it.each([['ftp://a.example'], ['hooks'], ['']])('refuses the address %j', (url) => {
    expect(() => webhookChannel(url)).toThrow(InvalidOptionError);
  });

  it('refuses options that there are not', () => {
    expect(() => webhookChannel('https://a.example', { retry: 3 } as never)).toThrow('retry');
  });
});
