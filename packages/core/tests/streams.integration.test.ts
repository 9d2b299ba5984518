import {
  ConverseCommand,
  type ConverseCommandInput,
  ConverseStreamCommand,
  type ConverseStreamOutput,
  InvokeModelWithResponseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { type LocalBedrock, type LocalBedrockOptions, proseModel, startLocalBedrock } from '@costkit/local';
import { afterEach, describe, expect, it } from 'vitest';
import {
  collectReceipts,
  deriveClient,
  leverPlugin,
  onReceipt,
  type Receipt,
  receiptOf,
} from '../src/index.js';
import { HTTP_VERSIONS, localClient, until } from './local-client.js';

const MODEL = 'us.anthropic.claude-haiku-4-5-20251001-v1:0';
const INPUT: ConverseCommandInput = {
  modelId: MODEL,
  messages: [{ role: 'user', content: [{ text: 'Tell me about the sea.' }] }],
};
const BODY = JSON.stringify({
  anthropic_version: 'bedrock-2023-05-31',
  max_tokens: 500,
  messages: [{ role: 'user', content: 'Tell me about the sea.' }],
});

describe.each(HTTP_VERSIONS)('streams over %s', (version) => {
  let bedrock: LocalBedrock;
  let bare: ReturnType<typeof localClient>;
  let client: ReturnType<typeof localClient>;

  async function start(options: LocalBedrockOptions = {}): Promise<void> {
    bedrock = await startLocalBedrock({ models: { '*': proseModel({ tokens: { mean: 200 } }) }, ...options });
    bare = localClient(bedrock, version, { maxAttempts: 1 });
    client = deriveClient(bare, leverPlugin('nothing', []));
  }
  afterEach(async () => {
    bare.destroy();
    await bedrock.stop();
  });

  const served = () => bedrock.requests().at(-1);
  const billed = () => bedrock.bill().lines.at(-1);

  it('hands on what the bare client gets, event for event', async () => {
    await start();
    const read = async (from: typeof bare): Promise<ConverseStreamOutput[]> => {
      const { stream } = await from.send(new ConverseStreamCommand(INPUT));
      const events: ConverseStreamOutput[] = [];
      for await (const event of stream ?? []) events.push(event);
      return events;
    };
    const timeless = (events: ConverseStreamOutput[]) =>
      JSON.stringify(events, (name, value) => (name === 'metrics' ? undefined : value));
    expect(timeless(await read(client))).toBe(timeless(await read(bare)));
    expect(bedrock.requests().map(({ outcome }) => outcome)).toEqual(['complete', 'complete']);
  });

  it('sends the very bytes that the bare client sends', async () => {
    await start();
    const metadata = {
      requestMetadata: { team: 'care' },
      inferenceConfig: { maxTokens: 20, temperature: 0 },
    };
    for (const from of [bare, client]) await from.send(new ConverseCommand({ ...INPUT, ...metadata }));
    const [plain, derived] = bedrock.requests();
    expect(derived?.body).toEqual(plain?.body);
    const stable = ({ headers = {} }: { headers?: Readonly<Record<string, string>> } = {}) =>
      Object.keys(headers)
        .sort()
        .map((name) =>
          /invocation-id|amz-date|authorization/.test(name) ? name : `${name}: ${headers[name]}`,
        );
    expect(stable(derived)).toEqual(stable(plain));
  });

  it('stops the server when the consumer breaks after 3 chunks', async () => {
    await start();
    const output = await client.send(new ConverseStreamCommand(INPUT));
    let count = 0;
    for await (const _ of output.stream ?? []) {
      count += 1;
      if (count === 3) break;
    }
    await until(() => served()?.outcome === 'clientGone');
    const receipt = receiptOf(output);
    expect(receipt).toMatchObject({ settled: true, quality: 'estimated', attempts: [{ complete: false }] });
    expect(receipt?.error).toBeUndefined();
    // A stream of 200 tokens: what was written before the client left is a part of it.
    expect(billed()?.answerComplete).toBe(false);
    expect(billed()?.tokens.output).toBeLessThan(150);
    // The connection is as good as before.
    await client.send(new ConverseCommand(INPUT));
    expect(served()?.outcome).toBe('complete');
  });

  it('stops the server when the consumer leaves an InvokeModel stream', async () => {
    await start();
    const output = await client.send(
      new InvokeModelWithResponseStreamCommand({ modelId: MODEL, body: BODY }),
    );
    for await (const _ of output.body ?? []) break;
    await until(() => served()?.outcome === 'clientGone');
    const receipt = receiptOf(output);
    // The first event says what the input was: only the output is an estimate.
    expect(receipt).toMatchObject({ quality: 'estimated', usage: { input: billed()?.tokens.input } });
  });

  it('stops the server when the consumer never reads and lets the stream go', async () => {
    await start({ frameIntervalMs: 1 });
    const output = await client.send(new ConverseStreamCommand(INPUT));
    await output.stream?.[Symbol.asyncIterator]().return?.();
    await until(() => served()?.outcome === 'clientGone');
    expect(receiptOf(output)).toMatchObject({ settled: true, quality: 'estimated' });
  });

  it.each([
    ['the connection is lost', 'connection'],
    ['the stream is reset', 'reset'],
    ['the stream is cancelled', 'cancel'],
  ] as const)('records a stream as incomplete when %s', async (_, how) => {
    await start({ trouble: [{ action: { type: 'drop', afterFrames: 6, how } }] });
    const output = await client.send(new ConverseStreamCommand(INPUT));
    let count = 0;
    let error: unknown;
    try {
      for await (const _event of output.stream ?? []) count += 1;
    } catch (thrown) {
      error = thrown;
    }
    const receipt = receiptOf(output);
    expect(receipt).toMatchObject({ settled: true, quality: 'estimated', attempts: [{ complete: false }] });
    expect(receipt?.cost?.picoUsd).toBeGreaterThan(0n);
    expect(receipt?.error).toBe(error instanceof Error ? error.name : undefined);
    // HTTP/1.1 throws; HTTP/2 may end as if all were well.
    if (version === 'HTTP/1.1') expect(error).toBeDefined();
    if (error !== undefined) expect(receiptOf(error)).toBe(receipt);
    expect(count).toBeLessThanOrEqual(6);
  });

  it('records an aborted stream as incomplete', async () => {
    await start({ trouble: [{ action: { type: 'stall', afterFrames: 5 } }] });
    const controller = new AbortController();
    const output = await client.send(new ConverseStreamCommand(INPUT), { abortSignal: controller.signal });
    let count = 0;
    const reading = (async () => {
      for await (const _ of output.stream ?? []) {
        count += 1;
        if (count === 5) controller.abort();
      }
    })();
    await reading.catch((error: unknown) => expect(String(error)).toMatch(/abort/i));
    await until(() => served()?.outcome === 'clientGone');
    expect(receiptOf(output)).toMatchObject({
      settled: true,
      quality: 'estimated',
      attempts: [{ complete: false }],
    });
  });

  it('settles an aborted stream that its reader never asks again, as LangChain leaves one', async () => {
    await start();
    const controller = new AbortController();
    const output = await client.send(new ConverseStreamCommand(INPUT), { abortSignal: controller.signal });
    const reader = output.stream?.[Symbol.asyncIterator]();
    for (const _ of [1, 2, 3]) await reader?.next();
    controller.abort();
    await until(() => receiptOf(output)?.settled === true);
    expect(receiptOf(output)).toMatchObject({ quality: 'estimated', attempts: [{ complete: false }] });
  });

  it('takes a signal of the SDK’s older kind, which has no listeners', async () => {
    await start();
    const abortSignal = { aborted: false, onabort: null };
    const output = await client.send(new ConverseStreamCommand(INPUT), { abortSignal });
    for await (const _ of output.stream ?? []) {
    }
    expect(receiptOf(output)).toMatchObject({ settled: true, quality: 'measured' });
  });

  it('throws the service’s own error in the middle of a stream, and knows what was paid till then', async () => {
    await start({ trouble: [{ action: { type: 'exception', afterFrames: 4 } }] });
    const output = await client.send(new ConverseStreamCommand(INPUT));
    const error = await (async () => {
      for await (const _ of output.stream ?? []) {
      }
    })().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'ModelStreamErrorException', $fault: 'client' });
    expect(receiptOf(error)).toBe(receiptOf(output));
    expect(receiptOf(output)).toMatchObject({ error: 'ModelStreamErrorException', quality: 'estimated' });
  });

  it('books a whole answer that the caller aborts, by estimate', async () => {
    await start({ trouble: [{ action: { type: 'hang' } }] });
    const controller = new AbortController();
    const { receipts } = await collectReceipts(async () => {
      const sending = client.send(new ConverseCommand(INPUT), { abortSignal: controller.signal });
      await until(() => served() !== undefined);
      controller.abort();
      await expect(sending).rejects.toMatchObject({ name: 'AbortError' });
    });
    expect(receipts).toMatchObject([
      { error: 'AbortError', quality: 'estimated', attempts: [{ complete: false, usage: { output: 0 } }] },
    ]);
    expect(receipts[0]?.cost?.picoUsd).toBeGreaterThan(0n);
  });

  it('books nothing for a caller who aborted before sending', async () => {
    await start();
    const { receipts } = await collectReceipts(() =>
      client
        .send(new ConverseCommand(INPUT), { abortSignal: AbortSignal.abort() })
        .then(undefined, (error: Error) => error.name),
    );
    expect(receipts).toMatchObject([{ error: 'AbortError', attempts: [], cost: { picoUsd: 0n } }]);
    expect(bedrock.requests()).toEqual([]);
  });

  it('books by estimate an answer whose connection is lost', async () => {
    await start({ trouble: [{ action: { type: 'drop' } }] });
    const { receipts } = await collectReceipts(() =>
      client.send(new ConverseCommand(INPUT)).then(undefined, () => undefined),
    );
    expect(receipts).toMatchObject([{ quality: 'estimated', attempts: [{ complete: false }] }]);
  });

  it('books each time that the SDK sends by itself what may be billed, and not what was refused', async () => {
    await start({
      trouble: [
        { calls: [1], action: { type: 'drop' } },
        { calls: [2], action: { type: 'error', code: 'ServiceUnavailableException' } },
      ],
    });
    const retrying = localClient(bedrock, version);
    const derived = deriveClient(retrying, leverPlugin('nothing', []));
    const receipt = receiptOf(await derived.send(new ConverseCommand(INPUT)));
    retrying.destroy();
    expect(bedrock.requests()).toHaveLength(3);
    expect(receipt).toMatchObject({
      quality: 'estimated',
      attempts: [
        { purpose: 'answer', complete: false, quality: 'estimated', usage: { output: 0 } },
        { purpose: 'answer', complete: true, quality: 'measured', sdkAttempts: 3 },
      ],
    });
    expect(receipt?.error).toBeUndefined();
    expect(receipt?.attempts[1]?.cost?.picoUsd).toBe(billed()?.picoUsd);
  });

  it('costs nothing where the caller gives up while the SDK waits to send again what was throttled', async () => {
    await start({ trouble: [{ action: { type: 'throttle', retryAfterSeconds: 1 } }] });
    const caller = new AbortController();
    const patient = localClient(bedrock, version);
    patient.middlewareStack.add(
      (next) => (args) =>
        next(args).catch((error: unknown) => {
          setImmediate(() => caller.abort());
          throw error;
        }),
      { step: 'finalizeRequest', priority: 'low' },
    );
    const sending = deriveClient(patient, leverPlugin('nothing', [])).send(new ConverseCommand(INPUT), {
      abortSignal: caller.signal,
    });
    const refused = sending.catch((thrown: unknown) => thrown);
    expect(receiptOf(await refused)).toMatchObject({
      error: 'AbortError',
      attempts: [],
      cost: { picoUsd: 0n },
    });
    expect(bedrock.requests()).toHaveLength(1);
    patient.destroy();
  });

  it('publishes one receipt for a call, after its stream', async () => {
    await start();
    const seen: Receipt[] = [];
    const stop = onReceipt((receipt) => seen.push(receipt));
    const output = await client.send(new ConverseStreamCommand(INPUT));
    expect(seen).toHaveLength(0);
    for await (const _ of output.stream ?? []) {
    }
    stop();
    expect(seen).toEqual([receiptOf(output)]);
    expect(seen[0]?.cost?.picoUsd).toBe(billed()?.picoUsd);
  });
});
