/**
 * What models answer with an error although others take it. Apart from the main entry, because it decides no price.
 * @module
 */
import { REFUSALS } from './refusals.generated.js';

/**
 * A part of a request that some models refuse: `sampling`, any of temperature, top_p and top_k; `samplingPair`,
 * temperature and top_p in one request; `prefill`, an answer that the caller has begun; `streamedTools`, tools in
 * ConverseStream; `thinkingBudget`, thinking of the type `enabled`, which has a budget of tokens; `images`.
 */
export type Refusal = 'sampling' | 'samplingPair' | 'prefill' | 'streamedTools' | 'thinkingBudget' | 'images';

const NONE: ReadonlySet<Refusal> = new Set();

const byModel: ReadonlyMap<string, ReadonlySet<Refusal>> = new Map(
  REFUSALS.split('\n').map((line) => {
    const [id = '', ...refusals] = line.split(' ');
    return [id, new Set(refusals as Refusal[])];
  }),
);

/**
 * What a model is known to refuse; the data of the catalogue say by whom it was seen.
 *
 * @param modelId - a foundation-model id.
 * @returns empty where nothing is known, which is no promise.
 *
 * @example
 * ```ts
 * const takesTemperature = !refusalsOf('anthropic.claude-haiku-5-5').has('sampling');
 * ```
 */
export function refusalsOf(modelId: string): ReadonlySet<Refusal> {
  return byModel.get(modelId) ?? NONE;
}
