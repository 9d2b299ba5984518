import { describe, expect, it } from 'vitest';
import { bedrockLookup } from './bedrock-lookup.js';
import { resolveModelAsync } from './resolve-model-async.js';

/** Command classes that keep their input, and a client that answers by class name. */
function fakeBedrock(answers: Record<string, (input: Record<string, string>) => unknown>) {
  const sent: [string, Record<string, string>][] = [];
  const command = <Name extends string>(name: Name) =>
    class {
      readonly input: Record<string, string>;
      readonly name = name;
      constructor(input: Record<string, string>) {
        this.input = input;
      }
    };
  const commands = {
    GetInferenceProfileCommand: command('GetInferenceProfile'),
    GetProvisionedModelThroughputCommand: command('GetProvisionedModelThroughput'),
    GetCustomModelDeploymentCommand: command('GetCustomModelDeployment'),
    GetCustomModelCommand: command('GetCustomModel'),
    GetPromptRouterCommand: command('GetPromptRouter'),
  };
  const client = {
    async send({ name, input }: { name: string; input: Record<string, string> }): Promise<unknown> {
      sent.push([name, input]);
      return answers[name]?.(input) ?? {};
    },
  };
  // biome-ignore lint/suspicious/noExplicitAny: the fakes are looser than the SDK's classes.
  return { sent, lookup: bedrockLookup(client, commands as any) };
}

const arnOf = (path: string): string => `arn:aws:bedrock:us-east-1:123456789012:${path}`;
const PROFILE = arnOf('application-inference-profile/abcdef123456');
const NOVA = 'amazon.nova-lite-v1:0';
const HAIKU = 'anthropic.claude-haiku-4-5-20251001-v1:0';
const inRegion = (region: string, id: string): string => `arn:aws:bedrock:${region}::foundation-model/${id}`;

describe('bedrockLookup', () => {
  it.each<[string, string[], string | undefined]>([
    ['one Region: the model itself', [inRegion('us-east-1', NOVA)], inRegion('us-east-1', NOVA)],
    [
      'Regions of the United States',
      [inRegion('us-east-1', NOVA), inRegion('us-west-2', NOVA)],
      `us.${NOVA}`,
    ],
    ['European Regions', [inRegion('eu-west-1', NOVA), inRegion('eu-north-1', NOVA)], `eu.${NOVA}`],
    ['Canadian Regions', [inRegion('ca-central-1', NOVA), inRegion('ca-west-1', NOVA)], `ca.${NOVA}`],
    [
      'Japan, for a model with a Japanese profile',
      [inRegion('ap-northeast-1', HAIKU), inRegion('ap-northeast-3', HAIKU)],
      `jp.${HAIKU}`,
    ],
    [
      'Japan, for a model without',
      [inRegion('ap-northeast-1', NOVA), inRegion('ap-northeast-3', NOVA)],
      `apac.${NOVA}`,
    ],
    [
      'a destination without a Region',
      [inRegion('us-east-1', HAIKU), inRegion('', HAIKU)],
      `global.${HAIKU}`,
    ],
    ['a mixture that no profile has', [inRegion('us-east-1', NOVA), inRegion('eu-west-1', NOVA)], undefined],
    [
      'a model that the catalogue does not have',
      [inRegion('us-east-1', 'acme.super-1')],
      inRegion('us-east-1', 'acme.super-1'),
    ],
    ['no model at all', [], undefined],
  ])('reads an application inference profile over %s', async (_, modelArns, expected) => {
    const { lookup, sent } = fakeBedrock({
      GetInferenceProfile: () => ({ models: modelArns.map((modelArn) => ({ modelArn })) }),
    });
    expect(await lookup(PROFILE)).toBe(expected);
    expect(sent).toEqual([['GetInferenceProfile', { inferenceProfileIdentifier: PROFILE }]]);
  });

  it('follows a deployment over the custom model to its base', async () => {
    const deployment = arnOf('custom-model-deployment/abcdef123456');
    const custom = arnOf(`custom-model/${NOVA}/abcdef123456`);
    const { lookup, sent } = fakeBedrock({
      GetCustomModelDeployment: () => ({ modelArn: custom }),
      GetCustomModel: () => ({ baseModelArn: inRegion('us-east-1', NOVA) }),
    });
    expect(await resolveModelAsync(deployment, { lookup })).toMatchObject({
      scope: 'custom',
      model: { id: NOVA },
    });
    expect(sent.map(([name]) => name)).toEqual(['GetCustomModelDeployment', 'GetCustomModel']);
  });

  it('asks for provisioned throughput and prompt routers', async () => {
    const { lookup } = fakeBedrock({
      GetProvisionedModelThroughput: ({ provisionedModelId }) => ({
        modelArn: provisionedModelId,
        foundationModelArn: inRegion('us-east-1', `${NOVA}:300k`),
      }),
      GetPromptRouter: () => ({ fallbackModel: { modelArn: inRegion('us-east-1', NOVA) } }),
    });
    const provisioned = await resolveModelAsync(arnOf('provisioned-model/abcdef123456'), { lookup });
    expect(provisioned).toMatchObject({ billing: 'provisioned', model: { id: NOVA } });
    const router = await resolveModelAsync(arnOf('prompt-router/abcdef123456'), { lookup });
    expect(router).toMatchObject({ reference: 'prompt-router', model: { id: NOVA } });
  });

  it('has no answer for what the control plane does not tell', async () => {
    const { lookup, sent } = fakeBedrock({});
    expect(await lookup(arnOf('prompt/ABCDEF1234:1'))).toBeUndefined();
    expect(await lookup('us.amazon.nova-lite-v1:0')).toBeUndefined();
    expect(sent).toEqual([]);
  });
});
