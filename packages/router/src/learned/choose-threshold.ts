import { checkOptions, InvalidOptionError, isArray, isPositiveInteger, isShare } from '@costkit/core';
import { normalQuantile } from '../evaluation/statistics/normal.js';
import type { QualityTarget, ThresholdChoice, ThresholdSample } from './types.js';

const DEFAULT_DELTA = 0.1;
/** Part of `delta` that the test may use; the rest is for choosing among thresholds and for losses that are rare. */
const TESTED_SHARE = 0.5;
/** Thresholds are tried at these steps of the share that goes to the cheap tier. */
const STEPS = 200;

/** @throws `InvalidOptionError` for a target that is none. */
export function checkTarget(target: QualityTarget, path: string): void {
  checkOptions<QualityTarget>(
    'router',
    target,
    {
      keepShareOfStrongQuality: isShare,
      delta: (value) =>
        typeof value === 'number' && value > 0 && value < 1 ? undefined : 'must be between 0 and 1',
      overPrompts: isPositiveInteger,
    },
    path,
  );
  const problem = isShare(target.keepShareOfStrongQuality);
  if (problem !== undefined)
    throw new InvalidOptionError('router', `${path}keepShareOfStrongQuality`, problem);
}

/**
 * Chooses how hard a prompt may be for the cheap tier, so that new prompts like the samples keep a share of the strong
 * tier's quality, except with a chance of `delta`.
 *
 * Thresholds are tried from the safest on and the first that fails ends the search, so that trying many does not
 * weaken the promise (fixed-sequence testing). A threshold fails when the loss of quality above what the target allows
 * may, with chance `delta`, be above 0 on the new prompts: chance in the samples and chance in those both count.
 *
 * @param samples - graded prompts whose scores come from a model that was not trained on them.
 * @throws `InvalidOptionError` for an unknown or wrong option, and without samples.
 *
 * @example
 * ```ts
 * const samples = records.map(({ prompt, outcomes }) => ({
 *   score: model.score(prompt),
 *   cheap: outcomes.haiku.score,
 *   strong: outcomes.sonnet.score,
 * }));
 * const { threshold, cheapShare } = chooseThreshold(samples, { keepShareOfStrongQuality: 0.99 });
 * ```
 */
export function chooseThreshold(samples: readonly ThresholdSample[], target: QualityTarget): ThresholdChoice {
  const wrong = isArray(samples) ?? (samples.length === 0 ? 'must not be empty' : undefined);
  if (wrong !== undefined) throw new InvalidOptionError('router', 'samples', wrong);
  checkTarget(target, '');
  const count = samples.length;
  const { keepShareOfStrongQuality: keep, delta = DEFAULT_DELTA, overPrompts = count } = target;
  const quantile = -normalQuantile(TESTED_SHARE * delta);
  const spread = quantile * Math.sqrt(1 / count + 1 / overPrompts);
  const strongTotal = samples.reduce((sum, { strong }) => sum + strong, 0);
  const known = samples
    .filter((sample) => sample.known !== false)
    .sort((one, other) => one.score - other.score);

  // What each sample loses beyond what the target allows: here while all of them go to the strong tier.
  let sum = -(1 - keep) * strongTotal;
  let squares = samples.reduce((all, { strong }) => all + ((1 - keep) * strong) ** 2, 0);
  const holds = (): boolean => {
    // One more loss than was seen: a rare one that the samples happen to lack must not look impossible.
    const mean = (sum + 1) / (count + 1);
    const variance = (squares + 1) / (count + 1) - mean ** 2;
    return mean + spread * Math.sqrt(Math.max(0, variance)) <= 0;
  };

  let cheapCount = 0;
  let lost = 0;
  let chosen = { threshold: 0, cheapCount: 0, lost: 0 };
  const stride = Math.max(1, Math.floor(known.length / STEPS));
  while (cheapCount < known.length) {
    const { cheap, strong } = known[cheapCount]!;
    const allowed = (1 - keep) * strong;
    sum += strong - cheap;
    squares += (strong - cheap - allowed) ** 2 - allowed ** 2;
    lost += strong - cheap;
    cheapCount += 1;
    const next = known[cheapCount];
    // Equal scores go the same way.
    if (next?.score === known[cheapCount - 1]!.score) continue;
    if (cheapCount % stride !== 0 && next !== undefined) continue;
    if (!holds()) break;
    chosen = { threshold: next?.score ?? 1, cheapCount, lost };
  }
  return {
    threshold: chosen.threshold,
    cheapShare: chosen.cheapCount / count,
    abstainedShare: 1 - known.length / count,
    shareOfStrongQuality: strongTotal === 0 ? 1 : (strongTotal - chosen.lost) / strongTotal,
    target: { keepShareOfStrongQuality: keep, delta, overPrompts },
  };
}
