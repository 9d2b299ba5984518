import { Writable } from 'node:stream';
import {
  BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { type LocalBedrock, startLocalBedrock } from '@costkit/local';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { emfSink } from '../src/emf.js';
import { callbackSink, createMeter, jsonlSink, memorySink, type Sink, withMeter } from '../src/index.js';
import { otelSink } from '../src/otel.js';

let bedrock: LocalBedrock;
beforeEach(async () => {
  bedrock = await startLocalBedrock();
});
afterEach(() => bedrock.stop());

const fail = (): never => {
  throw new Error('broken');
};
const never = (): Promise<void> => new Promise(() => undefined);
const input = {
  modelId: 'us.amazon.nova-lite-v1:0',
  messages: [{ role: 'user' as const, content: [{ text: 'Hello' }] }],
};

const BROKEN: readonly [name: string, sink: () => Sink][] = [
  ['throws', () => ({ write: fail })],
  ['rejects', () => callbackSink(() => Promise.reject(new Error('broken')))],
  ['hangs', () => ({ write: never, flush: never, close: never })],
  ['throws when a call begins', () => ({ open: fail, write: () => undefined })],
  ['throws when it is flushed and closed', () => ({ write: () => undefined, flush: fail, close: fail })],
  ['cannot write its file', () => jsonlSink('/no/such/folder/receipts.jsonl')],
  [
    'has a stream that fails',
    () =>
      emfSink({ stream: new Writable({ write: (_chunk, _encoding, done) => done(new Error('broken')) }) }),
  ],
  ['has a stream that hangs', () => emfSink({ stream: new Writable({ write: () => undefined }) })],
  ['has a provider that throws', () => otelSink({ meterProvider: { getMeter: fail } })],
];

describe.each(BROKEN)('a sink that %s', (_, broken) => {
  it('neither fails nor delays a call, a stream, another sink or the end', async () => {
    const memory = memorySink();
    const failures: string[] = [];
    const meter = createMeter({
      sinks: [{ ...broken(), name: 'broken' }, memory],
      onError: ({ sink }) => failures.push(sink),
    });
    const client = withMeter(new BedrockRuntimeClient(bedrock.clientConfig), { meter });
    expect((await client.send(new ConverseCommand(input))).stopReason).toBe('end_turn');
    let chunks = 0;
    for await (const _chunk of (await client.send(new ConverseStreamCommand(input))).stream ?? [])
      chunks += 1;
    expect(chunks).toBeGreaterThan(3);
    expect(memory.receipts).toHaveLength(2);
    expect(meter.report().total).toMatchObject({ calls: 2, failed: 0 });
    await meter.flush(20);
    await meter.close(20);
    expect(new Set(failures)).toEqual(new Set(['broken']));
  });
});
