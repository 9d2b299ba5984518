import { ConverseCommand, ConverseStreamCommand, InvokeModelCommand } from '@aws-sdk/client-bedrock-runtime';
import { type LocalBedrock, startLocalBedrock } from '@costkit/local';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  collectReceipts,
  deriveClient,
  leverPlugin,
  type Receipt,
  receiptOf,
  settingsPlugin,
} from '../src/index.js';
import { localClient, until } from './local-client.js';

const arn = (kind: string): string => `arn:aws:bedrock:us-east-1:123456789012:${kind}/abcdefghijkl`;
const NOVA_LITE = 'us.amazon.nova-lite-v1:0';
const NOVA_PRO = 'us.amazon.nova-pro-v1:0';
const MODELS = {
  [arn('application-inference-profile')]: NOVA_LITE,
  [arn('provisioned-model')]: 'anthropic.claude-haiku-5-5',
  [arn('custom-model-deployment')]: 'amazon.nova-lite-v1:0',
};

describe("resources of the account's own", () => {
  let bedrock: LocalBedrock;
  let bare: ReturnType<typeof localClient>;
  let client: ReturnType<typeof localClient>;

  beforeAll(async () => {
    bedrock = await startLocalBedrock({
      aliases: { ...MODELS, [arn('imported-model')]: 'meta.llama3-3-70b-instruct-v1:0' },
      promptRouters: { [arn('prompt-router')]: [NOVA_LITE, NOVA_PRO] },
    });
    bare = localClient(bedrock);
    client = deriveClient(bare, settingsPlugin({ models: MODELS }));
  });
  afterAll(async () => {
    bare.destroy();
    await bedrock.stop();
  });

  const send = async (modelId: string, text = 'Hello there'): Promise<Receipt> =>
    receiptOf(
      await client.send(new ConverseCommand({ modelId, messages: [{ role: 'user', content: [{ text }] }] })),
    ) as Receipt;
  const billed = () => bedrock.bill().lines.at(-1);

  it.each([
    ['an application profile', 'application-inference-profile', 'geo:us', 'standard'],
    ['a custom deployment, by the token', 'custom-model-deployment', 'custom', 'standard'],
    ['provisioned throughput, at no marginal cost', 'provisioned-model', 'inRegion', 'provisioned'],
  ])('prices %s as it is billed', async (_, kind, scope, mode) => {
    const receipt = await send(arn(kind));
    expect(receipt).toMatchObject({ scope, mode, requestedModel: arn(kind), quality: 'measured' });
    expect(receipt.servedModel).toBe(billed()?.model);
    expect(receipt.cost?.picoUsd).toBe(billed()?.picoUsd);
    expect(receipt.saved?.picoUsd).toBe(receipt.cost === undefined ? undefined : 0n);
  });

  it('does not know what a call of an imported model costs, as the bill does not', async () => {
    const receipt = await send(arn('imported-model'));
    expect(receipt).toMatchObject({
      mode: 'imported',
      cost: undefined,
      baseline: undefined,
      saved: undefined,
    });
    expect(billed()?.picoUsd).toBeUndefined();
    expect(receipt.usage).toMatchObject(billed()?.tokens ?? {});
  });

  it('prices the model that a prompt router chose, and claims no saving for it', async () => {
    const served = new Set<string>();
    for (let index = 0; index < 12; index += 1) {
      const receipt = await send(arn('prompt-router'), `Question ${index}`);
      expect(receipt.servedModel).toBe(billed()?.model);
      expect(receipt.cost?.picoUsd).toBe(billed()?.picoUsd);
      expect(receipt).toMatchObject({ scope: 'geo:us', baselineQuality: 'exact', saved: { picoUsd: 0n } });
      served.add(receipt.servedModel);
    }
    expect(served.size).toBe(2);
  });

  it('reads the router’s choice at the end of a stream', async () => {
    const output = await client.send(
      new ConverseStreamCommand({
        modelId: arn('prompt-router'),
        messages: [{ role: 'user', content: [{ text: 'Question 0' }] }],
      }),
    );
    for await (const _ of output.stream ?? []) {
    }
    expect(receiptOf(output)?.cost?.picoUsd).toBe(billed()?.picoUsd);
  });

  it('reads InvokeModel bodies by the model behind the ARN', async () => {
    const { receipts } = await collectReceipts(() =>
      client.send(
        new InvokeModelCommand({
          modelId: arn('application-inference-profile'),
          body: JSON.stringify({ messages: [{ role: 'user', content: [{ text: 'Hello' }] }] }),
        }),
      ),
    );
    expect(receipts[0]).toMatchObject({ servedModel: 'amazon.nova-lite-v1:0', quality: 'measured' });
    expect(receipts[0]?.cost?.picoUsd).toBe(billed()?.picoUsd);
  });

  it('has no price, and no zero, where nobody says what stands behind an ARN', async () => {
    const unaware = deriveClient(bare, leverPlugin('nothing', []));
    const modelId = arn('application-inference-profile');
    const output = await unaware.send(
      new ConverseCommand({ modelId, messages: [{ role: 'user', content: [{ text: 'Hello' }] }] }),
    );
    const receipt = receiptOf(output);
    expect(receipt).toMatchObject({
      cost: undefined,
      baseline: undefined,
      saved: undefined,
      servedModel: modelId,
    });
    expect(receipt?.usage).toMatchObject(billed()?.tokens ?? {});
  });
});

describe('a stream that nobody reads', () => {
  it('is closed and has a receipt when it is collected as garbage', async () => {
    const { setFlagsFromString } = await import('node:v8');
    const { runInNewContext } = await import('node:vm');
    setFlagsFromString('--expose-gc');
    const collectGarbage = runInNewContext('gc') as () => void;
    const bedrock = await startLocalBedrock({ trouble: [{ action: { type: 'stall', afterFrames: 3 } }] });
    const bare = localClient(bedrock);
    const { receipts } = await collectReceipts(async () => {
      await deriveClient(bare, leverPlugin('nothing', [])).send(
        new ConverseStreamCommand({
          modelId: NOVA_LITE,
          messages: [{ role: 'user', content: [{ text: 'Hello' }] }],
        }),
      );
    });
    for (let turn = 0; turn < 200 && receipts[0]?.settled !== true; turn += 1) {
      collectGarbage();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(receipts).toMatchObject([
      { settled: true, quality: 'estimated', attempts: [{ complete: false }] },
    ]);
    await until(() => bedrock.requests()[0]?.outcome === 'clientGone');
    bare.destroy();
    await bedrock.stop();
  });
});
