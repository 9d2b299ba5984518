import { describe, expect, it } from 'vitest';
import { fakeBedrockClientConfig } from './fake-bedrock-client-config.js';
import { fakeRequestHandler } from './fake-request-handler.js';
import { errorResponse, jsonResponse, networkErrorResponse } from './fake-response.js';

const request = (path = '/model/some-model/converse', body?: unknown) => ({
  method: 'POST',
  path,
  headers: {},
  body,
});

describe('fakeRequestHandler', () => {
  it.each([{}, { responses: [], handler: () => jsonResponse({}) }])('needs one script: %j', (options) => {
    expect(() => fakeRequestHandler(options)).toThrow('costkit testing: fakeRequestHandler needs a script.');
  });

  it('gives a handler function the request and its number', async () => {
    const seen: [string | undefined, number][] = [];
    const handler = fakeRequestHandler({
      handler: (received, index) => {
        seen.push([received.operation, index]);
        return jsonResponse({ index });
      },
    });
    await handler.handle(request('/model/a/converse'));
    await handler.handle(request('/model/a/count-tokens'));
    expect(seen).toEqual([
      ['Converse', 0],
      ['CountTokens', 1],
    ]);
  });

  it('decodes ARNs in the path and names no operation for other routes', async () => {
    const arn = 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc';
    const handler = fakeRequestHandler({ handler: () => jsonResponse({}) });
    await handler.handle(request(`/model/${encodeURIComponent(arn)}/invoke`));
    await handler.handle(request('/foundation-models'));
    expect(handler.requests.map(({ modelId, operation }) => [modelId, operation])).toEqual([
      [arn, 'InvokeModel'],
      [undefined, undefined],
    ]);
  });

  it.each([
    [undefined, undefined],
    ['', undefined],
    ['{"a":1}', { a: 1 }],
    [new TextEncoder().encode('{"a":1}'), { a: 1 }],
    ['no json', undefined],
  ])('reads the body %j', async (body, json) => {
    const handler = fakeRequestHandler({ handler: () => jsonResponse({}) });
    await handler.handle(request(undefined, body));
    expect(handler.requests[0]?.json).toEqual(json);
  });

  it('refuses a body that it cannot read', async () => {
    const handler = fakeRequestHandler({ handler: () => jsonResponse({}) });
    await expect(handler.handle(request(undefined, new ReadableStream()))).rejects.toThrow(
      'cannot read a streamed request body',
    );
  });

  it('keeps only the latest requests when asked, and still counts them all', async () => {
    const handler = fakeRequestHandler({ handler: (_, index) => jsonResponse({ index }), keepRequests: 2 });
    for (let call = 0; call < 5; call++) await handler.handle(request(`/model/m${call}/converse`));
    expect(handler.requests.map(({ modelId }) => modelId)).toEqual(['m3', 'm4']);
  });

  it('answers each request with headers of its own', async () => {
    const response = jsonResponse({});
    const handler = fakeRequestHandler({ handler: () => response });
    const first = await handler.handle(request());
    first.response.headers['content-type'] = 'changed';
    const second = await handler.handle(request());
    expect(second.response.headers['content-type']).toBe('application/json');
  });

  it('refuses at once when the signal is aborted already', async () => {
    let asked = 0;
    const handler = fakeRequestHandler({
      handler: () => {
        asked++;
        return jsonResponse({});
      },
    });
    await expect(handler.handle(request(), { abortSignal: AbortSignal.abort() })).rejects.toMatchObject({
      name: 'AbortError',
    });
    expect(asked).toBe(0);
    expect(handler.requests[0]?.outcome).toBe('aborted');
  });

  it('remembers that it was destroyed', () => {
    const handler = fakeRequestHandler({ responses: [] });
    expect(handler.destroyed).toBe(false);
    handler.destroy();
    expect(handler.destroyed).toBe(true);
  });
});

describe('errorResponse', () => {
  it('writes the code as the service does, and takes another status', () => {
    const response = errorResponse('ThrottlingException', 'slow down', {
      status: 400,
      headers: { 'retry-after': '1' },
    });
    expect(response).toMatchObject({
      status: 400,
      headers: {
        'x-amzn-errortype': 'ThrottlingException:http://internal.amazon.com/coral/com.amazon.bedrock/',
        'retry-after': '1',
      },
    });
    expect(errorResponse('SomethingNew', 'x')).toMatchObject({ status: 400 });
  });
});

describe('networkErrorResponse', () => {
  it('fails with the code of the connection', async () => {
    const handler = fakeRequestHandler({ responses: [networkErrorResponse('ETIMEDOUT')] });
    await expect(handler.handle(request())).rejects.toMatchObject({ code: 'ETIMEDOUT' });
  });
});

describe('fakeBedrockClientConfig', () => {
  it('keeps the real waits of the SDK when asked', () => {
    const handler = fakeRequestHandler({ responses: [] });
    expect(fakeBedrockClientConfig(handler, { retryDelays: 'real' })).not.toHaveProperty('retryStrategy');
    expect(fakeBedrockClientConfig(handler, { region: 'eu-central-1', maxAttempts: 5 })).toMatchObject({
      region: 'eu-central-1',
      maxAttempts: 5,
      requestHandler: handler,
    });
  });
});
