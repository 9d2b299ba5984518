import type {
  BedrockRuntime,
  BedrockRuntimeClient,
  ConverseCommand,
  ConverseCommandOutput,
  ConverseStreamCommand,
  ConverseStreamCommandOutput,
} from '@aws-sdk/client-bedrock-runtime';
import { describe, expectTypeOf, it } from 'vitest';
import {
  type BedrockClientLike,
  type BedrockPlugin,
  collectReceipts,
  deriveClient,
  type Lever,
  leverPlugin,
  type Money,
  type Receipt,
  receiptOf,
  settingsPlugin,
  withTags,
} from './index.js';

declare const client: BedrockRuntimeClient;
declare const aggregated: BedrockRuntime;
declare const command: ConverseCommand;
declare const streaming: ConverseStreamCommand;

describe('BedrockClientLike', () => {
  it('is every client of the SDK, by structure', () => {
    expectTypeOf(client).toExtend<BedrockClientLike>();
    expectTypeOf(aggregated).toExtend<BedrockClientLike>();
    expectTypeOf<{ send(command: unknown): unknown }>().not.toExtend<BedrockClientLike>();
    expectTypeOf<Promise<BedrockRuntimeClient>>().not.toExtend<BedrockClientLike>();
  });
});

describe('deriveClient', () => {
  it('returns the type it is given, and what send returns stays what it was', () => {
    const plugin = leverPlugin('nothing', []);
    expectTypeOf(deriveClient(client, plugin)).toEqualTypeOf<BedrockRuntimeClient>();
    expectTypeOf(deriveClient(aggregated)).toEqualTypeOf<BedrockRuntime>();
    expectTypeOf(deriveClient(client).send(command)).resolves.toEqualTypeOf<ConverseCommandOutput>();
    expectTypeOf(deriveClient(client).send(streaming)).resolves.toEqualTypeOf<ConverseStreamCommandOutput>();
    expectTypeOf(deriveClient(aggregated).converse).toEqualTypeOf<BedrockRuntime['converse']>();
  });

  it('takes clients and plugins only', () => {
    // @ts-expect-error: no client
    deriveClient({});
    // @ts-expect-error: a client needs its middleware
    deriveClient({ send: () => undefined });
    // @ts-expect-error: a lever is no plugin
    deriveClient(client, { name: 'x', slot: 'fit', mode: 'enforce' });
  });
});

describe('leverPlugin', () => {
  it('makes what the SDK takes for a plugin', () => {
    expectTypeOf(leverPlugin('nothing', [])).toEqualTypeOf<BedrockPlugin>();
    client.middlewareStack.use(leverPlugin('nothing', []));
    command.middlewareStack.use(settingsPlugin({ tags: { team: 'care' } }));
  });

  it('takes levers with a slot and a mode that exist', () => {
    expectTypeOf({ name: 'x', slot: 'fit', mode: 'observe' } as const).toExtend<Lever>();
    expectTypeOf({ name: 'x', slot: 'retry', mode: 'observe' } as const).not.toExtend<Lever>();
    expectTypeOf({ name: 'x', slot: 'fit', mode: 'on' } as const).not.toExtend<Lever>();
    // @ts-expect-error: unknown setting
    settingsPlugin({ tag: {} });
  });
});

describe('receiptOf', () => {
  it('says that a receipt may be missing, and a cost unknown', () => {
    expectTypeOf(receiptOf({})).toEqualTypeOf<Receipt | undefined>();
    expectTypeOf<Receipt['cost']>().toEqualTypeOf<Money | undefined>();
    expectTypeOf<Receipt['saved']>().toEqualTypeOf<Money | undefined>();
  });

  it('cannot be written to', () => {
    const receipt = receiptOf({}) as Receipt;
    // @ts-expect-error: a receipt is read only
    receipt.cost = undefined;
    // @ts-expect-error: and so are its attempts
    receipt.attempts.push();
  });
});

describe('collectReceipts', () => {
  it('keeps the type of what it runs, now or later', () => {
    expectTypeOf(collectReceipts(() => 5)).resolves.toExtend<{ readonly result: number }>();
    expectTypeOf(collectReceipts(() => client.send(command))).resolves.toExtend<{
      readonly result: ConverseCommandOutput;
      readonly receipts: readonly Receipt[];
    }>();
  });
});

describe('withTags', () => {
  it('returns what it runs returns', () => {
    expectTypeOf(
      withTags({ team: 'care' }, () => client.send(command)),
    ).resolves.toEqualTypeOf<ConverseCommandOutput>();
    // @ts-expect-error: tags are texts
    withTags({ team: 5 }, () => undefined);
  });
});
