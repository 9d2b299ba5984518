import * as commands from '@aws-sdk/client-bedrock';
import {
  BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { deriveClient, type Lever, leverPlugin, settingsPlugin } from '@costkit/core';
import { type LocalBedrock, startLocalBedrock } from '@costkit/local';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMeter, memorySink, withMeter } from '../src/index.js';
import {
  applyProfiles,
  findProfiles,
  ProfileConflictError,
  profileMap,
  profileModels,
} from '../src/profiles.js';

const LITE = 'us.amazon.nova-lite-v1:0';
const PRO = 'us.amazon.nova-pro-v1:0';
const HAIKU = 'global.anthropic.claude-haiku-4-5-20251001-v1:0';
const BARE = 'amazon.nova-micro-v1:0';

let server: LocalBedrock;
let bedrock: commands.BedrockClient;
beforeEach(async () => {
  server = await startLocalBedrock();
  bedrock = new commands.BedrockClient(server.clientConfig);
});
afterEach(async () => {
  bedrock.destroy();
  await server.stop();
});

const owners = [
  { tags: { team: 'search' }, models: [LITE, PRO, HAIKU, BARE] },
  { tags: { team: 'support', 'cost-center': '4711' }, models: [LITE, PRO] },
];
const apply = (more: object = {}) => applyProfiles({ bedrock, commands, owners, ...more });
const actions = ({ changes }: Awaited<ReturnType<typeof apply>>): string[] =>
  changes.map(({ action }) => action);
const request = (modelId: string) => ({
  modelId,
  messages: [{ role: 'user' as const, content: [{ text: 'Hello' }] }],
});

describe('applyProfiles', () => {
  it('gives every owner a tagged profile for each model, and changes nothing the second time', async () => {
    const first = await apply();
    expect(actions(first)).toEqual(['create', 'create', 'create', 'create', 'create', 'create']);
    const second = await apply();
    expect(actions(second)).toEqual(['none', 'none', 'none', 'none', 'none', 'none']);
    expect(second.profiles).toEqual(first.profiles);
    expect(first.profiles.map(({ name, modelId, tags }) => [name, modelId, tags['team']])).toEqual([
      ['search-us-amazon-nova-lite-v1-0', LITE, 'search'],
      ['search-us-amazon-nova-pro-v1-0', PRO, 'search'],
      ['search-global-anthropic-claude-haiku-4-5-20251001-v1-0', HAIKU, 'search'],
      ['search-amazon-nova-micro-v1-0', BARE, 'search'],
      ['4711-support-us-amazon-nova-lite-v1-0', LITE, 'support'],
      ['4711-support-us-amazon-nova-pro-v1-0', PRO, 'support'],
    ]);
    const listed = await bedrock.send(
      new commands.ListInferenceProfilesCommand({ typeEquals: 'APPLICATION' }),
    );
    expect(listed.inferenceProfileSummaries).toHaveLength(6);
    const { tags } = await bedrock.send(
      new commands.ListTagsForResourceCommand({ resourceARN: first.profiles[4]?.arn }),
    );
    expect(tags).toEqual([
      { key: 'team', value: 'support' },
      { key: 'cost-center', value: '4711' },
    ]);
  });

  it('says what it would do, and does not', async () => {
    const planned = await apply({ dryRun: true });
    expect(actions(planned)).toEqual(['create', 'create', 'create', 'create', 'create', 'create']);
    expect(planned.profiles).toEqual([]);
    expect(await findProfiles({ bedrock, commands })).toEqual([]);
  });

  it('mends tags that are missing or differ, and leaves others alone', async () => {
    const { profiles } = await apply();
    const resourceARN = profiles[4]?.arn;
    await bedrock.send(new commands.UntagResourceCommand({ resourceARN, tagKeys: ['cost-center'] }));
    await bedrock.send(
      new commands.TagResourceCommand({
        resourceARN,
        tags: [
          { key: 'team', value: 'renamed' },
          { key: 'owner', value: 'somebody' },
        ],
      }),
    );
    const mended = await apply();
    expect(actions(mended)).toEqual(['none', 'none', 'none', 'none', 'tag', 'none']);
    expect(mended.changes[4]?.tags).toEqual({ team: 'support', 'cost-center': '4711' });
    const { tags } = await bedrock.send(new commands.ListTagsForResourceCommand({ resourceARN }));
    expect(Object.fromEntries((tags ?? []).map(({ key, value }) => [key, value]))).toEqual({
      team: 'support',
      'cost-center': '4711',
      owner: 'somebody',
    });
    expect(actions(await apply())).not.toContain('tag');
  });

  it('takes a profile that was made elsewhere for the same model with the same tags', async () => {
    const { inferenceProfileArn } = await bedrock.send(
      new commands.CreateInferenceProfileCommand({
        inferenceProfileName: 'made by hand',
        modelSource: { copyFrom: `arn:aws:bedrock:us-east-1:123456789012:inference-profile/${LITE}` },
        tags: [
          { key: 'team', value: 'search' },
          { key: 'terraform', value: 'yes' },
        ],
      }),
    );
    const { profiles, changes } = await apply();
    expect(changes[0]).toEqual({ action: 'none', name: 'made by hand', modelId: LITE, tags: {} });
    expect(profiles[0]).toMatchObject({ arn: inferenceProfileArn, modelId: LITE, tags: { team: 'search' } });
  });

  it('touches no profile of that name for another model', async () => {
    await bedrock.send(
      new commands.CreateInferenceProfileCommand({
        inferenceProfileName: 'search-us-amazon-nova-lite-v1-0',
        modelSource: { copyFrom: `arn:aws:bedrock:us-east-1:123456789012:inference-profile/${PRO}` },
      }),
    );
    await expect(apply()).rejects.toThrow(ProfileConflictError);
    expect(await findProfiles({ bedrock, commands })).toHaveLength(1);
  });

  it('passes errors of the service through', async () => {
    const eu = [{ tags: { team: 'a' }, models: ['eu.amazon.nova-lite-v1:0'] }];
    await expect(apply({ owners: eu })).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});

describe('findProfiles', () => {
  it('finds models and tags of all profiles, more than a page of them', async () => {
    const many = Array.from({ length: 101 }, (_, index) => ({ tags: { team: `t${index}` }, models: [LITE] }));
    await apply({ owners: many });
    const found = await findProfiles({ bedrock, commands });
    expect(found).toHaveLength(101);
    expect(found.every(({ modelId }) => modelId === LITE)).toBe(true);
    expect(found.map(({ tags }) => tags['team']).sort()).toEqual(many.map(({ tags }) => tags.team).sort());
  });
});

describe('calls through a profile', () => {
  it('cost what the bill says from the first call on, without asking the control plane', async () => {
    const { profiles } = await apply();
    const before = server.requests().length;
    const sink = memorySink();
    const meter = createMeter({ sinks: [sink] });
    const client = withMeter(
      deriveClient(
        new BedrockRuntimeClient(server.clientConfig),
        settingsPlugin({ models: profileModels(profiles) }),
      ),
      { meter },
    );
    for (const { arn } of profiles) await client.send(new ConverseCommand(request(arn)));
    const { stream } = await client.send(new ConverseStreamCommand(request(profiles[0]?.arn ?? '')));
    for await (const _ of stream ?? []) void _;
    expect(meter.report().total).toMatchObject({ calls: 7, unpriced: 0 });
    expect(meter.report().total.cost.picoUsd).toBe(server.bill().total.picoUsd);
    expect(sink.receipts.map(({ servedModel, scope }) => `${servedModel} ${scope}`)).toContain(
      'anthropic.claude-haiku-4-5-20251001-v1:0 global',
    );
    expect(server.requests().length - before).toBe(7);
  });

  it('keep the cost tags of the team when another lever changes the model', async () => {
    const { profiles } = await apply();
    const map = profileMap(profiles);
    const downgrade: Lever = {
      name: 'router',
      slot: 'route',
      mode: 'enforce',
      around: (view, _call, next) =>
        next(view.withModel(map.counterpart(view.modelId, LITE) ?? view.modelId)),
    };
    const meter = createMeter();
    const client = withMeter(
      deriveClient(
        new BedrockRuntimeClient(server.clientConfig),
        settingsPlugin({ models: profileModels(profiles) }),
        leverPlugin('router', [downgrade]),
      ),
      { meter },
    );
    const profileOf = (team: string, modelId: string): string =>
      profiles.find((profile) => profile.tags['team'] === team && profile.modelId === modelId)?.arn ?? 'none';
    for (const team of ['search', 'support'])
      await client.send(new ConverseCommand(request(profileOf(team, PRO))));
    expect(server.bill().lines.map(({ modelId }) => modelId)).toEqual([
      profileOf('search', LITE),
      profileOf('support', LITE),
    ]);
    expect(meter.report({ by: ['model', 'servedModel'] }).rows.map(({ group }) => group)).toEqual(
      expect.arrayContaining([{ model: profileOf('support', PRO), servedModel: 'amazon.nova-lite-v1:0' }]),
    );
    expect(meter.report().total.saved.picoUsd).toBeGreaterThan(0n);
  });
});
