import type { CommandClass } from './command-class.js';
import { GEOGRAPHIES } from './geographies.js';
import { parseArn } from './parse-arn.js';
import { resolveModel } from './resolve-model.js';

/** The part of `@aws-sdk/client-bedrock` that {@link bedrockLookup} uses; the module itself fits. */
export interface BedrockCommands {
  readonly GetInferenceProfileCommand: CommandClass<{ inferenceProfileIdentifier: string }>;
  readonly GetProvisionedModelThroughputCommand: CommandClass<{ provisionedModelId: string }>;
  readonly GetCustomModelDeploymentCommand: CommandClass<{ customModelDeploymentIdentifier: string }>;
  readonly GetCustomModelCommand: CommandClass<{ modelIdentifier: string }>;
  readonly GetPromptRouterCommand: CommandClass<{ promptRouterArn: string }>;
}

/** A `BedrockClient`, whichever copy of the SDK it comes from. */
export interface BedrockControlClient {
  /** As the SDK's own. */
  // biome-ignore lint/suspicious/noExplicitAny: see above.
  send(command: any): Promise<any>;
}

/** What is read from the answers; all of it may be missing. */
interface Answer {
  readonly models?: readonly { readonly modelArn?: string }[];
  readonly modelArn?: string;
  readonly foundationModelArn?: string;
  readonly baseModelArn?: string;
  readonly fallbackModel?: { readonly modelArn?: string };
}

/**
 * A lookup for `resolveModelAsync` that asks Bedrock's control plane, once per ARN. This package imports no
 * SDK: hand in the client and the module.
 *
 * Needs `bedrock:GetInferenceProfile`, `bedrock:GetProvisionedModelThroughput`, `bedrock:GetCustomModelDeployment`,
 * `bedrock:GetCustomModel` and `bedrock:GetPromptRouter`, each only for the ARNs that are used.
 *
 * @example
 * ```ts
 * import * as bedrock from '@aws-sdk/client-bedrock';
 *
 * const lookup = bedrockLookup(new bedrock.BedrockClient({}), bedrock);
 * const resolved = await resolveModelAsync(applicationProfileArn, { lookup });
 * ```
 */
export function bedrockLookup(
  client: BedrockControlClient,
  commands: BedrockCommands,
): (arn: string) => Promise<string | undefined> {
  return async (arn) => {
    const send = async (command: unknown): Promise<Answer> => (await client.send(command)) as Answer;
    switch (parseArn(arn)?.reference) {
      case 'application-inference-profile': {
        const { models } = await send(
          new commands.GetInferenceProfileCommand({ inferenceProfileIdentifier: arn }),
        );
        return modelOfProfile((models ?? []).flatMap(({ modelArn }) => modelArn ?? []));
      }
      case 'provisioned-model': {
        const answer = await send(
          new commands.GetProvisionedModelThroughputCommand({ provisionedModelId: arn }),
        );
        return answer.foundationModelArn ?? answer.modelArn;
      }
      case 'custom-model-deployment':
        return (
          await send(new commands.GetCustomModelDeploymentCommand({ customModelDeploymentIdentifier: arn }))
        ).modelArn;
      case 'custom-model':
        return (await send(new commands.GetCustomModelCommand({ modelIdentifier: arn }))).baseModelArn;
      case 'prompt-router':
        return (await send(new commands.GetPromptRouterCommand({ promptRouterArn: arn }))).fallbackModel
          ?.modelArn;
      default:
        return undefined;
    }
  };
}

/**
 * GetInferenceProfile lists the destinations of a profile but not which system profile it copies. One destination
 * is the Region itself; a destination without a Region belongs to `global.`; else the geography that holds all
 * destinations and that the model has a profile for.
 */
function modelOfProfile(modelArns: readonly string[]): string | undefined {
  const [first, ...others] = modelArns;
  if (first === undefined) return undefined;
  const model = resolveModel(first)?.model;
  const regions = modelArns.map((arn) => parseArn(arn)?.region);
  if (model === undefined) return first;
  if (regions.some((region) => region === undefined)) return `global.${model.id}`;
  if (others.length === 0) return first;
  const geography = GEOGRAPHIES.find(
    ([prefix, pattern]) =>
      model.profiles.includes(prefix) && regions.every((region) => pattern.test(region ?? '')),
  );
  return geography === undefined ? undefined : `${geography[0]}.${model.id}`;
}
