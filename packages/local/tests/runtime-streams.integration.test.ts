import {
  type BedrockRuntimeClient,
  ConverseCommand,
  type ConverseCommandInput,
  ConverseStreamCommand,
  type ConverseStreamOutput,
} from '@aws-sdk/client-bedrock-runtime';
import { afterEach, describe, expect, it } from 'vitest';
import {
  createManualClock,
  type LocalBedrock,
  type LocalBedrockOptions,
  proseModel,
  startLocalBedrock,
  type TroubleAction,
} from '../src/index.js';
import { HTTP_VERSIONS, runtimeClient, until } from './_clients.js';

const MODEL = 'us.anthropic.claude-haiku-4-5-20251001-v1:0';
const INPUT: ConverseCommandInput = {
  modelId: MODEL,
  messages: [{ role: 'user', content: [{ text: 'Hello there' }] }],
};

const abortable = (): { signal: AbortSignal; abort: () => void } => {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
};

describe.each(HTTP_VERSIONS)('streams over %s', (version) => {
  let bedrock: LocalBedrock;
  let client: BedrockRuntimeClient;

  const start = async (options: LocalBedrockOptions, maxAttempts = 1): Promise<void> => {
    bedrock = await startLocalBedrock({ models: { '*': proseModel({ tokens: { mean: 200 } }) }, ...options });
    client = runtimeClient(bedrock, version, { maxAttempts });
  };
  afterEach(async () => {
    client.destroy();
    await bedrock.stop();
  });

  const read = async (
    events: ConverseStreamOutput[],
    stopAfter = Number.POSITIVE_INFINITY,
  ): Promise<void> => {
    const { stream } = await client.send(new ConverseStreamCommand(INPUT));
    for await (const event of stream ?? []) {
      events.push(event);
      if (events.length >= stopAfter) break;
    }
  };
  const meeting = (action: TroubleAction): LocalBedrockOptions => ({ trouble: [{ action }] });

  it('tells that a stream was read to its end', async () => {
    await start({});
    const events: ConverseStreamOutput[] = [];
    await read(events);
    expect(bedrock.requests()[0]).toMatchObject({
      outcome: 'complete',
      framesWritten: events.length,
      status: 200,
    });
  });

  it('stops a stream whose reader aborts, and bills input and what was sent', async () => {
    await start(meeting({ type: 'stall', afterFrames: 5 }));
    const controller = new AbortController();
    const output = await client.send(new ConverseStreamCommand(INPUT), { abortSignal: controller.signal });
    const events: ConverseStreamOutput[] = [];
    const reading = (async () => {
      for await (const event of output.stream ?? []) {
        events.push(event);
        if (events.length === 5) controller.abort();
      }
    })();
    // On HTTP/2 the SDK ends the loop without an error, on HTTP/1.1 it throws.
    await reading.catch((error: unknown) => expect(String(error)).toMatch(/abort/i));
    await until(() => bedrock.requests()[0]?.outcome === 'clientGone');
    expect(events).toHaveLength(5);
    expect(bedrock.requests()[0]).toMatchObject({ framesWritten: 5 });
    const [line] = bedrock.bill().lines;
    expect(line).toMatchObject({ answerComplete: false, tokens: { input: 2 } });
    // messageStart carries no tokens; the other four frames at most four each. One more event may have been made.
    expect(line?.tokens.output).toBeGreaterThanOrEqual(16);
    expect(line?.tokens.output).toBeLessThanOrEqual(20);
  });

  it('stops a stream between two frames', async () => {
    await start({ frameIntervalMs: 3_600_000, clock: createManualClock(Date.parse('2026-11-22T12:00:00Z')) });
    const { signal, abort } = abortable();
    const { stream } = await client.send(new ConverseStreamCommand(INPUT), { abortSignal: signal });
    expect(stream).toBeDefined();
    expect(bedrock.requests()[0]).toMatchObject({ outcome: 'streaming', framesWritten: 1 });
    abort();
    await until(() => bedrock.requests()[0]?.outcome !== 'streaming');
    expect(bedrock.requests()[0]).toMatchObject({ outcome: 'clientGone', framesWritten: 1 });
  });

  it('paces frames by the clock', async () => {
    const clock = createManualClock(Date.parse('2026-11-22T12:00:00Z'));
    await start({ frameIntervalMs: 1_000, clock });
    const events: ConverseStreamOutput[] = [];
    const reading = read(events, 4);
    await until(() => bedrock.requests()[0]?.framesWritten === 1);
    await clock.advance(1_000);
    await until(() => bedrock.requests()[0]?.framesWritten === 2);
    await clock.advance(3_000);
    await reading;
    expect(events).toHaveLength(4);
    await clock.advance(10_000_000);
  });

  it('waits for a reader that is slower than the model', async () => {
    // 40 MB in frames of 4 kB: more than sockets on loopback buffer.
    const text = 'x'.repeat(40_000_000);
    await start({
      models: { '*': { kind: 'endless', answer: () => ({ parts: [{ type: 'text', text }] }) } },
      tokenizer: { count: () => 1, pieces: (whole) => whole.match(/.{1,1000}/g) ?? [] },
    });
    const { signal, abort } = abortable();
    const { stream } = await client.send(new ConverseStreamCommand(INPUT), { abortSignal: signal });
    const iterator = (stream as AsyncIterable<ConverseStreamOutput>)[Symbol.asyncIterator]();
    await iterator.next();
    let before = -1;
    // Written frames stop growing once the buffers on the way are full.
    await until(() => {
      const now = bedrock.requests()[0]?.framesWritten ?? 0;
      const still = now === before;
      before = now;
      return still && now > 1;
    });
    expect(before).toBeLessThan(9_000);
    expect(bedrock.requests()[0]?.outcome).toBe('streaming');
    abort();
    await until(() => bedrock.requests()[0]?.outcome === 'clientGone');
  });

  it('breaks the connection after some frames', async () => {
    await start(meeting({ type: 'drop', afterFrames: 3 }));
    const events: ConverseStreamOutput[] = [];
    // The SDK's HTTP/2 handler takes a lost connection for the end of the stream.
    if (version === 'HTTP/2') await read(events);
    else await expect(read(events)).rejects.toThrow(/aborted|ECONNRESET/);
    expect(events).toHaveLength(3);
    expect(events.some((event) => event.metadata !== undefined)).toBe(false);
    expect(bedrock.requests()[0]).toMatchObject({ framesWritten: 3 });
    expect(bedrock.bill().lines[0]?.answerComplete).toBe(false);
  });

  it('resets the stream, which HTTP/2 clients notice', async () => {
    await start({ trouble: [{ calls: [1], action: { type: 'drop', afterFrames: 3, how: 'reset' } }] });
    await expect(read([])).rejects.toThrow();
    await expect(client.send(new ConverseCommand({ ...INPUT, modelId: 'no.model' }))).rejects.toThrow(
      'identifier',
    );
  });

  it('cuts a frame in half', async () => {
    await start(meeting({ type: 'truncate', afterFrames: 3 }));
    const events: ConverseStreamOutput[] = [];
    await expect(read(events)).rejects.toThrow(/[Tt]runcated/);
    expect(events).toHaveLength(3);
  });

  it('sends an exception in the middle, which becomes the typed error', async () => {
    await start(
      meeting({ type: 'exception', afterFrames: 4, name: 'throttlingException', message: 'Slow down.' }),
    );
    const events: ConverseStreamOutput[] = [];
    await expect(read(events)).rejects.toMatchObject({ name: 'ThrottlingException', message: 'Slow down.' });
    expect(events).toHaveLength(4);
  });

  it('throttles the calls it is told to, and the SDK tries again', async () => {
    await start({ trouble: [{ calls: [1], action: { type: 'error', code: 'InternalServerException' } }] }, 3);
    const output = await client.send(new ConverseCommand(INPUT));
    expect(output.$metadata.attempts).toBe(2);
    const requests = bedrock.requests();
    expect(requests.map(({ status }) => status)).toEqual([500, 200]);
    expect(requests[0]?.sdkInvocationId).toBe(requests[1]?.sdkInvocationId);
    expect(requests[1]?.sdkRequest).toContain('attempt=2');
    expect(bedrock.bill().lines).toHaveLength(1);
  });

  it('answers late on the clock, and not at all when told to hang', async () => {
    const clock = createManualClock(Date.parse('2026-11-22T12:00:00Z'));
    await start({
      clock,
      trouble: [
        { calls: [1], action: { type: 'slow', ms: 60_000 } },
        { calls: [2], action: { type: 'hang' } },
      ],
    });
    const late = client.send(new ConverseCommand(INPUT));
    await until(() => bedrock.requests().length === 1);
    expect(bedrock.requests()[0]?.outcome).toBe('running');
    await clock.advance(60_000);
    expect((await late).stopReason).toBe('end_turn');
    const controller = new AbortController();
    const never = client.send(new ConverseCommand(INPUT), { abortSignal: controller.signal });
    await until(() => bedrock.requests().length === 2);
    controller.abort();
    await expect(never).rejects.toMatchObject({ name: 'AbortError' });
    await until(() => bedrock.requests()[1]?.outcome === 'clientGone');
  });

  it('drops the connection instead of answering', async () => {
    await start(meeting({ type: 'drop' }));
    await expect(client.send(new ConverseCommand(INPUT))).rejects.toThrow();
    expect(bedrock.requests()[0]).toMatchObject({ outcome: 'broken' });
    expect(bedrock.bill().lines).toEqual([]);
  });

  it('serves many streams at once', async () => {
    await start({});
    await Promise.all(Array.from({ length: 50 }, () => read([])));
    expect(bedrock.requests().every(({ outcome }) => outcome === 'complete')).toBe(true);
    const lines = bedrock.bill().lines;
    expect(lines).toHaveLength(50);
    expect(new Set(lines.map(({ picoUsd }) => picoUsd)).size).toBe(1);
  });
});
