import * as commands from '@aws-sdk/client-bedrock';
import {
  BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { collectReceipts, type Receipt, withTags } from '@costkit/core';
import { type LocalBedrock, startLocalBedrock } from '@costkit/local';
import { applyProfiles, profileMap, type TeamProfile } from '@costkit/meter/profiles';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CostkitConfig, costkit, meterOf } from '../src/index.js';

const HAIKU = 'us.anthropic.claude-haiku-5-5';
const OPUS = 'us.anthropic.claude-opus-5-5';
const TIERS = [
  { name: 'cheap', modelId: HAIKU },
  { name: 'strong', modelId: OPUS },
];
const POLICY = { version: 1, createdAt: '2026-11-22', tasks: { sort: { tier: 'cheap' } } };
const ROUTER = { tiers: TIERS, policy: POLICY };

let bedrock: LocalBedrock;
let bare: BedrockRuntimeClient;
beforeEach(async () => {
  bedrock = await startLocalBedrock();
  bare = new BedrockRuntimeClient(bedrock.clientConfig);
});
afterEach(async () => {
  bare.destroy();
  await bedrock.stop();
});

/** What a deployment leaves behind: a file. */
async function deploy(models: readonly string[] = [HAIKU, OPUS]): Promise<string> {
  const control = new commands.BedrockClient(bedrock.clientConfig);
  const owners = ['search', 'support'].map((team) => ({ tags: { team }, models }));
  const { profiles } = await applyProfiles({ bedrock: control, commands, owners });
  control.destroy();
  return JSON.stringify(profiles);
}

const arnOf = (file: string, team: string, modelId: string): string =>
  (JSON.parse(file) as TeamProfile[]).find(
    (profile) => profile.tags['team'] === team && profile.modelId === modelId,
  )?.arn ?? 'none';

/** A cold start: all it knows is the file. */
const start = (file: string, config: CostkitConfig = {}): BedrockRuntimeClient =>
  costkit(bare, { profiles: profileMap(JSON.parse(file) as TeamProfile[]), router: ROUTER, ...config });

const messages = [{ role: 'user' as const, content: [{ text: 'Where is my parcel?' }] }];
const inferenceConfig = { maxTokens: 200 };
const body = JSON.stringify({
  anthropic_version: 'bedrock-2023-05-31',
  max_tokens: 200,
  messages: [{ role: 'user', content: 'Where is my parcel?' }],
});

const drain = async (stream: AsyncIterable<unknown> | undefined): Promise<void> => {
  for await (const _event of stream ?? []);
};

/** Sends a request by each of the four operations. */
async function sendAll(client: BedrockRuntimeClient, modelId: string): Promise<readonly Receipt[]> {
  const { receipts } = await collectReceipts(() =>
    withTags({ task: 'sort' }, async () => {
      await client.send(new ConverseCommand({ modelId, messages, inferenceConfig }));
      const converse = new ConverseStreamCommand({ modelId, messages, inferenceConfig });
      await drain((await client.send(converse)).stream);
      await client.send(new InvokeModelCommand({ modelId, body }));
      await drain((await client.send(new InvokeModelWithResponseStreamCommand({ modelId, body }))).body);
    }),
  );
  return receipts;
}

const four = (modelId: string): string[] => Array.from({ length: 4 }, () => modelId);
const billed = (): (bigint | undefined)[] => bedrock.bill().lines.map(({ picoUsd }) => picoUsd);
const paid = (receipts: readonly Receipt[]): (bigint | undefined)[] =>
  receipts.map(({ cost }) => cost?.picoUsd);

describe('costkit with the profiles of an account', () => {
  it("routes each team's calls to its own profile of the cheap model, to the digit of the bill", async () => {
    const file = await deploy();
    const client = start(file);
    const receipts: Receipt[] = [];
    for (const team of ['search', 'support'])
      receipts.push(...(await sendAll(client, arnOf(file, team, OPUS))));
    expect(bedrock.bill().lines.map(({ modelId }) => modelId)).toEqual([
      ...four(arnOf(file, 'search', HAIKU)),
      ...four(arnOf(file, 'support', HAIKU)),
    ]);
    expect(paid(receipts)).toEqual(billed());
    expect(new Set(receipts.map(({ servedModel }) => servedModel))).toEqual(
      new Set(['anthropic.claude-haiku-5-5']),
    );
    for (const { saved, decisions, quality } of receipts) {
      expect(quality).toBe('measured');
      expect(saved?.picoUsd).toBeGreaterThan(0n);
      expect(decisions.find(({ lever }) => lever === 'router')?.reason).not.toMatch(/booked/);
    }
    expect(meterOf(client)?.report().total).toMatchObject({ calls: 8, unpriced: 0 });
  });

  it('asks no control plane in a cold start, and prices its first call', async () => {
    const file = await deploy();
    const before = bedrock.requests().length;
    const receipts = await sendAll(start(file), arnOf(file, 'search', OPUS));
    const asked = bedrock.requests().slice(before);
    expect(asked.map(({ modelId }) => modelId)).toEqual(four(arnOf(file, 'search', HAIKU)));
    expect(paid(receipts)).toEqual(billed());
  });

  it('calls the model itself where a team has no profile of it, and says what is lost', async () => {
    const file = await deploy([OPUS]);
    const receipts = await sendAll(start(file), arnOf(file, 'search', OPUS));
    expect(bedrock.bill().lines.map(({ modelId }) => modelId)).toEqual(four(HAIKU));
    expect(paid(receipts)).toEqual(billed());
    for (const { decisions } of receipts)
      expect(decisions.find(({ lever }) => lever === 'router')?.reason).toMatch(
        / The call is not booked to its application inference profile\.$/,
      );
  });

  it("moves a call down within its team's profiles when a budget runs short", async () => {
    const file = await deploy();
    const policy = { ...POLICY, tasks: { sort: { tier: 'strong', floor: 'cheap' } } };
    const receipts = await sendAll(
      start(file, {
        router: { tiers: TIERS, policy },
        meter: { budgets: [{ name: 'small', limitUsd: 0.002, period: 'total', onExceed: 'downgrade' }] },
      }),
      arnOf(file, 'search', OPUS),
    );
    expect(bedrock.bill().lines.map(({ modelId }) => modelId)).toEqual(four(arnOf(file, 'search', HAIKU)));
    expect(paid(receipts)).toEqual(billed());
  });

  it('lets the own word on a model win over the map', async () => {
    const file = await deploy();
    const arn = arnOf(file, 'search', OPUS);
    const [receipt] = await sendAll(start(file, { router: false, models: { [arn]: HAIKU } }), arn);
    expect(receipt?.servedModel).toBe('anthropic.claude-haiku-5-5');
  });

  it('falls back to the profile that was asked for', async () => {
    const file = await deploy();
    const control = new commands.BedrockClient(bedrock.clientConfig);
    await control.send(
      new commands.DeleteInferenceProfileCommand({
        inferenceProfileIdentifier: arnOf(file, 'search', HAIKU),
      }),
    );
    control.destroy();
    const arn = arnOf(file, 'search', OPUS);
    const receipts = await sendAll(start(file), arn);
    expect(bedrock.bill().lines.map(({ modelId }) => modelId)).toEqual(four(arn));
    expect(paid(receipts)).toEqual(billed());
    expect(receipts[0]?.decisions.map(({ action }) => action)).toContain('fell back');
  });

  it('refuses profiles that are no map', () => {
    expect(() => costkit(bare, { profiles: [] as never })).toThrow(
      /profiles.* must be what profileMap of @costkit\/meter\/profiles returns/,
    );
  });
});
