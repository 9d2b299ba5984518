import { InvalidOptionError, resolveModel } from '@costkit/pricing';
import { vectorOf } from './part-vector.js';
import { learn, priorModel, type TokenModel } from './token-model.js';
import { tokenizerFamilyOf } from './tokenizer-families.js';
import type { TokenEstimate } from './types.js';

/** How {@link createCalibration} keeps what it learns. */
export interface CalibrationOptions {
  /**
   * How many models are remembered; beyond it, the one that was not used for longest is forgotten. About
   * 600 bytes each.
   *
   * @defaultValue `200`
   */
  readonly maxModels?: number;
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
  observe(model: string, estimated: TokenEstimate | number, actualTokens: number): void;
  /** How many responses of the model were taken in. */
  observations(model: string): number;
  /** @internal */
  modelOf(model: string): TokenModel | undefined;
}

const DEFAULT_MAX_MODELS = 200;
const KNOWN_OPTIONS = ['maxModels'];

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
  const maxModels = options.maxModels ?? DEFAULT_MAX_MODELS;
  if (!Number.isSafeInteger(maxModels) || maxModels < 1) {
    throw new InvalidOptionError('tokens', 'maxModels', 'must be a positive integer');
  }
  const models = new Map<string, TokenModel>();
  // One tokenizer behind all profiles of a model: what `us.` taught holds for `eu.`.
  const keyOf = (model: string): string => resolveModel(model)?.model.id ?? model;

  return {
    observe(model, estimated, actualTokens) {
      if (!Number.isFinite(actualTokens) || actualTokens <= 0) return;
      const parts =
        typeof estimated === 'number'
          ? { requests: 0, messages: 0, toolPrompts: 0, words: estimated, signs: 0, cjk: 0, scripts: 0 }
          : estimated.parts;
      const vector = vectorOf(parts);
      const mediaTokens = typeof estimated === 'number' ? 0 : estimated.mediaTokens;
      const unknown = typeof estimated === 'number' ? [] : estimated.unknown;
      if (unknown.length > 0 || mediaTokens > actualTokens / 2 || !vector.every(Number.isFinite)) return;
      const key = keyOf(model);
      const known = models.get(key) ?? priorModel(tokenizerFamilyOf(model));
      models.delete(key);
      models.set(key, known);
      if (models.size > maxModels) models.delete(models.keys().next().value as string);
      learn(known, vector, actualTokens - mediaTokens);
    },
    observations: (model) => models.get(keyOf(model))?.observations ?? 0,
    modelOf: (model) => models.get(keyOf(model)),
  };
}
