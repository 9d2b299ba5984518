import { describe, expect, it, vi } from 'vitest';
import { aCall, aView, MODEL } from '../tests/a-call.js';
import { viewRequest } from './view-request.js';

const named = (name: string, more: object = {}): Error =>
  Object.assign(new Error('prompt in a message'), { name, ...more });

describe('AttemptState', () => {
  it.each([
    ['an abort', named('AbortError')],
    ['a timeout', named('TimeoutError')],
    ['a lost connection', named('Error', { code: 'ECONNRESET' })],
    ['a connection that the service closes', named('Error', { code: 'ERR_HTTP2_SESSION_ERROR' })],
    ['a connection that falls silent', named('Error', { code: 'ETIMEDOUT', syscall: 'read' })],
    ['a lost connection after retries', named('Error', { code: 'ECONNRESET', $metadata: { attempts: 3 } })],
    ['an answer that was cut on its way', named('SyntaxError', { $metadata: { httpStatusCode: 200 } })],
  ])('books the input by estimate after %s: the service may have worked', async (_, error) => {
    const call = await aCall();
    call.beginAttempt(aView(), 'answer', undefined).fail(error);
    expect(call.attempts).toMatchObject([{ quality: 'estimated', complete: false, error: error.name }]);
    expect(call.attempts[0]?.usage.input).toBeGreaterThan(0);
    expect(call.attempts[0]?.usage.output).toBe(0);
    expect(call.attempts[0]?.cost?.picoUsd).toBeGreaterThan(0n);
  });

  it.each([
    ['a refusal', named('ValidationException', { $metadata: { httpStatusCode: 400 } })],
    ['throttling', named('ThrottlingException', { $metadata: { httpStatusCode: 429 } })],
    [
      'a timeout that the service reports',
      named('ModelTimeoutException', { $metadata: { httpStatusCode: 408 } }),
    ],
    ['a server that is not there', named('Error', { code: 'ECONNREFUSED' })],
    ['a server that does not answer', named('TimeoutError', { code: 'ETIMEDOUT', syscall: 'connect' })],
    [
      'a connection that takes too long',
      named('TimeoutError', {
        message:
          '@smithy/node-http-handler - the request socket did not establish a connection with the server within the configured timeout of 1000 ms.',
      }),
    ],
    ['missing credentials', named('CredentialsProviderError')],
    ['something that is no error', 'text'],
  ])('books nothing after %s', async (_, error) => {
    const call = await aCall();
    call.beginAttempt(aView(), 'answer', undefined).fail(error);
    expect(call.attempts).toEqual([]);
  });

  it('knows by its headers what an answer has cost whose body got lost', async () => {
    const body = JSON.stringify({ anthropic_version: 'bedrock-2023-05-31', max_tokens: 9, messages: [] });
    const view = viewRequest('InvokeModel', { modelId: MODEL, body });
    const headers = {
      'x-amzn-bedrock-input-token-count': '10',
      'x-amzn-bedrock-output-token-count': '500',
    };
    const call = await aCall(view);
    const lost = named('Error', {
      code: 'ECONNRESET',
      $metadata: { httpStatusCode: 200 },
      $response: { headers },
    });
    call.beginAttempt(view, 'answer', undefined).fail(lost);
    expect(call.attempts).toMatchObject([
      { quality: 'measured', usage: { input: 10, output: 500 }, error: 'Error' },
    ]);
  });

  it('does not take for free what nobody counts', async () => {
    const view = viewRequest('InvokeModel', {
      modelId: 'stability.stable-image-core-v1:1',
      body: '{"prompt":"a lighthouse"}',
    });
    const call = await aCall(view);
    const body = new TextEncoder().encode('{"images":["AQID"]}');
    call.beginAttempt(view, 'answer', undefined).succeed({ output: { body } });
    expect(call.attempts).toMatchObject([{ quality: 'estimated', cost: undefined }]);
  });

  it('closes the connection of a stream that a lever left unread, and books what was seen of it', async () => {
    const destroy = vi.fn();
    const call = await aCall(aView());
    const result = call.beginAttempt(aView(), 'draft', undefined).succeed({
      output: {
        stream: (async function* () {
          yield { contentBlockDelta: { delta: { text: 'Paris is in France, a country in Europe.' } } };
          yield {};
        })(),
      },
      response: { body: { destroy } },
    });
    const iterator = (result.output as { stream: AsyncIterable<object> }).stream[Symbol.asyncIterator]();
    await iterator.next();
    call.settle();
    expect(destroy).toHaveBeenCalledTimes(1);
    expect(call.attempts).toMatchObject([{ purpose: 'draft', quality: 'estimated', complete: false }]);
    expect(call.attempts[0]?.usage.output).toBeGreaterThan(5);
  });

  it('closes a stream that comes after the receipt is out', async () => {
    const destroy = vi.fn();
    const call = await aCall();
    const late = call.beginAttempt(aView(), 'answer', undefined);
    call.settle();
    late.succeed({ output: { stream: (async function* () {})() }, response: { body: { destroy } } });
    expect(destroy).toHaveBeenCalledTimes(1);
  });
});
