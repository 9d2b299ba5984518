import type { Calibration } from './calibration.js';
import type { ConverseLikeRequest, TokenEstimate } from './types.js';

/** The part of a CountTokens input that {@link countWithBedrock} writes; `CountTokensCommand` takes it. */
export interface CountTokensLikeInput<Request> {
  /** The bare model id: the service refuses inference profiles here. */
  modelId: string;
  /** What is counted. */
  input: { converse: Request };
}

/** How {@link countWithBedrock} asks. */
export interface CountWithBedrockOptions<Request> {
  /** Model id, inference profile or ARN; it is asked for by its bare id. */
  readonly model: string;
  /** Sends a CountTokens command, e.g. `(input) => client.send(new CountTokensCommand(input))`. */
  readonly count: (
    input: CountTokensLikeInput<Request>,
  ) => Promise<{ readonly inputTokens?: number | undefined }>;
  /** Learns from the answer. @defaultValue none */
  readonly calibration?: Calibration | undefined;
}

/**
 * Asks Bedrock how many input tokens a Converse request has: exact and free of charge, but a call over the
 * network, for models that offer it. Errors of the service pass through as the same object.
 *
 * @throws {@link CountTokensUnsupportedError} when the catalogue says that the model does not count, or does not
 * know the model: nothing was sent
 *
 * @example
 * ```ts
 * const { tokens } = await countWithBedrock(
 *   { messages },
 *   { model, count: (input) => client.send(new CountTokensCommand(input)) },
 * );
 * ```
 */
export async function countWithBedrock<Request extends ConverseLikeRequest>(
  request: Request,
  options: CountWithBedrockOptions<Request>,
): Promise<TokenEstimate> {
  // Most applications never count: they do not load what does.
  const { countedTokens } = await import('./counted-tokens.js');
  return countedTokens(request, options);
}
