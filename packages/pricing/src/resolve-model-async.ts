import type { ResolvedModel } from './types.js';

/**
 * Where to learn which model stands behind an ARN that does not say it: a map from ARN to a model id, profile or
 * further ARN, or a function that asks for it (`bedrockLookup` asks Bedrock's control plane).
 */
export type ModelLookup =
  | ReadonlyMap<string, string>
  | Readonly<Record<string, string>>
  | ((arn: string) => Promise<string | undefined>);

/** Options of {@link resolveModelAsync}. */
export interface ResolveModelOptions {
  /** Answers of a function are remembered per function, failures are not. */
  readonly lookup: ModelLookup;
}

/**
 * Like {@link resolveModel}, but asks `lookup` where an ARN does not name its model: application inference
 * profiles, provisioned throughput, custom models and their deployments, prompt routers, prompts and Marketplace
 * endpoints.
 *
 * - Provisioned throughput: `billing` is `provisioned`, a call costs nothing more.
 * - Custom model deployments: `scope` is `custom`, paid by token.
 * - Prompt routers: pass the model that a response names (`trace.promptRouter.invokedModelId`) where there is one;
 *   the lookup's answer stands for calls whose response does not.
 *
 * @throws UnknownModelError (`COSTKIT_UNKNOWN_MODEL`) when neither the text nor the lookup names a known model.
 * What a lookup function throws passes through as it is.
 *
 * @example
 * ```ts
 * const arn = 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abcdef123456';
 * const resolved = await resolveModelAsync(arn, {
 *   lookup: { [arn]: 'us.anthropic.claude-haiku-4-5-20251001-v1:0' },
 * });
 * ```
 */
export async function resolveModelAsync(
  idOrArn: string,
  { lookup }: ResolveModelOptions,
): Promise<ResolvedModel> {
  const { followLookup } = await import('./follow-lookup.js');
  return followLookup(idOrArn, lookup);
}
