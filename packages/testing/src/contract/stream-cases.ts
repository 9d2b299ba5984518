import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime';
import { receiptOf } from '@costkit/core';
import { converseStreamEvents } from '../converse-fixtures.js';
import { encodeConverseStream } from '../event-stream.js';
import { converseStreamResponse, eventStreamResponse, type StreamStep } from '../fake-response.js';
import type { ContractCase, PluginContractOptions } from './plugin-contract.js';
import { drain, SAMPLE_CALLS, SAMPLE_INPUT, sampleClient } from './samples.js';

const EVENTS = converseStreamEvents({
  text: 'One two three four five six seven eight nine ten.',
  usage: { inputTokens: 11, outputTokens: 10 },
});

/** Rules about streams. */
export function streamCases({ apply }: PluginContractOptions): readonly ContractCase[] {
  return [
    {
      name: 'hands stream chunks on unchanged',
      run: async () => {
        for (const { operation, send } of SAMPLE_CALLS.filter((call) => call.operation.endsWith('Stream'))) {
          const { client } = sampleClient();
          deepStrictEqual(
            await drain(await send(apply(client, 'enforce'))),
            await drain(await send(client)),
            operation,
          );
        }
      },
    },
    {
      name: 'hands a chunk on before the next one has come',
      run: async () => {
        const [first, second, ...rest] = encodeConverseStream(EVENTS) as [
          Uint8Array,
          Uint8Array,
          ...Uint8Array[],
        ];
        const steps: StreamStep[] = [first, second, { stall: true }, ...rest];
        const { client } = sampleClient(() => eventStreamResponse(steps));
        const output = await apply(client, 'enforce').send(new ConverseStreamCommand(SAMPLE_INPUT));
        const iterator = (output.stream as AsyncIterable<object>)[Symbol.asyncIterator]();
        ok((await iterator.next()).value !== undefined);
        ok((await iterator.next()).value !== undefined);
        await iterator.return?.();
      },
    },
    {
      name: 'stops the server when the consumer leaves after three chunks',
      run: async () => {
        const many = converseStreamEvents({ text: 'word '.repeat(200) });
        const { client, handler } = sampleClient(() => converseStreamResponse(many));
        const output = await apply(client, 'enforce').send(new ConverseStreamCommand(SAMPLE_INPUT));
        let count = 0;
        for await (const _ of output.stream as AsyncIterable<object>) {
          count += 1;
          if (count === 3) break;
        }
        strictEqual(handler.requests[0]?.outcome, 'destroyed');
        ok((handler.requests[0]?.framesSent ?? 99) < many.length);
        const receipt = receiptOf(output);
        strictEqual(receipt?.settled, true);
        strictEqual(receipt?.quality, 'estimated');
        ok((receipt?.usage.input ?? 0) > 0);
      },
    },
    {
      name: 'books a stream that was cut as incomplete, never as free',
      run: async () => {
        const frames = encodeConverseStream(EVENTS);
        const cut: StreamStep[] = [...frames.slice(0, 3), { drop: true }];
        const { client } = sampleClient(() => eventStreamResponse(cut));
        const output = await apply(client, 'enforce').send(new ConverseStreamCommand(SAMPLE_INPUT));
        await drain(output).catch(() => undefined);
        const receipt = receiptOf(output);
        strictEqual(receipt?.attempts.at(-1)?.complete, false);
        strictEqual(receipt?.quality, 'estimated');
        ok((receipt?.usage.input ?? 0) > 0);
      },
    },
    {
      name: 'passes an error in the middle of a stream on as the same error',
      run: async () => {
        const frames: object[] = [
          ...EVENTS.slice(0, 3),
          { throttlingException: { message: 'Too many tokens' } },
        ];
        const { client } = sampleClient(() => converseStreamResponse(frames));
        const output = await apply(client, 'enforce').send(new ConverseStreamCommand(SAMPLE_INPUT));
        const error: unknown = await drain(output).catch((thrown: unknown) => thrown);
        strictEqual((error as Error).name, 'ThrottlingException');
        strictEqual(receiptOf(output)?.error, 'ThrottlingException');
      },
    },
  ];
}
