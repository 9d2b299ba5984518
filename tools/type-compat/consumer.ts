// What an application writes; compiled against the published declarations by every supported TypeScript and SDK.
import {
  BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
import {
  CostkitError,
  collectReceipts,
  deriveClient,
  type Receipt,
  receiptOf,
  withTags,
} from '@costkit/core';
import { createMeter, withMeter } from '@costkit/meter';
import { withOutputLimit } from '@costkit/output-limiter';
import { costOf, Money, resolveModel } from '@costkit/pricing';
import { planCachePoints, withPromptCache } from '@costkit/prompt-cache';
import { withRouter } from '@costkit/router';
import { costkit } from 'costkit';

const modelId = 'us.amazon.nova-lite-v1:0';
const bare = new BedrockRuntimeClient({ region: 'us-east-1' });

// Every wrapper returns the type that it was given, so that wrapped clients go wherever bare ones did.
const clients: BedrockRuntimeClient[] = [
  deriveClient(bare),
  withMeter(bare),
  withOutputLimit(bare),
  withPromptCache(bare),
  withRouter(bare, { tiers: [{ name: 'small', modelId }] }),
  costkit(bare),
  costkit(withPromptCache(bare)),
];

export async function converse(client: BedrockRuntimeClient, text: string): Promise<Receipt | undefined> {
  const messages = [{ role: 'user' as const, content: [{ text }] }];
  const output = await client.send(new ConverseCommand({ modelId, messages }));
  const stopReason: string | undefined = output.stopReason;
  if (stopReason === undefined) return undefined;
  const { stream } = await client.send(new ConverseStreamCommand({ modelId, messages }));
  for await (const event of stream ?? []) event.contentBlockDelta?.delta?.text?.toUpperCase();
  return receiptOf(output);
}

export async function main(): Promise<Money> {
  const meter = createMeter();
  const { result, receipts } = await collectReceipts(() =>
    withTags({ feature: 'search' }, () => Promise.all(clients.map((client) => converse(client, 'hello')))),
  );
  const first: Receipt | undefined = result[0] ?? receipts[0];
  const saved: Money | undefined = first?.saved;
  meter.report({ by: ['feature'] });
  const plan = planCachePoints({ modelId, messages: [] });
  const tokens: number = plan.points.length;
  const usage = {
    input: tokens,
    output: 1,
    cacheRead: 0,
    cacheWrite5m: 0,
    cacheWrite1h: 0,
    cacheWrite30m: 0,
  };
  const model = resolveModel(modelId);
  if (model === undefined) return Money.zero;
  return costOf(usage, { model, tier: 'flex' }).total.plus(saved ?? Money.zero);
}

main().catch((error: unknown) => {
  if (CostkitError.isInstance(error)) console.error(error.code);
});
