import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import {
  converseResponse,
  fakeBedrockClientConfig,
  fakeRequestHandler,
  jsonResponse,
} from '@costkit/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { deriveClient } from './derive-client.js';
import type { Lever, Slot } from './lever.js';
import { leverPlugin, settingsPlugin } from './lever-plugin.js';
import { receiptOf } from './receipt-registry.js';

const SLOTS: readonly Slot[] = ['receipt', 'shape', 'route', 'fit', 'attempt'];
const INPUT = {
  modelId: 'us.amazon.nova-lite-v1:0',
  messages: [{ role: 'user' as const, content: [{ text: 'Hi' }] }],
};

function client() {
  const handler = fakeRequestHandler({
    responses: Array.from({ length: 9 }, () => jsonResponse(converseResponse())),
  });
  return { handler, bare: new BedrockRuntimeClient(fakeBedrockClientConfig(handler)) };
}

/** A plugin with a lever in every slot that writes down when it ran. */
function witness(name: string, seen: string[], mode: Lever['mode'] = 'enforce') {
  return leverPlugin(
    name,
    SLOTS.map(
      (slot): Lever =>
        slot === 'fit'
          ? { name, slot, mode, fit: () => void seen.push(`${slot} ${name}`) }
          : {
              name,
              slot,
              mode,
              around: (view, _, next) => {
                seen.push(`${slot} ${name}`);
                return next(view);
              },
            },
    ),
  );
}

function permutations<T>(values: readonly T[]): T[][] {
  return values.length < 2
    ? [[...values]]
    : values.flatMap((value, index) =>
        permutations(values.filter((_, other) => other !== index)).map((rest) => [value, ...rest]),
      );
}

afterEach(() => {
  delete process.env['COSTKIT_MODE'];
});

describe('leverPlugin', () => {
  it('runs levers in one order, whatever the order in which they were applied', async () => {
    const names = ['meter', 'router', 'prompt-cache', 'output-limiter'];
    const orders = new Set<string>();
    for (const order of permutations(names)) {
      const seen: string[] = [];
      const { bare } = client();
      const derived = order.reduce((one, name) => deriveClient(one, witness(name, seen)), bare);
      await derived.send(new ConverseCommand(INPUT));
      orders.add(seen.join(', '));
    }
    expect([...orders]).toEqual([SLOTS.flatMap((slot) => names.map((name) => `${slot} ${name}`)).join(', ')]);
  });

  it('never calls a lever that is off', async () => {
    const seen: string[] = [];
    const { bare } = client();
    await deriveClient(bare, witness('tested', seen, 'off')).send(new ConverseCommand(INPUT));
    expect(seen).toEqual([]);
  });

  it('calls none, and writes no receipt, while COSTKIT_MODE is off', async () => {
    const seen: string[] = [];
    const { bare } = client();
    const derived = deriveClient(bare, witness('tested', seen));
    process.env['COSTKIT_MODE'] = 'off';
    const output = await derived.send(new ConverseCommand(INPUT));
    expect([seen, receiptOf(output)]).toEqual([[], undefined]);
    delete process.env['COSTKIT_MODE'];
    expect(receiptOf(await derived.send(new ConverseCommand(INPUT)))).toBeDefined();
    expect(seen).toHaveLength(5);
  });

  it('works on a stack without a derived client, and is refused there twice', async () => {
    const seen: string[] = [];
    const { bare } = client();
    bare.middlewareStack.use(witness('tested', seen));
    expect(receiptOf(await bare.send(new ConverseCommand(INPUT)))).toMatchObject({ settled: true });
    expect(seen).toHaveLength(5);
    expect(() => bare.middlewareStack.use(witness('tested', seen))).toThrow(
      expect.objectContaining({ code: 'COSTKIT_ALREADY_APPLIED', lever: 'tested' }),
    );
  });

  it.each([false, true])(
    'runs every lever once, whatever stands between (cacheMiddleware: %s)',
    async (cached) => {
      const seen: string[] = [];
      const { bare, handler } = client();
      Object.assign(bare.config, { cacheMiddleware: cached });
      const derived = deriveClient(bare, settingsPlugin({ tags: { service: 'shop' } }));
      const passThrough = (next: (args: object) => unknown) => (args: object) => next({ ...args });
      for (const name of ['meter', 'router', 'batch']) {
        derived.middlewareStack.use(witness(name, seen));
        derived.middlewareStack.add(passThrough as never, {
          step: 'initialize',
          priority: 'high',
          name: `after ${name}`,
        });
      }
      derived.middlewareStack.use(settingsPlugin({ tags: { service: 'till' } }));
      for (let send = 0; send < 2; send += 1) {
        seen.length = 0;
        const output = await derived.send(new ConverseCommand(INPUT));
        expect(seen).toEqual(
          SLOTS.flatMap((slot) => ['meter', 'router', 'batch'].map((name) => `${slot} ${name}`)),
        );
        // Of settings that are given twice the last ones win.
        expect(receiptOf(output)?.tags).toEqual({ service: 'till' });
      }
      expect(handler.requests).toHaveLength(2);
    },
  );

  it('sees an input that another middleware has replaced on the way', async () => {
    const { bare, handler } = client();
    bare.middlewareStack.add(
      (next) => (args) =>
        next({
          ...args,
          input: { ...(args.input as typeof INPUT), inferenceConfig: { temperature: 0 } } as never,
        }),
      { step: 'initialize', priority: 'low', name: 'ofTheApplication' },
    );
    const capped = leverPlugin('capped', [
      {
        name: 'capped',
        slot: 'fit',
        mode: 'enforce',
        fit: (view) => ({ view: view.withMaxTokens(9), decisions: [] }),
      },
    ]);
    await deriveClient(bare, capped).send(new ConverseCommand(INPUT));
    expect((handler.requests[0]!.json as { inferenceConfig: object }).inferenceConfig).toEqual({
      temperature: 0,
      maxTokens: 9,
    });
  });

  it('survives a Region that cannot be found: the SDK will say so', async () => {
    const { bare } = client();
    bare.config.region = () => Promise.reject(new Error('Region is missing'));
    const derived = deriveClient(bare);
    const result = await derived.send(new ConverseCommand(INPUT)).catch((error: Error) => error.message);
    expect(typeof result === 'string' ? result : receiptOf(result)?.region).toBeDefined();
  });
});
