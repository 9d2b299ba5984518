import { checkOptions, InvalidOptionError, isShare, isText } from '@costkit/core';
import { answerText } from '../answer-text.js';
import type { CascadeCheck } from '../cascade-check.js';
import { thresholdFor } from '../learned/threshold-for.js';
import type { CascadeScorer } from '../learned/types.js';

/** How a learned scorer decides. */
export interface ScorerCheckOptions {
  /** A tier whose answer the scorer compares with the draft; give it where the scorer was trained with second answers. @defaultValue none */
  readonly secondTier?: string;
  /**
   * Drafts that score below it are accepted, 0 to 1.
   * @defaultValue that of the `target` which the scorer was trained for
   */
  readonly threshold?: number;
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/**
 * Accepts drafts to which a learned scorer gives a small chance of falling short, and none of a kind that it has not seen.
 *
 * @param scorer - of `trainCascadeScorer` or `loadCascadeScorer`.
 * @throws `InvalidOptionError` for unknown or wrong options, and where neither they nor the scorer have a threshold.
 *
 * @example
 * ```ts
 * const scorer = await loadCascadeScorer(await readFile('cascade-scorer.json', 'utf8'));
 * withRouter(client, { tiers, cascade: { check: scorerCheck(scorer) } });
 * ```
 */
export function scorerCheck(scorer: CascadeScorer, options: ScorerCheckOptions = {}): CascadeCheck {
  checkOptions<ScorerCheckOptions>('router', options, { secondTier: isText, threshold: isShare });
  if (typeof (scorer as CascadeScorer | undefined)?.assess !== 'function') {
    throw new InvalidOptionError(
      'router',
      'scorer',
      'must be what trainCascadeScorer or loadCascadeScorer returns',
    );
  }
  const { secondTier, threshold: own } = options;
  if (own === undefined && scorer.threshold === undefined) {
    throw new InvalidOptionError(
      'router',
      'threshold',
      'is missing, and the scorer was trained without a target',
    );
  }
  return async (answer, call, { request, ask }) => {
    const { stopReason } = answer;
    const second = secondTier === undefined ? undefined : await ask({ tier: secondTier });
    const assessed = scorer.assess(
      request.lastUserText,
      {
        text: answerText(answer),
        ...(stopReason === undefined ? {} : { stopReason }),
        ...(second === undefined ? {} : { second: answerText(second) }),
      },
      call.tags['task'],
    );
    const { score, known } = assessed;
    if (!known)
      return { accept: false, reason: 'the learned scorer abstains, it has seen nothing like this' };
    const threshold = thresholdFor(own, assessed, scorer);
    const chance = `the learned scorer puts the chance that it falls short at ${percent(score)}, the threshold is ${percent(threshold)}`;
    return { accept: score < threshold, reason: chance };
  };
}
