import type { Call } from '@costkit/core';
import { viewRequest } from '@costkit/core/views';
import { describe, expect, it } from 'vitest';
import { createCollector } from './batch-queue.js';
import type { BatchQueueOptions } from './batch-queue-options.js';

const view = viewRequest('Converse', {
  modelId: 'us.amazon.nova-2-lite-v1:0',
  messages: [{ role: 'user', content: [{ text: 'Hi' }] }],
});
const call = (signal?: AbortSignal): Call => ({ id: 'one', signal }) as Call;

/** A collector on a clock whose sleeps a test ends. */
function collector(more: Partial<BatchQueueOptions> = {}) {
  const sleeps: { readonly ms: number; readonly signal: AbortSignal | undefined; wake(): void }[] = [];
  const options = {
    bedrock: { send: () => Promise.reject(new Error('no job here')) },
    s3: { send: () => Promise.reject(new Error('no storage here')), config: {} },
    bucket: 'bucket',
    roleArn: 'arn:aws:iam::123456789012:role/batch',
    clock: {
      now: () => 0,
      sleep: (ms, signal) =>
        new Promise((resolve, reject) => {
          sleeps.push({ ms, signal, wake: resolve });
          signal?.addEventListener('abort', () => reject(signal.reason));
        }),
    },
    ...more,
  } satisfies BatchQueueOptions;
  return { sleeps, ...createCollector(options) };
}

describe('createCollector', () => {
  it('waits once for a group, and gives every request an end when its time is up', async () => {
    const { submit, sleeps } = collector({ maxWaitMs: 5_000 });
    const submitted = [submit(view, call()), submit(view, call())];
    expect(sleeps.map(({ ms }) => ms)).toEqual([5_000]);
    sleeps[0]?.wake();
    for (const submission of await Promise.all(submitted)) {
      expect(submission).toEqual({
        answered: false,
        reason: 'only 2 requests came together, a job takes at least 100',
      });
    }
  });

  it('keeps models and kinds of requests apart', () => {
    const { submit, sleeps } = collector();
    void submit(view, call());
    void submit(view.withModel('us.amazon.nova-micro-v1:0'), call());
    void submit(viewRequest('InvokeModel', { modelId: view.modelId, body: '{"messages":[]}' }), call());
    expect(sleeps).toHaveLength(3);
  });

  it.each([
    ['it is full', (one: ReturnType<typeof collector>) => one.submit(view, call())],
    ['it is flushed', (one: ReturnType<typeof collector>) => one.flush()],
  ])('leaves no timer behind when a group starts because %s', async (_, begin) => {
    const one = collector({ maxRecords: 2 });
    const submitted = one.submit(view, call());
    void begin(one);
    expect((await submitted).answered).toBe(false);
    expect(one.sleeps[0]?.signal?.aborted).toBe(true);
  });

  it('refuses a caller who has given up, and frees the place of one who does', async () => {
    const one = collector({ maxRecords: 2 });
    await expect(one.submit(view, call(AbortSignal.abort()))).rejects.toMatchObject({ name: 'AbortError' });
    const controller = new AbortController();
    const leaving = expect(one.submit(view, call(controller.signal))).rejects.toMatchObject({
      name: 'AbortError',
    });
    controller.abort();
    await leaving;
    void one.submit(view, call());
    expect(one.sleeps.at(-1)?.signal?.aborted).toBe(false);
    one.flush();
  });
});
