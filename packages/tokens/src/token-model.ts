import { PART, PART_COUNT } from './part-vector.js';
import { factorOf, type TokenFactor, type TokenizerFamily } from './tokenizer-families.js';

/**
 * What is believed about a model's tokenizer: tokens per part of a prompt, how unsure that is, and how far
 * single prompts stray. A Bayesian linear regression: it begins at the family's factors and their bounds, and
 * every reported usage narrows it, each part on its own. English prompts teach nothing about Chinese.
 *
 * @internal
 */
export interface TokenModel {
  readonly factors: Float64Array;
  /** Covariance of the factors, row by row. */
  readonly covariance: Float64Array;
  /** Variance of the relative error of single prompts, as seen so far. */
  relativeVariance: number;
  observations: number;
}

/** Relative error of the text estimator on a long text (standard deviation); checked by bench/token-accuracy.ts. */
const PRIOR_RELATIVE_ERROR = 0.055;
/** It never falls below this, however alike the prompts were so far: the next one may be a table or a formula. */
const LEAST_RELATIVE_ERROR = 0.05;
/** Error that shrinks with length, per square root of a token: single words go either way. */
const ERROR_PER_ROOT_TOKEN = 0.65;
/** Observations that the prior counts as, against those that were made. */
const PRIOR_OBSERVATIONS = 12;
/** Observations after which older ones no longer count fully: models and workloads drift. */
const MEMORY = 400;
/** Factors may drift by this share from one observation to the next. */
const DRIFT = 0.001;
/** Bounds of a factor are taken to be this many standard deviations apart, half to each side. */
const BOUNDS_IN_DEVIATIONS = 4;
/** Standard deviations between the estimate and `low` or `high`; the tails are heavier than a normal's. */
const DEVIATIONS = 4.2;

/** Tokens around a request and each message: roles, separators, the empty system prompt. */
const REQUEST_OVERHEAD: TokenFactor = /* @__PURE__ */ factorOf([4, 0, 20]);
const MESSAGE_OVERHEAD: TokenFactor = /* @__PURE__ */ factorOf([4, 1, 8]);

/** A prompt that strays further than this many standard deviations teaches no more than one that strays so far. */
const MAX_SURPRISE = 6;

/** The belief about a family before any usage was seen. @internal */
export function priorModel(family: TokenizerFamily): TokenModel {
  const beliefs: readonly TokenFactor[] = [
    REQUEST_OVERHEAD,
    MESSAGE_OVERHEAD,
    family.toolPrompt,
    family.words,
    family.signs,
    family.cjk,
    family.scripts,
  ];
  const covariance = new Float64Array(PART_COUNT * PART_COUNT);
  beliefs.forEach(({ low, high }, index) => {
    covariance[index * PART_COUNT + index] = ((high - low) / BOUNDS_IN_DEVIATIONS) ** 2;
  });
  return {
    factors: Float64Array.from(beliefs, ({ factor }) => factor),
    covariance,
    relativeVariance: PRIOR_RELATIVE_ERROR ** 2,
    observations: 0,
  };
}

/** Input tokens, and the bounds around them. Not rounded, so that parts can be added up. */
export interface TokenRange {
  /** The best estimate. */
  readonly total: number;
  /** At least this many, in all but rare cases. */
  readonly low: number;
  /** At most this many, in all but rare cases. */
  readonly high: number;
}

function expected(model: TokenModel, parts: Float64Array): number {
  let tokens = 0;
  for (let index = 0; index < PART_COUNT; index++) {
    tokens += (model.factors[index] as number) * (parts[index] as number);
  }
  return tokens;
}

/** Covariance times parts. */
function spread(model: TokenModel, parts: Float64Array): Float64Array {
  const result = new Float64Array(PART_COUNT);
  for (let row = 0; row < PART_COUNT; row++) {
    let sum = 0;
    for (let column = 0; column < PART_COUNT; column++) {
      sum += (model.covariance[row * PART_COUNT + column] as number) * (parts[column] as number);
    }
    result[row] = sum;
  }
  return result;
}

function dot(one: Float64Array, two: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < PART_COUNT; index++) sum += (one[index] as number) * (two[index] as number);
  return sum;
}

/** Variance of one prompt around its expectation. */
function noise(model: TokenModel, parts: Float64Array, tokens: number, exactText: boolean): number {
  const text =
    (parts[PART.words] as number) +
    (parts[PART.signs] as number) +
    (parts[PART.cjk] as number) +
    (parts[PART.scripts] as number);
  if (text <= 0) return 0;
  const relativeVariance = Math.max(model.relativeVariance, LEAST_RELATIVE_ERROR ** 2);
  if (exactText) return 0.25 * relativeVariance * tokens * tokens;
  return relativeVariance * tokens * tokens + ERROR_PER_ROOT_TOKEN ** 2 * tokens;
}

/**
 * What the model says of a prompt. The bounds lie a factor to each side, so that `low` stays positive.
 *
 * @param exactText - whether the text parts were counted and not estimated
 * @internal
 */
export function rangeOf(model: TokenModel, parts: Float64Array, exactText = false): TokenRange {
  const total = expected(model, parts);
  if (total <= 0) return { total, low: 0, high: 0 };
  const variance = Math.max(0, dot(parts, spread(model, parts))) + noise(model, parts, total, exactText);
  const ratio = 1 + (DEVIATIONS * Math.sqrt(variance)) / total;
  return { total, low: total / ratio, high: total * ratio };
}

/** Learns from the tokens that a prompt really had. @internal */
export function learn(model: TokenModel, parts: Float64Array, actual: number): void {
  const tokens = expected(model, parts);
  if (tokens <= 0) return;
  const gain = spread(model, parts);
  const total = dot(parts, gain) + noise(model, parts, tokens, false);
  const limit = MAX_SURPRISE * Math.sqrt(total);
  const error = Math.max(-limit, Math.min(limit, actual - tokens));

  // What this prompt strayed, less what the unsure factors and its shortness explain.
  const explained = total - model.relativeVariance * tokens * tokens;
  const seen = Math.max(0, error * error - explained) / (tokens * tokens);
  const weight = 1 / (PRIOR_OBSERVATIONS + Math.min(model.observations + 1, MEMORY));
  model.relativeVariance += weight * (seen - model.relativeVariance);
  model.observations++;

  for (let row = 0; row < PART_COUNT; row++) {
    const share = (gain[row] as number) / total;
    model.factors[row] = Math.max(0, (model.factors[row] as number) + share * error);
    for (let column = 0; column < PART_COUNT; column++) {
      const at = row * PART_COUNT + column;
      model.covariance[at] = (model.covariance[at] as number) - share * (gain[column] as number);
    }
    const diagonal = row * PART_COUNT + row;
    const drift = DRIFT * (model.factors[row] as number);
    model.covariance[diagonal] = (model.covariance[diagonal] as number) + drift * drift;
  }
}
