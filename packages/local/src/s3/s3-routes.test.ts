import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createManualClock } from '../clock.js';
import type { HttpRequest, HttpResponse, RouteHandler } from '../contract.js';
import { openObjectStore } from './file-object-store.js';
import type { ObjectStore } from './object-store.js';
import { s3Routes } from './s3-routes.js';

const credential = (service: string): string => `AKID/20261122/us-east-1/${service}/aws4_request`;
const signed = (service = 's3'): Record<string, string> => ({
  authorization: `AWS4-HMAC-SHA256 Credential=${credential(service)}, SignedHeaders=host, Signature=00`,
});

let folder: string;
let store: ObjectStore;
let handle: RouteHandler;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'costkit-s3-routes-'));
  const opened = await openObjectStore({ folder, clock: createManualClock(0) });
  store = opened;
  handle = s3Routes({ store: opened, region: 'us-east-1', accountId: '123456789012' });
  await store.createBucket('bucket');
  await store.put('bucket', 'key', Buffer.from('content'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const send = (
  method: string,
  target: string,
  more: { headers?: Record<string, string>; body?: string; signal?: AbortSignal } = {},
): Promise<HttpResponse | undefined> => {
  const [path = '', query = ''] = target.split('?');
  const request: HttpRequest = {
    method,
    path,
    query: new URLSearchParams(query),
    headers: more.headers ?? signed(),
    body: Buffer.from(more.body ?? ''),
    signal: more.signal ?? new AbortController().signal,
  };
  return handle(request);
};
async function* bytesOf(response: HttpResponse | undefined): AsyncGenerator<Uint8Array> {
  if (response?.body === undefined || typeof response.body === 'string') throw new Error('no bytes');
  if (response.body instanceof Uint8Array) yield response.body;
  else yield* response.body;
}
const codeOf = (response: HttpResponse | undefined): string | undefined =>
  /<Code>(\w+)<\/Code>/.exec(String(response?.body))?.[1];

describe('s3Routes', () => {
  it('leaves alone what is not signed for S3', async () => {
    expect(await send('GET', '/bucket/key', { headers: {} })).toBeUndefined();
    expect(await send('GET', '/bucket/key', { headers: signed('bedrock') })).toBeUndefined();
    expect(await send('GET', '/bucket/key', { headers: { authorization: 'Bearer token' } })).toBeUndefined();
  });

  it.each([
    `X-Amz-Credential=${encodeURIComponent(credential('s3'))}&X-Amz-Signature=00`,
    'AWSAccessKeyId=AKID&Signature=00&Expires=1',
  ])('takes a presigned URL: %s', async (query) => {
    const response = await send('GET', `/bucket/key?${query}`, { headers: {} });
    expect(response?.status).toBe(200);
    for await (const chunk of bytesOf(response)) {
      expect(Buffer.from(chunk).toString()).toBe('content');
    }
  });

  it.each(['acl', 'tagging', 'policy', 'versions', 'lifecycle'])('says that it has no ?%s', async (name) => {
    const response = await send('GET', `/bucket?${name}`);
    expect(response?.status).toBe(501);
    expect(codeOf(response)).toBe('NotImplemented');
    expect(String(response?.body)).toContain(name);
  });

  it.each([
    ['PATCH', '/bucket/key'],
    ['POST', '/bucket/key'],
    ['POST', '/bucket'],
    ['PUT', '/'],
  ])('knows no %s %s', async (method, target) => {
    const response = await send(method, target);
    expect(response?.status).toBe(405);
    expect(codeOf(response)).toBe('MethodNotAllowed');
  });

  it('refuses an address that is not validly encoded', async () => {
    expect(codeOf(await send('GET', '/bucket/%zz'))).toBe('InvalidURI');
  });

  it('names every answer, and errors by resource', async () => {
    const found = await send('HEAD', '/bucket/key');
    expect(found?.headers).toMatchObject({
      'content-length': '7',
      'x-amz-request-id': expect.stringMatching(/^[0-9A-F]{16}$/),
      'last-modified': 'Thu, 01 Jan 1970 00:00:00 GMT',
    });
    const missing = await send('GET', '/bucket/none');
    expect(missing?.headers?.['content-type']).toBe('application/xml');
    expect(String(missing?.body)).toContain('<Resource>/bucket/none</Resource>');
    const head = await send('HEAD', '/bucket/none');
    expect(head).toMatchObject({ status: 404 });
    expect(head?.body).toBeUndefined();
  });

  it('answers a failure of its own as the server would, not as an error of S3', async () => {
    const broken = s3Routes({
      store: { ...store, head: () => Promise.reject(new Error('disk on fire')) } as never,
      region: 'us-east-1',
      accountId: '123456789012',
    });
    handle = broken;
    await expect(send('HEAD', '/bucket/key')).rejects.toThrow('disk on fire');
  });

  it('lets go of the file when the client leaves before the first byte', async () => {
    const gone = new AbortController();
    const response = await send('GET', '/bucket/key', { signal: gone.signal });
    gone.abort();
    await expect(
      (async () => {
        for await (const _chunk of bytesOf(response));
      })(),
    ).rejects.toThrow();
  });

  it('lists the buckets that a prefix asks for, page by page', async () => {
    await store.createBucket('bucket-2');
    await store.createBucket('other');
    const first = String((await send('GET', '/?prefix=bucket&max-buckets=1'))?.body);
    expect(first).toContain('<Name>bucket</Name>');
    expect(first).not.toContain('bucket-2');
    const token = /<ContinuationToken>(.*)<\/ContinuationToken>/.exec(first)?.[1];
    const second = String(
      (await send('GET', `/?prefix=bucket&max-buckets=1&continuation-token=${token}`))?.body,
    );
    expect(second).toContain('<Name>bucket-2</Name>');
    expect(second).not.toContain('ContinuationToken');
  });
});
