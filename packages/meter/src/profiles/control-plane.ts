import { CostkitError, type Tags } from '@costkit/core';
import { resolveModel } from '@costkit/pricing';
import type { BedrockCommands, BedrockControlClient } from '@costkit/pricing/bedrock-lookup';

/** A command class of `@aws-sdk/client-bedrock` that takes `Input`. */
// biome-ignore lint/suspicious/noExplicitAny: the SDK's own parameter and result types are not imported here.
type CommandClass<Input> = new (input: Input) => any;

/** The part of `@aws-sdk/client-bedrock` that profiles need; the module itself fits. */
export interface ProfileCommands extends BedrockCommands {
  readonly CreateInferenceProfileCommand: CommandClass<{
    inferenceProfileName: string;
    description: string;
    modelSource: { copyFrom: string };
    tags: { key: string; value: string }[];
  }>;
  readonly GetFoundationModelCommand: CommandClass<{ modelIdentifier: string }>;
  readonly ListInferenceProfilesCommand: CommandClass<{
    typeEquals: 'APPLICATION';
    maxResults: number;
    nextToken?: string;
  }>;
  readonly ListTagsForResourceCommand: CommandClass<{ resourceARN: string }>;
  readonly TagResourceCommand: CommandClass<{ resourceARN: string; tags: { key: string; value: string }[] }>;
}

/** What is read from the answers; all of it may be missing. */
interface Answer {
  readonly inferenceProfileArn?: string;
  readonly inferenceProfileSummaries?: readonly Partial<FoundProfile>[];
  readonly modelDetails?: { readonly modelArn?: string };
  readonly nextToken?: string;
  readonly tags?: readonly { readonly key?: string; readonly value?: string }[];
}

/** A profile as a list shows it. */
interface FoundProfile {
  readonly inferenceProfileArn: string;
  readonly inferenceProfileName: string;
  readonly createdAt: Date | undefined;
}

/** Bedrock's operations on profiles, without their envelopes. */
export interface ControlPlane {
  /** All application inference profiles of account and Region, the oldest first. */
  list(): Promise<FoundProfile[]>;
  tagsOf(arn: string): Promise<Tags>;
  /** ARN of the system-defined profile, or of the foundation model, that a profile can copy. */
  sourceArn(modelId: string): Promise<string>;
  create(name: string, description: string, copyFrom: string, tags: Tags): Promise<string>;
  tag(arn: string, tags: Tags): Promise<void>;
}

const tagList = (tags: Tags): { key: string; value: string }[] =>
  Object.entries(tags).map(([key, value]) => ({ key, value }));

const missing = (what: string): CostkitError =>
  new CostkitError(
    `costkit meter: Bedrock's answer has no ${what}. Check that the client is one of Bedrock.`,
    {
      code: 'COSTKIT_UNEXPECTED_ANSWER',
    },
  );

/** Makes the operations from a client and the SDK's commands. */
export function controlPlane(client: BedrockControlClient, commands: ProfileCommands): ControlPlane {
  const send = async (command: unknown): Promise<Answer> => (await client.send(command)) as Answer;
  return {
    list: async () => {
      const found: FoundProfile[] = [];
      let nextToken: string | undefined;
      do {
        const page = await send(
          new commands.ListInferenceProfilesCommand({
            typeEquals: 'APPLICATION',
            maxResults: 100,
            ...(nextToken === undefined ? {} : { nextToken }),
          }),
        );
        for (const {
          inferenceProfileArn,
          inferenceProfileName,
          createdAt,
        } of page.inferenceProfileSummaries ?? []) {
          if (inferenceProfileArn !== undefined && inferenceProfileName !== undefined)
            found.push({ inferenceProfileArn, inferenceProfileName, createdAt });
        }
        ({ nextToken } = page);
      } while (nextToken !== undefined);
      return found.sort((one, other) => Number(one.createdAt ?? 0) - Number(other.createdAt ?? 0));
    },
    tagsOf: async (resourceARN) => {
      const { tags = [] } = await send(new commands.ListTagsForResourceCommand({ resourceARN }));
      return Object.fromEntries(tags.map(({ key = '', value = '' }) => [key, value]));
    },
    sourceArn: async (modelId) => {
      if (modelId.startsWith('arn:')) return modelId;
      if (resolveModel(modelId)?.reference === 'inference-profile') {
        const { inferenceProfileArn } = await send(
          new commands.GetInferenceProfileCommand({ inferenceProfileIdentifier: modelId }),
        );
        if (inferenceProfileArn === undefined) throw missing('inferenceProfileArn');
        return inferenceProfileArn;
      }
      const { modelDetails } = await send(
        new commands.GetFoundationModelCommand({ modelIdentifier: modelId }),
      );
      if (modelDetails?.modelArn === undefined) throw missing('modelDetails.modelArn');
      return modelDetails.modelArn;
    },
    create: async (inferenceProfileName, description, copyFrom, tags) => {
      // The SDK adds a token of its own, by which its retries create one profile.
      const { inferenceProfileArn } = await send(
        new commands.CreateInferenceProfileCommand({
          inferenceProfileName,
          description,
          modelSource: { copyFrom },
          tags: tagList(tags),
        }),
      );
      if (inferenceProfileArn === undefined) throw missing('inferenceProfileArn');
      return inferenceProfileArn;
    },
    tag: async (resourceARN, tags) => {
      await send(new commands.TagResourceCommand({ resourceARN, tags: tagList(tags) }));
    },
  };
}
