import {
  type BedrockClientLike,
  CostkitError,
  deriveClient,
  Money,
  NO_USAGE,
  type Receipt,
  receiptOf,
} from '@costkit/core';
import { type CallRate, callRate, type RateLimits } from './call-rate.js';
import type { EmbeddingPurpose } from './embedding-dialects.js';
import type { EmbeddingModel } from './embedding-model.js';
import { EmbeddingError } from './errors.js';
import type { EmbeddingClock, Vector } from './types.js';

/** A text that is to become a vector. */
export interface PendingText {
  readonly hash: string;
  readonly text: string;
  /** Estimated for the model. */
  readonly tokens: number;
}

/** How calls are made. */
export interface CallOptions extends RateLimits {
  /** Times that a throttled or failed call is made again, after the SDK's own attempts. */
  readonly maxRetries: number;
  /** Wait before the first of them, in milliseconds; each wait is twice the one before. */
  readonly retryMs: number;
  readonly clock: EmbeddingClock;
  readonly signal: AbortSignal | undefined;
}

/** What calls have cost. */
export interface Spending {
  calls: number;
  tokens: number;
  /** `undefined`: a price is unknown. */
  cost: Money | undefined;
  quality: 'measured' | 'estimated';
}

/** Nothing yet. */
export const noSpending = (): Spending => ({ calls: 0, tokens: 0, cost: Money.zero, quality: 'measured' });

/** Makes vectors of texts through InvokeModel. */
export interface TextEmbedder {
  /** What the calls so far have cost. */
  readonly spending: Spending;
  /**
   * Embeds the texts of one request.
   *
   * @returns the vectors by the hash of their text
   * @throws what the SDK throws, as the same object
   */
  embed(texts: readonly PendingText[], purpose: EmbeddingPurpose): Promise<ReadonlyMap<string, Vector>>;
}

/** A call that may succeed when it is made again: throttled, timed out, broken off, or the service's own fault. */
function isTransient(error: Error & { readonly $metadata?: { readonly httpStatusCode?: number } }): boolean {
  if (error.name === 'AbortError' || CostkitError.isInstance(error)) return false;
  const status = error.$metadata?.httpStatusCode;
  if (error.name === 'ThrottlingException' || error.name === 'TimeoutError') return true;
  return status === undefined ? 'code' in error : status === 429 || status === 408 || status >= 500;
}

/**
 * Makes the embedder of one model. The client is not changed.
 *
 * @param spending - what its calls are added to.
 */
export function textEmbedder(
  client: BedrockClientLike,
  model: EmbeddingModel,
  options: CallOptions,
  spending: Spending = noSpending(),
): TextEmbedder {
  const metered = deriveClient(client);
  const rate: CallRate = callRate(options, options.clock);

  const send = async (body: object): Promise<object> => {
    const [{ InvokeModelCommand }, { default: pRetry }] = await Promise.all([
      import('@aws-sdk/client-bedrock-runtime'),
      import('p-retry'),
    ]);
    const { signal, maxRetries, retryMs } = options;
    const command = new InvokeModelCommand({
      modelId: model.modelId,
      contentType: 'application/json',
      accept: 'application/json',
      body: JSON.stringify(body),
    });
    const call = (): Promise<object> =>
      metered.send(command, signal === undefined ? {} : { abortSignal: signal }) as Promise<object>;
    return pRetry(call, {
      retries: maxRetries,
      minTimeout: retryMs,
      randomize: true,
      shouldRetry: ({ error }) => isTransient(error),
      ...(signal === undefined ? {} : { signal }),
    });
  };

  return {
    spending,
    embed: async (texts, purpose) => {
      options.signal?.throwIfAborted();
      await rate.admit(
        texts.reduce((sum, { tokens }) => sum + tokens, 0),
        options.signal,
      );
      const output = await send(
        model.dialect.body(
          texts.map(({ text }) => text),
          purpose,
          model.askedDimensions,
        ),
      );
      const { usage = NO_USAGE, cost, quality = 'estimated' } = receiptOf(output) ?? {};
      book(spending, { tokens: usage.input, cost, quality });
      return vectorsOf((output as { readonly body: Uint8Array }).body, texts, model);
    },
  };
}

/** Adds what an answer has cost. */
export function book(
  spending: Spending,
  { tokens, cost, quality }: { tokens: number; cost: Money | undefined; quality: Receipt['quality'] },
): void {
  spending.calls += 1;
  spending.tokens += tokens;
  spending.cost = cost === undefined ? undefined : spending.cost?.plus(cost);
  if (quality === 'estimated') spending.quality = 'estimated';
}

/**
 * The vectors of an answer, by the hash of their text.
 *
 * @throws {@link EmbeddingError} `COSTKIT_EMBEDDINGS_ANSWER_INVALID` where there are others than were asked for: nothing of
 * it may be stored.
 */
export function vectorsOf(
  body: Uint8Array,
  group: readonly Pick<PendingText, 'hash'>[],
  { dialect, dimensions, resolved }: EmbeddingModel,
): ReadonlyMap<string, Vector> {
  const found = dialect.vectors(JSON.parse(new TextDecoder().decode(body)));
  const vectors = group.map(({ hash }, index): [string, Vector] => {
    const numbers = found[index];
    const isVector =
      Array.isArray(numbers) &&
      numbers.length === dimensions &&
      numbers.every((value) => Number.isFinite(value));
    if (!isVector || found.length !== group.length) {
      throw new EmbeddingError(
        'COSTKIT_EMBEDDINGS_ANSWER_INVALID',
        `${resolved.model.id} did not answer with ${group.length} vectors of ${dimensions} numbers. Check "dimensions", and what answers at the client's endpoint`,
      );
    }
    return [hash, Float32Array.from(numbers as number[])];
  });
  return new Map(vectors);
}
