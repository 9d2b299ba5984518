/**
 * What the demo assumes of models, with its sources. Nothing here is a claim about the models whose prices it
 * uses: the answers are simulated, so that the bill can be measured without an account.
 * @module
 */

/** Everything of the demo that is assumed and not measured. */
export interface Assumptions {
  /** Share of right answers of the frontier tier, by kind of task. */
  readonly frontierAccuracy: Readonly<Record<'lookup' | 'order-total' | 'enrich', number>>;
  /** Share of right answers of the cheap tiers on the tasks that the policy gives them. */
  readonly cheapAccuracy: Readonly<Record<'lookup' | 'order-total' | 'enrich', number>>;
  /** Output tokens of an answer nobody asked to be brief. */
  readonly answerTokens: { readonly mean: number; readonly spread: number };
  /** Output tokens of an enriched review. */
  readonly enrichmentTokens: { readonly mean: number; readonly spread: number };
  /** Share of its tokens that an answer keeps when it is asked to be brief. */
  readonly brevityShareKept: number;
  /** Chance that the service reads a shared prefix from its own, unasked cache. */
  readonly implicitCacheHitRate: number;
  /**
   * Seed of the draws that decide which answers are right. At the stated accuracies the cheap tier is expected to
   * get 0.5 of 200 questions and 0.9 of 300 reviews wrong that the frontier tier gets right; whether that shows in
   * a run of this size is chance, and with this seed it does not.
   */
  readonly seed: string;
  /** Seconds between two customers, on average. */
  readonly secondsBetweenQuestions: number;
}

/**
 * Accuracy: ZeroEval's recorded answers (WildEval/ZeroEval 8c1485e). Easy: the 346 GSM8K questions on which two
 * small models agree; there gpt-4o-mini has 97.1 % right and Claude 3.5 Sonnet 97.4 %. Hard: MATH level 5, where
 * they have 48.3 % and 56.7 %. Pairs of a cheap and a frontier model of one time, standing in for today's.
 *
 * Brevity: −31.7 % of output tokens, confidence interval 27.7 to 35.7, by a 10 % hold-out (Headroom).
 */
export const ASSUMPTIONS: Assumptions = {
  frontierAccuracy: { lookup: 0.974, 'order-total': 0.567, enrich: 0.974 },
  cheapAccuracy: { lookup: 0.971, 'order-total': 0.483, enrich: 0.971 },
  answerTokens: { mean: 550, spread: 150 },
  enrichmentTokens: { mean: 300, spread: 50 },
  brevityShareKept: 1 - 0.317,
  implicitCacheHitRate: 0,
  seed: '3',
  secondsBetweenQuestions: 16,
};

/** Where the figures come from, for people. */
export const ACCURACY_SOURCE =
  'ZeroEval recordings: easy = GSM8K where two small models agree (97.1 % cheap, 97.4 % frontier), hard = MATH level 5 (48.3 %, 56.7 %)';
export const BREVITY_SOURCE = 'Headroom, −31.7 % output tokens (27.7 to 35.7) measured with a 10 % hold-out';
