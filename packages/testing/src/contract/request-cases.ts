import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { ConverseCommand, InvokeModelCommand } from '@aws-sdk/client-bedrock-runtime';
import { collectReceipts, receiptOf } from '@costkit/core';
import { errorResponse } from '../fake-response.js';
import type { ContractCase, PluginContractOptions } from './plugin-contract.js';
import {
  deepFreeze,
  drain,
  essence,
  SAMPLE_CALLS,
  SAMPLE_INPUT,
  SAMPLE_MODEL,
  sampleClient,
  withoutCachePoints,
} from './samples.js';

/** Rules about the requests that pass through the plugin. */
export function requestCases({ apply }: PluginContractOptions): readonly ContractCase[] {
  return [
    {
      name: 'never writes to the input it is given',
      run: async () => {
        const { client } = sampleClient();
        const derived = apply(client, 'enforce');
        const input = deepFreeze(structuredClone(SAMPLE_INPUT));
        await derived.send(new ConverseCommand(input));
        const body = new TextEncoder().encode(
          JSON.stringify({
            anthropic_version: 'bedrock-2023-05-31',
            max_tokens: 9,
            messages: [{ role: 'user', content: 'Hi' }],
          }),
        );
        const copy = body.slice();
        await derived.send(new InvokeModelCommand(Object.freeze({ modelId: SAMPLE_MODEL, body })));
        deepStrictEqual(body, copy);
      },
    },
    {
      name: 'sends the same command twice at once without mixing the two',
      run: async () => {
        const { client, handler } = sampleClient();
        const derived = apply(client, 'enforce');
        const command = new ConverseCommand(SAMPLE_INPUT);
        const outputs = await Promise.all([derived.send(command), derived.send(command)]);
        ok(receiptOf(outputs[0]) !== receiptOf(outputs[1]));
        // Of two calls at once one may write the prefix and the other go without: nothing else may differ.
        const [one, other] = handler.requests.map((request) => withoutCachePoints(essence(request)));
        deepStrictEqual(one, other);
      },
    },
    {
      name: 'throws the very error object that the SDK threw',
      run: async () => {
        const { client } = sampleClient(() => errorResponse('ValidationException', 'no', { status: 400 }));
        let thrown: unknown;
        client.middlewareStack.add(
          (next) => async (args) => {
            try {
              return await next(args);
            } catch (error) {
              thrown = error;
              throw error;
            }
          },
          { step: 'finalizeRequest', priority: 'high', name: 'of-the-application' },
        );
        const caught: unknown = await apply(client, 'enforce')
          .send(new ConverseCommand(SAMPLE_INPUT))
          .catch((error: unknown) => error);
        ok(thrown !== undefined);
        strictEqual(caught, thrown);
        strictEqual(receiptOf(caught)?.error, 'ValidationException');
      },
    },
    {
      name: 'writes one settled receipt for each call of each operation',
      run: async () => {
        const { client } = sampleClient();
        const derived = apply(client, 'enforce');
        const { receipts } = await collectReceipts(async () => {
          for (const { send } of SAMPLE_CALLS) await drain(await send(derived));
        });
        deepStrictEqual(
          receipts.map(({ operation, settled }) => ({ operation, settled })),
          SAMPLE_CALLS.map(({ operation }) => ({ operation, settled: true })),
        );
      },
    },
    {
      name: 'says in the receipt what it changed',
      run: async () => {
        const { client, handler } = sampleClient();
        const output = await apply(client, 'enforce').send(new ConverseCommand(SAMPLE_INPUT));
        await client.send(new ConverseCommand(SAMPLE_INPUT));
        const [changed, plain] = [essence(handler.requests[0]), essence(handler.requests.at(-1))];
        if (JSON.stringify(changed) !== JSON.stringify(plain))
          ok((receiptOf(output)?.decisions.length ?? 0) > 0);
      },
    },
  ];
}
