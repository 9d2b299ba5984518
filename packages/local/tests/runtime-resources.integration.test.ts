import {
  ConverseCommand,
  type ConverseCommandInput,
  ConverseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalBedrock, startLocalBedrock } from '../src/index.js';
import { catalogueRow } from './_catalogue-row.js';
import { runtimeClient } from './_clients.js';

const arn = (kind: string): string => `arn:aws:bedrock:us-east-1:123456789012:${kind}/abcdefghijkl`;
const NOVA_LITE = 'us.amazon.nova-lite-v1:0';
const NOVA_PRO = 'us.amazon.nova-pro-v1:0';

describe("resources of the account's own", () => {
  let bedrock: LocalBedrock;
  let client: ReturnType<typeof runtimeClient>;

  beforeAll(async () => {
    bedrock = await startLocalBedrock({
      aliases: {
        [arn('application-inference-profile')]: NOVA_LITE,
        [arn('provisioned-model')]: 'anthropic.claude-haiku-5-5',
        [arn('custom-model-deployment')]: 'amazon.nova-lite-v1:0',
        [arn('imported-model')]: 'meta.llama3-3-70b-instruct-v1:0',
      },
      prompts: { [arn('prompt')]: { modelId: NOVA_LITE, text: 'Translate into {{language}}:' } },
      promptRouters: { [arn('prompt-router')]: [NOVA_LITE, NOVA_PRO] },
    });
    client = runtimeClient(bedrock);
  });
  afterAll(async () => {
    client.destroy();
    await bedrock.stop();
  });

  const send = (modelId: string, text = 'Hello there') =>
    client.send(new ConverseCommand({ modelId, messages: [{ role: 'user', content: [{ text }] }] }));
  const lastLine = () => bedrock.bill().lines.at(-1);

  it('bills an application profile as the profile it copies', async () => {
    await send(arn('application-inference-profile'));
    expect(lastLine()).toMatchObject({ model: 'amazon.nova-lite-v1:0', scope: 'geo:us', billing: 'token' });
    expect(lastLine()?.picoUsd).toBeGreaterThan(0n);
  });

  it('bills a custom deployment by the token', async () => {
    await send(arn('custom-model-deployment'));
    expect(lastLine()).toMatchObject({ scope: 'custom', billing: 'token' });
  });

  it('asks nothing per call of a provisioned model, also where nothing runs on demand', async () => {
    await send(arn('provisioned-model'));
    expect(lastLine()).toMatchObject({ billing: 'provisioned', picoUsd: 0n });
    expect(lastLine()?.tokens.input).toBe(2);
  });

  it('does not pretend to know what an imported model costs', async () => {
    expect(bedrock.bill().complete).toBe(true);
    await send(arn('imported-model'));
    expect(lastLine()).toMatchObject({ billing: 'imported', picoUsd: undefined });
    expect(bedrock.bill().complete).toBe(false);
  });

  it('lets a prompt router choose, tells what it chose, and bills that', async () => {
    const chosen = new Set<string>();
    for (let index = 0; index < 12; index += 1) {
      const output = await send(arn('prompt-router'), `Question ${index}`);
      const invoked = output.trace?.promptRouter?.invokedModelId ?? '';
      expect(invoked).toMatch(
        /^arn:aws:bedrock:us-east-1:123456789012:inference-profile\/us\.amazon\.nova-(lite|pro)-v1:0$/,
      );
      expect(invoked).toContain(lastLine()?.model);
      expect(lastLine()?.modelId).toBe(arn('prompt-router'));
      chosen.add(invoked);
    }
    expect(chosen.size).toBe(2);
    const { stream } = await client.send(
      new ConverseStreamCommand({
        modelId: arn('prompt-router'),
        messages: [{ role: 'user', content: [{ text: 'Question 0' }] }],
      }),
    );
    let traced: string | undefined;
    for await (const event of stream ?? []) traced ??= event.metadata?.trace?.promptRouter?.invokedModelId;
    expect(traced).toMatch(/nova/);
  });

  describe('a stored prompt', () => {
    const ask = (changes: Partial<ConverseCommandInput>) =>
      client.send(
        new ConverseCommand({
          modelId: arn('prompt'),
          promptVariables: { language: { text: 'German' } },
          ...changes,
        }),
      );

    it('answers with its own text in front', async () => {
      await ask({ messages: [{ role: 'user', content: [{ text: 'Good morning' }] }] });
      // "Translate into German:" and "Good morning" by o200k_base.
      expect(lastLine()).toMatchObject({
        modelId: arn('prompt'),
        model: 'amazon.nova-lite-v1:0',
        tokens: { input: 6 },
      });
      await ask({});
      expect(lastLine()).toMatchObject({ tokens: { input: 4 } });
    });

    it.each<[string, Partial<ConverseCommandInput>]>([
      ['inferenceConfig', { inferenceConfig: { maxTokens: 5 } }],
      ['system', { system: [{ text: 'Be kind.' }] }],
      ['toolConfig', { toolConfig: { tools: [{ toolSpec: { name: 'a', inputSchema: { json: {} } } }] } }],
      ['additionalModelRequestFields', { additionalModelRequestFields: { topK: 1 } }],
    ])('refuses %s', async (name, wrong) => {
      await expect(ask(wrong)).rejects.toMatchObject({
        name: 'ValidationException',
        message: expect.stringContaining(name),
      });
    });

    it('refuses a variable without a value', async () => {
      await expect(ask({ promptVariables: {} })).rejects.toThrow('language');
    });
  });

  it('refuses a resource the account does not have', async () => {
    await expect(send(arn('provisioned-model').replace('abc', 'xyz'))).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });
});

describe('rows of the caller', () => {
  it('are what the bill goes by', async () => {
    const model = catalogueRow({ id: 'maker.model-v1', inRegion: ['us-east-1'] });
    const dear = model.prices.map((row) => ({ ...row, rates: { input: 7, output: 11 } }));
    const bedrock = await startLocalBedrock({ catalogue: new Map([[model.id, { ...model, prices: dear }]]) });
    const client = runtimeClient(bedrock);
    const { usage } = await client.send(
      new ConverseCommand({
        modelId: model.id,
        messages: [{ role: 'user', content: [{ text: 'Hello there' }] }],
      }),
    );
    expect(bedrock.bill().total.picoUsd).toBe(2n * 7n + BigInt(usage?.outputTokens ?? 0) * 11n);
    await expect(
      client.send(
        new ConverseCommand({ modelId: NOVA_LITE, messages: [{ role: 'user', content: [{ text: 'Hi' }] }] }),
      ),
    ).rejects.toMatchObject({ name: 'ValidationException' });
    client.destroy();
    await bedrock.stop();
  });
});
