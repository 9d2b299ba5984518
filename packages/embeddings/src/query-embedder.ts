import {
  type BedrockClientLike,
  checkOptions,
  InvalidOptionError,
  isNonNegativeNumber,
  isObject,
  isPositiveInteger,
  isText,
  type Store,
} from '@costkit/core';
import { systemWaitingClock } from '@costkit/core/waiting-clock';
import { estimateTokens } from '@costkit/tokens';
import { contentHash } from './content-hash.js';
import { textEmbedder } from './embed-texts.js';
import { embeddingModel, type ModelChoice } from './embedding-model.js';
import { hasMethods } from './sync-options.js';
import type { Vector } from './types.js';

/** What {@link createQueryEmbedder} takes. */
export interface QueryEmbedderOptions extends ModelChoice {
  /** A `BedrockRuntimeClient`, bare or wrapped. */
  readonly client: BedrockClientLike;
  /** Vectors kept in this process; the one that was not used for longest goes first. @defaultValue 1000 */
  readonly cacheSize?: number;
  /**
   * Keeps vectors beyond this process, under a hash of the question. Where it fails, the question is embedded anew.
   *
   * @defaultValue none
   */
  readonly store?: Store;
  /** Times that a throttled or broken call is made again, after the SDK's own attempts. @defaultValue 2 */
  readonly maxRetries?: number;
}

/** Makes vectors of questions. */
export interface QueryEmbedder {
  /** What a sink must be asked with. */
  readonly space: string;
  /**
   * The vector of a question. One that was asked before is not paid again, nor one that is being asked.
   *
   * @throws `InvalidOptionError` for a question without text; what the SDK throws, as the same object
   */
  embed(query: string): Promise<Vector>;
}

/**
 * Makes vectors of questions with a cache, in the space of `syncEmbeddings` with the same model and dimensions.
 *
 * @throws `InvalidOptionError` and `UnknownModelError` for options.
 *
 * @example
 * ```ts
 * const { embed, space } = createQueryEmbedder({ client, model: 'amazon.titan-embed-text-v2:0' });
 * const found = await sink.query(await embed('Who pays for the return?'), { space, limit: 20 });
 * ```
 */
export function createQueryEmbedder(options: QueryEmbedderOptions): QueryEmbedder {
  checkOptions<QueryEmbedderOptions>('embeddings', options, {
    client: hasMethods('send'),
    model: isText,
    dimensions: isPositiveInteger,
    models: isObject,
    cacheSize: isNonNegativeNumber,
    store: hasMethods('get', 'set'),
    maxRetries: isNonNegativeNumber,
  });
  for (const name of ['client', 'model'] as const) {
    if (options[name] === undefined) throw new InvalidOptionError('embeddings', name, 'is missing');
  }
  const { client, cacheSize = 1000, store, maxRetries = 2 } = options;
  const model = embeddingModel(options);
  const embedder = textEmbedder(client, model, {
    maxRetries,
    retryMs: 200,
    clock: systemWaitingClock,
    signal: undefined,
  });
  const recent = new Map<string, Promise<Vector>>();

  // A store that fails costs a call, never an answer.
  const fromStore = async (key: string): Promise<Vector | undefined> => {
    try {
      return readVector(await store?.get(key), model.dimensions);
    } catch {
      return undefined;
    }
  };
  const toStore = async (key: string, { buffer, byteOffset, byteLength }: Vector): Promise<void> => {
    try {
      await store?.set(key, Buffer.from(buffer, byteOffset, byteLength).toString('base64'));
    } catch {}
  };

  const ask = async (hash: string, text: string): Promise<Vector> => {
    const key = `embedding ${model.space} ${hash}`;
    const kept = await fromStore(key);
    if (kept !== undefined) return kept;
    const { tokens } = estimateTokens(text, { model: model.resolved.model.id });
    const vector = (await embedder.embed([{ hash, text, tokens }], 'query')).get(hash) as Vector;
    await toStore(key, vector);
    return vector;
  };

  return {
    space: model.space,
    embed: (query) => {
      const text = typeof query === 'string' ? query.trim() : '';
      if (text === '')
        return Promise.reject(
          new InvalidOptionError('embeddings', 'query', 'must be a text that is not empty'),
        );
      const hash = contentHash(text);
      const known = recent.get(hash);
      recent.delete(hash);
      const asked = known ?? ask(hash, text);
      recent.set(hash, asked);
      // A failed one is asked again.
      asked.catch(() => recent.get(hash) === asked && recent.delete(hash));
      const [oldest] = recent.keys();
      if (recent.size > cacheSize && oldest !== undefined) recent.delete(oldest);
      // A copy for everybody: who normalizes a vector in place must not do it to the next one's.
      return asked.then((vector) => vector.slice());
    },
  };
}

/** `undefined` where the store holds something else. */
function readVector(text: string | undefined, dimensions: number): Vector | undefined {
  if (text === undefined) return undefined;
  const bytes = Uint8Array.from(Buffer.from(text, 'base64'));
  return bytes.length === dimensions * Float32Array.BYTES_PER_ELEMENT
    ? new Float32Array(bytes.buffer)
    : undefined;
}
