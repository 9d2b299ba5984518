import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import {
  converseResponse,
  fakeBedrockClientConfig,
  fakeRequestHandler,
  jsonResponse,
} from '@costkit/testing';
import { describe, expect, it } from 'vitest';
import { deriveClient } from './derive-client.js';
import { leverPlugin } from './lever-plugin.js';
import { receiptOf } from './receipt-registry.js';
import { senderOf } from './sender.js';

const COMMAND = new ConverseCommand({
  modelId: 'us.amazon.nova-lite-v1:0',
  messages: [{ role: 'user', content: [{ text: 'Hi' }] }],
});

function client() {
  const handler = fakeRequestHandler({ handler: () => jsonResponse(converseResponse()) });
  return { handler, bare: new BedrockRuntimeClient(fakeBedrockClientConfig(handler)) };
}

/** A client that sends as another from its second call on: the first one loads what sees to it. */
async function warm(bare: BedrockRuntimeClient): Promise<BedrockRuntimeClient> {
  const derived = deriveClient(bare, leverPlugin('nothing', []));
  await derived.send(COMMAND);
  return derived;
}

describe('senderOf', () => {
  it('answers one sender per client, with a configuration of its own that says the same', () => {
    const derived = Object.create({ config: { region: 'us-east-1', retries: undefined } });
    const sender = senderOf(derived);
    expect(senderOf(derived)).toBe(sender);
    expect(sender.config).toEqual(derived.config);
    expect(sender.config).not.toBe(derived.config);
    expect(Object.hasOwn(derived, 'config')).toBe(false);
  });

  it('copies a configuration once for all clients, and anew when a value or a member has changed', () => {
    const config: Record<string, unknown> = { region: 'us-east-1' };
    const one = Object.create({ config });
    const other = Object.create({ config });
    const before = senderOf(one).config;
    expect(senderOf(other).config).toBe(before);
    config['region'] = 'eu-west-1';
    expect(senderOf(one).config).toEqual({ region: 'eu-west-1' });
    config['endpoint'] = 'elsewhere';
    expect(senderOf(other).config).toEqual({ region: 'eu-west-1', endpoint: 'elsewhere' });
    expect(before).toEqual({ region: 'us-east-1' });
  });

  it('answers a client as it is that has a configuration of its own, is a sender, or has none', () => {
    const own = { config: {} };
    expect(senderOf(own)).toBe(own);
    const sender = senderOf(Object.create(own));
    expect(senderOf(sender)).toBe(sender);
    const without = {};
    expect(senderOf(without)).toBe(without);
  });
});

describe('a derived client', () => {
  it('shares the very configuration of the client it is from', async () => {
    const { bare } = client();
    const derived = await warm(bare);
    expect(derived.config).toBe(bare.config);
    await derived.send(COMMAND);
    expect(derived.config).toBe(bare.config);
    expect(Object.keys(derived)).not.toContain('config');
  });

  it('follows a configuration that is changed between two calls', async () => {
    const { bare } = client();
    const derived = await warm(bare);
    const hostnames: string[] = [];
    derived.middlewareStack.add(
      (next) => (args) => {
        hostnames.push((args.request as { hostname: string }).hostname);
        return next(args);
      },
      { step: 'finalizeRequest', name: 'watch' },
    );
    await derived.send(COMMAND);
    Object.assign(bare.config, {
      endpoint: async () => ({ protocol: 'https:', hostname: 'elsewhere.test', path: '/' }),
      isCustomEndpoint: true,
    });
    await derived.send(COMMAND);
    expect(hostnames).toEqual(['bedrock-runtime.us-east-1.amazonaws.com', 'elsewhere.test']);
  });

  it('sends with its own middleware when it was derived from a derived one', async () => {
    const { bare, handler } = client();
    const inner = await warm(bare);
    const seen: string[] = [];
    const outer = deriveClient(
      inner,
      leverPlugin('outer', [
        { name: 'outer', slot: 'fit', mode: 'enforce', fit: () => void seen.push('outer') },
      ]),
    );
    const answer = await outer.send(COMMAND);
    await inner.send(COMMAND);
    await bare.send(COMMAND);
    expect(seen).toEqual(['outer']);
    expect(receiptOf(answer)?.attempts).toHaveLength(1);
    expect(handler.requests).toHaveLength(4);
  });

  it('lets a stand-in for send of the client it is from take its calls', async () => {
    const { bare } = client();
    const derived = await warm(bare);
    Object.assign(bare, { send: async () => 'stand-in' });
    expect(await derived.send(COMMAND)).toBe('stand-in');
  });
});
