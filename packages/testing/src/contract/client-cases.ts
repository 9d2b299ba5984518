import { deepStrictEqual, ok, rejects, strictEqual, throws } from 'node:assert/strict';
import { BedrockRuntimeClient, ConverseCommand, CountTokensCommand } from '@aws-sdk/client-bedrock-runtime';
import { CostkitError, deriveClient, leverPlugin } from '@costkit/core';
import type { ContractCase, PluginContractOptions } from './plugin-contract.js';
import { essence, SAMPLE_CALLS, SAMPLE_INPUT, sampleClient } from './samples.js';

/** Rules about the client that the plugin is applied to. */
export function clientCases({
  name,
  apply,
  applyUnknownOption,
}: PluginContractOptions): readonly ContractCase[] {
  return [
    {
      name: 'leaves the client it is given untouched',
      run: async () => {
        const { client, handler } = sampleClient();
        const before = client.middlewareStack.identify();
        await client.send(new ConverseCommand(SAMPLE_INPUT));
        const derived = apply(client, 'enforce');
        await derived.send(new ConverseCommand(SAMPLE_INPUT));
        await client.send(new ConverseCommand(SAMPLE_INPUT));
        deepStrictEqual(client.middlewareStack.identify(), before);
        deepStrictEqual(essence(handler.requests.at(-1)), essence(handler.requests[0]));
      },
    },
    {
      name: 'returns a client of the same class with the same configuration',
      run: async () => {
        const { client } = sampleClient();
        const derived = apply(client, 'enforce');
        ok(derived instanceof BedrockRuntimeClient);
        strictEqual(derived.config, client.config);
      },
    },
    {
      name: 'does not let middleware of the derived client reach the given one',
      run: async () => {
        const { client } = sampleClient();
        const derived = apply(client, 'enforce');
        derived.middlewareStack.add((next) => (args) => next(args), {
          step: 'build',
          name: 'of-the-application',
        });
        ok(!client.middlewareStack.identify().some((entry) => entry.startsWith('of-the-application')));
      },
    },
    {
      name: 'refuses to be applied twice, with an error of its own',
      run: async () => {
        const { client } = sampleClient();
        const once = apply(client, 'enforce');
        throws(
          () => apply(once, 'enforce'),
          (error) => CostkitError.isInstance(error) && error.code === 'COSTKIT_ALREADY_APPLIED',
        );
      },
    },
    {
      name: 'refuses an unknown option when it is built',
      run: async () => {
        const { client } = sampleClient();
        throws(
          () => applyUnknownOption(client),
          (error) => CostkitError.isInstance(error) && error.code === 'COSTKIT_INVALID_OPTION',
        );
      },
    },
    {
      name: 'refuses what is no client',
      run: async () => {
        throws(
          () => apply({} as never, 'enforce'),
          (error) => CostkitError.isInstance(error),
        );
      },
    },
    {
      name: `is found in the stack as costkit:${name}`,
      run: async () => {
        const { client } = sampleClient();
        const stack = apply(client, 'enforce').middlewareStack.identify();
        ok(
          stack.some((entry) => entry.startsWith(`costkit:${name}`)),
          stack.join(', '),
        );
      },
    },
    {
      name: 'runs in the same order whichever plugin is applied first',
      run: async () => {
        const other = leverPlugin('contract-other', []);
        const { client } = sampleClient();
        const slots = (derived: { middlewareStack: { identify(): string[] } }): string[] =>
          derived.middlewareStack
            .identify()
            .filter((entry) => /^costkit:(receipt|shape|route|fit|attempt)/.test(entry));
        deepStrictEqual(
          slots(deriveClient(apply(client, 'enforce'), other)),
          slots(apply(deriveClient(client, other), 'enforce')),
        );
      },
    },
    {
      name: 'works when the SDK caches its middleware, whoever sent first',
      run: async () => {
        for (const first of ['bare', 'derived'] as const) {
          const { client, handler } = sampleClient(undefined, { cacheMiddleware: true });
          const derived = apply(client, 'enforce');
          for (const one of first === 'bare'
            ? [client, derived, client, derived]
            : [derived, client, derived, client]) {
            await one.send(new ConverseCommand(SAMPLE_INPUT));
          }
          await derived.send(new ConverseCommand(SAMPLE_INPUT), { requestTimeout: 1_000 });
          const fresh = sampleClient();
          await apply(fresh.client, 'enforce').send(new ConverseCommand(SAMPLE_INPUT));
          await fresh.client.send(new ConverseCommand(SAMPLE_INPUT));
          const bareRequest = handler.requests[first === 'bare' ? 0 : 1];
          deepStrictEqual(essence(bareRequest), essence(fresh.handler.requests.at(-1)));
        }
      },
    },
    {
      name: 'keeps the aggregated methods and callbacks working',
      run: async () => {
        const { client } = sampleClient();
        const derived = apply(client, 'enforce');
        const output = await new Promise<unknown>((resolve, reject) => {
          derived.send(new ConverseCommand(SAMPLE_INPUT), (error: unknown, data: unknown) =>
            error === null || error === undefined ? resolve(data) : reject(error),
          );
        });
        ok(output !== undefined);
      },
    },
    {
      name: 'lets commands that it does not know pass untouched',
      run: async () => {
        const command = (): CountTokensCommand =>
          new CountTokensCommand({
            modelId: 'anthropic.claude-haiku-4-5-20251001-v1:0',
            input: { converse: { messages: SAMPLE_INPUT.messages } },
          });
        const { client, handler } = sampleClient();
        const derived = apply(client, 'enforce');
        strictEqual((await derived.send(command())).inputTokens, 7);
        await client.send(command());
        deepStrictEqual(essence(handler.requests[0]), essence(handler.requests[1]));
      },
    },
    {
      name: 'changes nothing in modes off and observe, and nothing under COSTKIT_MODE=off',
      run: async () => {
        const before = process.env['COSTKIT_MODE'];
        for (const mode of ['off', 'observe', 'kill switch'] as const) {
          const { client, handler } = sampleClient();
          const derived = apply(client, mode === 'kill switch' ? 'enforce' : mode);
          try {
            if (mode === 'kill switch') process.env['COSTKIT_MODE'] = 'off';
            for (const { operation, send } of SAMPLE_CALLS) {
              await send(derived);
              await send(client);
              deepStrictEqual(
                essence(handler.requests.at(-2)),
                essence(handler.requests.at(-1)),
                `${mode} ${operation}`,
              );
            }
          } finally {
            if (before === undefined) delete process.env['COSTKIT_MODE'];
            else process.env['COSTKIT_MODE'] = before;
          }
        }
      },
    },
    {
      name: 'rejects without a call when the caller has aborted already',
      run: async () => {
        const { client, handler } = sampleClient();
        const derived = apply(client, 'enforce');
        await rejects(derived.send(new ConverseCommand(SAMPLE_INPUT), { abortSignal: AbortSignal.abort() }));
        ok(handler.requests.every(({ outcome }) => outcome === 'aborted'));
      },
    },
  ];
}
