import {
  BedrockRuntimeClient,
  ConverseCommand,
  type ConverseCommandInput,
  ConverseStreamCommand,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
import {
  collectReceipts,
  deriveClient,
  Money,
  type ProfileMap,
  type Receipt,
  settingsPlugin,
  withTags,
} from '@costkit/core';
import { type LocalBedrock, startLocalBedrock } from '@costkit/local';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type RouterOptions, withRouter } from '../src/index.js';
import { HAIKU, OPUS, TIERS } from './fake-bedrock.js';

const PROFILE = 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abcdef123456';
const PROVISIONED = 'arn:aws:bedrock:us-east-1:123456789012:provisioned-model/abcdef123456';
const PROFILE_OF_HAIKU = 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/ghijkl123456';
const MODELS = { [PROFILE]: OPUS, [PROFILE_OF_HAIKU]: HAIKU, [PROVISIONED]: 'anthropic.claude-opus-5-5' };

const PROFILES: ProfileMap = {
  models: MODELS,
  counterpart: (_arn, modelId) => (modelId === HAIKU ? PROFILE_OF_HAIKU : undefined),
};

let bedrock: LocalBedrock;
let client: BedrockRuntimeClient;
beforeAll(async () => {
  bedrock = await startLocalBedrock({ aliases: MODELS });
  client = new BedrockRuntimeClient(bedrock.clientConfig);
});
afterAll(async () => {
  client.destroy();
  await bedrock.stop();
});

let linesBefore = 0;
let requestsBefore = 0;
afterEach(() => {
  linesBefore = bedrock.bill().lines.length;
  requestsBefore = bedrock.requests().length;
});
const billed = (): Money =>
  Money.fromPicoUsd(
    bedrock
      .bill()
      .lines.slice(linesBefore)
      .reduce((sum, line) => sum + (line.picoUsd ?? 0n), 0n),
  );
const asked = (): (string | undefined)[] =>
  bedrock
    .requests()
    .slice(requestsBefore)
    .map(({ modelId }) => modelId);
const paid = (receipts: readonly Receipt[]): Money =>
  Money.sum(receipts.map(({ cost }) => cost ?? Money.zero));

const question = (index: number): ConverseCommandInput => ({
  modelId: OPUS,
  system: [{ text: 'You sort support mail into one of five folders.' }],
  messages: [{ role: 'user', content: [{ text: `Mail ${index}: where is my parcel?` }] }],
  inferenceConfig: { maxTokens: 300 },
});

const body = JSON.stringify({
  anthropic_version: 'bedrock-2023-05-31',
  max_tokens: 300,
  messages: [{ role: 'user', content: 'Mail: where is my parcel?' }],
});

const drain = async (stream: AsyncIterable<unknown> | undefined): Promise<void> => {
  for await (const _event of stream ?? []);
};

/** Sends a question by each of the four operations. */
async function sendAll(routed: BedrockRuntimeClient, modelId: string = OPUS): Promise<void> {
  await routed.send(new ConverseCommand({ ...question(1), modelId }));
  await drain((await routed.send(new ConverseStreamCommand({ ...question(2), modelId }))).stream);
  await routed.send(new InvokeModelCommand({ modelId, body }));
  await drain((await routed.send(new InvokeModelWithResponseStreamCommand({ modelId, body }))).body);
}

/** A client that was told what stands behind the account's own ARNs. */
const told = (options: Partial<RouterOptions>): BedrockRuntimeClient =>
  deriveClient(routed(options), settingsPlugin({ models: MODELS }));
const routed = (options: Partial<RouterOptions>): BedrockRuntimeClient =>
  withRouter(client, { tiers: TIERS, ...options });
const policy = { version: 1, createdAt: '2026-11-22', tasks: { sort: { tier: 'cheap' } } };
const sorting = (options: Partial<RouterOptions>) =>
  collectReceipts(() => withTags({ task: 'sort' }, () => sendAll(routed(options))));

describe('withRouter over the local Bedrock', () => {
  it('pays the price of the chosen tier, to the last digit of the bill', async () => {
    const { receipts } = await sorting({ policy });
    expect(asked()).toEqual([HAIKU, HAIKU, HAIKU, HAIKU]);
    expect(receipts.every(({ settled, quality }) => settled && quality === 'measured')).toBe(true);
    expect(paid(receipts)).toEqual(billed());
    // Haiku 5.5 costs a fortieth of Opus 5.5 in the catalogue of today.
    for (const { cost, baseline } of receipts)
      expect((baseline?.usd ?? 0) / (cost?.usd ?? 1)).toBeCloseTo(40, 6);
  });

  it.each(['observe', 'off'] as const)('pays what the bare client pays in %s', async (mode) => {
    await sendAll(client);
    const bare = billed();
    linesBefore = bedrock.bill().lines.length;
    requestsBefore = bedrock.requests().length;
    const { receipts } = await sorting({ policy, mode });
    expect(asked()).toEqual([OPUS, OPUS, OPUS, OPUS]);
    expect(billed()).toEqual(bare);
    expect(paid(receipts)).toEqual(bare);
    expect(receipts.flatMap(({ decisions }) => decisions.map(({ action }) => action))).toEqual(
      mode === 'off' ? [] : Array.from({ length: 4 }, () => 'would route to cheap'),
    );
  });

  it('books both calls of an escalated cascade', async () => {
    const { receipts } = await sorting({ cascade: { check: () => false } });
    expect(asked()).toEqual([HAIKU, OPUS, HAIKU, OPUS, HAIKU, OPUS, HAIKU, OPUS]);
    expect(receipts.map(({ attempts }) => attempts.map(({ purpose }) => purpose))).toEqual(
      Array.from({ length: 4 }, () => ['draft', 'escalation']),
    );
    expect(paid(receipts)).toEqual(billed());
  });

  it('books one call of an accepted cascade', async () => {
    const { receipts } = await sorting({
      cascade: { check: ({ text, stopReason }) => text !== '' && stopReason === 'end_turn' },
    });
    expect(asked()).toEqual([HAIKU, HAIKU, HAIKU, HAIKU]);
    expect(paid(receipts)).toEqual(billed());
  });

  it('shows the draft to the strong tier in a request that it accepts', async () => {
    const { receipts } = await sorting({ cascade: { check: () => false, includeDraft: true } });
    expect(asked()).toHaveLength(8);
    expect(paid(receipts)).toEqual(billed());
  });

  it('routes an application profile like the model behind it, in all four operations', async () => {
    const { receipts } = await collectReceipts(() =>
      withTags({ task: 'sort' }, () => sendAll(told({ policy }), PROFILE)),
    );
    expect(asked()).toEqual([HAIKU, HAIKU, HAIKU, HAIKU]);
    expect(paid(receipts)).toEqual(billed());
    for (const { cost, baseline, decisions } of receipts) {
      expect((baseline?.usd ?? 0) / (cost?.usd ?? 1)).toBeCloseTo(40, 6);
      expect(decisions[0]?.reason).toMatch(/not booked to its application inference profile\.$/);
    }
  });

  it("routes an application profile to the same owner's profile, in all four operations", async () => {
    const { receipts } = await collectReceipts(() =>
      withTags({ task: 'sort' }, () => sendAll(told({ policy, profiles: PROFILES }), PROFILE)),
    );
    expect(asked()).toEqual([PROFILE_OF_HAIKU, PROFILE_OF_HAIKU, PROFILE_OF_HAIKU, PROFILE_OF_HAIKU]);
    expect(paid(receipts)).toEqual(billed());
    for (const { cost, baseline, decisions, servedModel, requestedModel } of receipts) {
      expect([requestedModel, servedModel]).toEqual([PROFILE, 'anthropic.claude-haiku-5-5']);
      expect((baseline?.usd ?? 0) / (cost?.usd ?? 1)).toBeCloseTo(40, 6);
      expect(decisions[0]?.reason).not.toMatch(/booked/);
    }
  });

  it('escalates to the application profile that was asked for', async () => {
    const cascade = { check: () => false, tiers: ['cheap', 'strong'] } as const;
    const { receipts } = await collectReceipts(() => sendAll(told({ cascade }), PROFILE));
    expect(asked()).toEqual([HAIKU, PROFILE, HAIKU, PROFILE, HAIKU, PROFILE, HAIKU, PROFILE]);
    expect(paid(receipts)).toEqual(billed());
    for (const { decisions } of receipts)
      expect(decisions[0]?.reason).toMatch(
        / The draft is not booked to its application inference profile\.$/,
      );
  });

  it("drafts through the same owner's profile, and escalates to the one that was asked for", async () => {
    const cascade = { check: () => false };
    const { receipts } = await collectReceipts(() => sendAll(told({ cascade, profiles: PROFILES }), PROFILE));
    expect(asked()).toEqual(Array.from({ length: 4 }, () => [PROFILE_OF_HAIKU, PROFILE]).flat());
    expect(paid(receipts)).toEqual(billed());
    for (const { decisions } of receipts) expect(decisions[0]?.reason).not.toMatch(/booked/);
  });

  it('moves nothing off provisioned throughput, whose calls cost nothing more', async () => {
    const { receipts } = await collectReceipts(() =>
      withTags({ task: 'sort' }, () => sendAll(told({ policy }), PROVISIONED)),
    );
    expect(asked()).toEqual([PROVISIONED, PROVISIONED, PROVISIONED, PROVISIONED]);
    expect(paid(receipts)).toEqual(billed());
    expect(billed()).toEqual(Money.zero);
  });

  it('leaves an ARN alone whose model nobody said', async () => {
    const { receipts } = await collectReceipts(() =>
      withTags({ task: 'sort' }, () => sendAll(routed({ policy }), PROFILE)),
    );
    expect(asked()).toEqual([PROFILE, PROFILE, PROFILE, PROFILE]);
    expect(receipts.map(({ cost }) => cost)).toEqual([undefined, undefined, undefined, undefined]);
  });

  it('keeps a long conversation on the model that has it cached, and pays less for it', async () => {
    const manual = 'A paragraph of the conversation that is read again in every turn of it. '.repeat(600);
    const turns: ConverseCommandInput = {
      modelId: OPUS,
      messages: [
        { role: 'user', content: [{ text: manual }, { cachePoint: { type: 'default' } }, { text: 'Next?' }] },
      ],
      inferenceConfig: { maxTokens: 20 },
    };
    const tiers = [{ name: 'middle', modelId: 'us.anthropic.claude-sonnet-5-5' }, ...TIERS.slice(2)];
    const chat = routed({ tiers, policy: { ...policy, tasks: { chat: { tier: 'middle' } } } });
    const { receipts } = await collectReceipts(() =>
      withTags({ task: 'chat' }, async () => {
        // The first turn is on Opus by the user's own hand; what follows may move.
        await withTags({ task: 'opening' }, () => chat.send(new ConverseCommand(turns)));
        await chat.send(new ConverseCommand(turns));
      }),
    );
    expect(asked()).toEqual([OPUS, OPUS]);
    expect(receipts[1]?.usage.cacheRead).toBeGreaterThan(5_000);
    expect(receipts[1]?.decisions[0]?.reason).toMatch(/would cost about .*, the model asked for/);
    expect(paid(receipts)).toEqual(billed());
  });

  it('takes away cache points that the chosen model would refuse', async () => {
    const tiers = [{ name: 'cheap', modelId: 'us.meta.llama3-1-8b-instruct-v1:0' }, ...TIERS.slice(1)];
    const input = question(3);
    const system = [...(input.system ?? []), { cachePoint: { type: 'default' as const } }];
    const { receipts } = await collectReceipts(() =>
      withTags({ task: 'sort' }, () =>
        routed({ tiers, policy, fallback: false }).send(new ConverseCommand({ ...input, system })),
      ),
    );
    expect(asked()).toEqual(['us.meta.llama3-1-8b-instruct-v1:0']);
    expect(paid(receipts)).toEqual(billed());
  });
});
