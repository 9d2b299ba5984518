import { InvalidOptionError, resolveModel } from '@costkit/pricing';
import { PART_COUNT, partsOf, vectorOf } from './part-vector.js';
import type { StoredCalibration } from './stored-calibration.js';
import { learn, priorModel, type TokenModel } from './token-model.js';
import { tokenizerFamilyOf } from './tokenizer-families.js';
import type { PromptParts, TokenEstimate } from './types.js';

/** How {@link createCalibration} keeps what it learns. */
export interface CalibrationOptions {
  /**
   * How many models are remembered; beyond it, the one that was not used for longest is forgotten. About
   * 600 bytes each.
   *
   * @defaultValue `200`
   */
  readonly maxModels?: number;
  /**
   * Where it is kept for other processes and later ones, under the key `costkit:calibration`, so that a cold start
   * begins warm. It is read once, before the first estimate that waits for {@link Calibration.ready}, and written now and then: after 1, 3, 7, 15 … responses,
   * later after every 64. What fails is tried again with the next write.
   *
   * @defaultValue none: it lives in memory
   */
  readonly store?: CalibrationStore;
}

/** Where a calibration is kept: text under a key. The `Store` of `@costkit/core` is one. */
export interface CalibrationStore {
  /** The value, or `undefined` when there is none. */
  get(key: string): Promise<string | undefined>;
  /** Puts a value in place of the one before it. */
  set(key: string, value: string): Promise<void>;
}

/** Learns, per model, how many tokens its responses report for the prompts that were estimated. */
export interface Calibration {
  /**
   * Takes in one response. Ignored where nothing can be learned: parts that could not be counted, mostly
   * media, an empty prompt, a count that is no positive number.
   *
   * @param model - model id, inference profile or ARN of the model that served
   * @param estimated - the estimate of that very prompt; a bare number counts as plain words in o200k tokens
   * @param actualTokens - all input tokens of the response: input, cache reads and cache writes added up
   */
  observe(
    model: string,
    estimated: Pick<TokenEstimate, 'parts' | 'mediaTokens' | 'unknown'> | number,
    actualTokens: number,
  ): void;
  /** How many responses of the model were taken in, by other processes with the same store too. */
  observations(model: string): number;
  /**
   * Resolves once what the store holds is known, or after a quarter of a second: estimates are better with it, and no
   * call waits longer. `undefined` where there is nothing to wait for.
   */
  ready(): Promise<void> | undefined;
  /** Writes what was learned since the last write; rejects with the error of the store. */
  flush(): Promise<void>;
  /** @internal */
  modelOf(model: string): TokenModel | undefined;
}

const DEFAULT_MAX_MODELS = 200;
const KNOWN_OPTIONS = ['maxModels', 'store'];

const NO_PARTS: PromptParts = /* @__PURE__ */ partsOf(new Float64Array(PART_COUNT));

/**
 * Makes an empty calibration. Share one per process: {@link estimateTokens} takes it as an option, and every
 * response that is observed makes the next estimate for that model better and its range narrower.
 *
 * @throws `InvalidOptionError` for an unknown option or a limit that is no positive integer
 *
 * @example
 * ```ts
 * const calibration = createCalibration();
 * const estimate = estimateTokens(input, { model, calibration });
 * const { usage } = await client.send(new ConverseCommand(input));
 * calibration.observe(model, estimate, usage.totalTokens - usage.outputTokens);
 * ```
 */
export function createCalibration(options: CalibrationOptions = {}): Calibration {
  for (const name of Object.keys(options)) {
    if (!KNOWN_OPTIONS.includes(name)) {
      throw new InvalidOptionError('tokens', name, `is unknown; known are ${KNOWN_OPTIONS.join(', ')}`);
    }
  }
  const { maxModels = DEFAULT_MAX_MODELS, store } = options;
  if (!Number.isSafeInteger(maxModels) || maxModels < 1) {
    throw new InvalidOptionError('tokens', 'maxModels', 'must be a positive integer');
  }
  if (store !== undefined && (typeof store?.get !== 'function' || typeof store.set !== 'function')) {
    throw new InvalidOptionError('tokens', 'store', 'must have the methods get and set');
  }
  const models = new Map<string, TokenModel>();
  // One tokenizer behind all profiles of a model: what `us.` taught holds for `eu.`.
  const keyOf = (model: string): string => resolveModel(model)?.model.id ?? model;

  let keeping: Promise<StoredCalibration> | undefined;
  // Most applications keep nothing: they do not load what does.
  const keep = (): Promise<StoredCalibration> | undefined => {
    if (store === undefined) return undefined;
    keeping ??= import('./stored-calibration.js').then(({ storedCalibration }) =>
      storedCalibration(store, models),
    );
    return keeping;
  };
  let isReady = store === undefined;

  return {
    observe(model, estimated, actualTokens) {
      if (!Number.isFinite(actualTokens) || actualTokens <= 0) return;
      const { parts, mediaTokens, unknown } =
        typeof estimated === 'number'
          ? { parts: { ...NO_PARTS, words: estimated }, mediaTokens: 0, unknown: [] }
          : estimated;
      const vector = vectorOf(parts);
      if (unknown.length > 0 || mediaTokens > actualTokens / 2 || !vector.every(Number.isFinite)) return;
      const key = keyOf(model);
      const known = models.get(key) ?? priorModel(tokenizerFamilyOf(model));
      models.delete(key);
      models.set(key, known);
      while (models.size > maxModels) models.delete(models.keys().next().value as string);
      learn(known, vector, actualTokens - mediaTokens);
      void keep()?.then(({ learned }) => learned());
    },
    observations: (model) => models.get(keyOf(model))?.observations ?? 0,
    ready: () =>
      isReady
        ? undefined
        : keep()
            ?.then(({ ready }) => ready())
            .then(() => {
              isReady = true;
            }),
    flush: async () => {
      await (await keep())?.flush();
    },
    modelOf: (model) => models.get(keyOf(model)),
  };
}
