import { BedrockRuntimeClient, ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime';
import { collectReceipts, withTags } from '@costkit/core';
import { type LocalBedrock, startLocalBedrock } from '@costkit/local';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CostkitConfig, costkit } from '../src/index.js';

let bedrock: LocalBedrock;
beforeEach(async () => {
  bedrock = await startLocalBedrock({ tokenizer: { count: (text) => Math.ceil(text.length / 4) } });
});
afterEach(() => bedrock.stop());

async function ask(config: CostkitConfig, tenants: readonly string[]): Promise<(number | undefined)[]> {
  const client = costkit(new BedrockRuntimeClient(bedrock.clientConfig), config);
  const { receipts } = await collectReceipts(async () => {
    for (const tenant of tenants) {
      await withTags({ tenant }, async () => {
        const { stream } = await client.send(
          new ConverseStreamCommand({
            modelId: 'us.amazon.nova-lite-v1:0',
            messages: [{ role: 'user', content: [{ text: 'Is the shop open on Sundays?' }] }],
          }),
        );
        for await (const event of stream ?? []) expect(event).toBeDefined();
      });
    }
  });
  client.destroy();
  return receipts.map(({ attempts }) => attempts.length);
}

describe('costkit with a response cache', () => {
  it('asks once for each tenant, and every time without one', async () => {
    const tenants = ['one', 'one', 'other', 'one'];
    expect(await ask({ responseCache: { ttlMs: 60_000 } }, tenants)).toEqual([1, 0, 1, 0]);
    expect(bedrock.bill().lines).toHaveLength(2);
    expect(await ask({}, tenants)).toEqual([1, 1, 1, 1]);
    expect(await ask({ mode: 'observe', responseCache: { ttlMs: 60_000 } }, tenants)).toEqual([1, 1, 1, 1]);
  });
});
