import { HIGH_SHARE_OF_ESTIMATE, LOW_SHARE_OF_ESTIMATE } from './constants.js';

/** How many tokens the service counts per estimated one, and the bounds that cover nearly all prompts. */
export interface TokenFactor {
  readonly factor: number;
  readonly low: number;
  readonly high: number;
}

/** What holds before any answer has said how many tokens a model counts. */
export const UNKNOWN_FACTOR: TokenFactor = {
  factor: 1,
  low: LOW_SHARE_OF_ESTIMATE,
  high: HIGH_SHARE_OF_ESTIMATE,
};

/** Learns from reported usage how many tokens each model counts per estimated one. */
export interface TokenScale {
  of(modelId: string): TokenFactor;
  /** @param reported - input, cache reads and cache writes together */
  learn(modelId: string, estimated: number, reported: number): void;
}

/** Answers after which a model's own factor is trusted. */
const ENOUGH_ANSWERS = 5;
/** How far single prompts lie from the mean of their model, beyond what was observed. */
const MARGIN = 0.03;
/** How much earlier answers count when another comes in. */
const DECAY = 0.95;
/** Prompts shorter than this say little: what the service adds by itself weighs more. */
const LEAST_TOKENS = 200;
const MAX_MODELS = 100;

interface Observed {
  answers: number;
  mean: number;
  /** Mean distance from the mean. */
  spread: number;
  factor: TokenFactor;
}

/** Starts without observations. */
export function createTokenScale(): TokenScale {
  const models = new Map<string, Observed>();
  return {
    of: (modelId) => models.get(modelId)?.factor ?? UNKNOWN_FACTOR,
    learn: (modelId, estimated, reported) => {
      if (estimated < LEAST_TOKENS || reported <= 0) return;
      let model = models.get(modelId);
      if (model === undefined) {
        if (models.size >= MAX_MODELS) models.clear();
        model = { answers: 0, mean: 0, spread: 0, factor: UNKNOWN_FACTOR };
        models.set(modelId, model);
      }
      const ratio = reported / estimated;
      model.answers += 1;
      const weight = Math.max(1 / model.answers, 1 - DECAY);
      model.mean += weight * (ratio - model.mean);
      model.spread += weight * (Math.abs(ratio - model.mean) - model.spread);
      if (model.answers < ENOUGH_ANSWERS) return;
      const reach = 3 * model.spread + MARGIN * model.mean;
      model.factor = { factor: model.mean, low: model.mean - reach, high: model.mean + reach };
    },
  };
}
