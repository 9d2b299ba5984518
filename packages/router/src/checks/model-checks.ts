import { InvalidOptionError, isText } from '@costkit/core';
import { toolCallTexts } from '../answer-text.js';
import type { CascadeCheck } from '../cascade-check.js';
import { finalAnswer, wordOverlap } from '../learned/answer-structure.js';
import { askAboutDraft, VERDICT_TEXT } from './ask-about-draft.js';

function requireTier(tier: unknown): void {
  const problem = isText(tier);
  if (problem !== undefined) throw new InvalidOptionError('router', 'tier', problem);
}

/**
 * Has the drafting model verify its own draft, for about the price of a second draft. Weak where models are sure of their
 * mistakes: measure how often it accepts what is wrong.
 *
 * @example
 * ```ts
 * withRouter(client, { tiers, cascade: { check: selfCheck() } });
 * ```
 */
export function selfCheck(): CascadeCheck {
  return async (answer, _call, context) => {
    const verdict = await askAboutDraft(answer, context, undefined);
    return { accept: verdict === 'right', reason: `the model itself ${VERDICT_TEXT[verdict]}` };
  };
}

/**
 * Has another tier judge the draft: stronger than the drafting one, and still cheaper than the escalation.
 *
 * @param tier - its name.
 * @throws `InvalidOptionError` without one.
 *
 * @example
 * ```ts
 * withRouter(client, { tiers, cascade: { check: judgeCheck('middle') } });
 * ```
 */
export function judgeCheck(tier: string): CascadeCheck {
  requireTier(tier);
  return async (answer, _call, context) => {
    const verdict = await askAboutDraft(answer, context, tier);
    return { accept: verdict === 'right', reason: `tier "${tier}" ${VERDICT_TEXT[verdict]}` };
  };
}

/** How two answers are compared. */
export interface SecondModelCheckOptions {
  /**
   * Whether two answers say the same. Of answers that call tools the calls are compared instead: name and input.
   * @defaultValue the results that they name are the same, else nine of ten of their words
   */
  readonly agree?: (draft: string, second: string) => boolean;
}

/** Same result, or nearly the same words. */
function sayTheSame(draft: string, second: string): boolean {
  const [one, other] = [finalAnswer(draft), finalAnswer(second)];
  if (one.named && other.named) return one.text === other.text;
  return wordOverlap(draft, second) >= 0.9;
}

/**
 * Asks a second cheap model the same, and accepts where both say the same: with recorded models the best sign there is.
 *
 * @param tier - the name of its tier; best of another family.
 * @throws `InvalidOptionError` without one.
 *
 * @example
 * ```ts
 * withRouter(client, { tiers, cascade: { check: secondModelCheck('other-cheap') } });
 * ```
 */
export function secondModelCheck(tier: string, options: SecondModelCheckOptions = {}): CascadeCheck {
  requireTier(tier);
  const { agree = sayTheSame } = options;
  return async (answer, _call, { ask }) => {
    const second = await ask({ tier });
    if (second === undefined) return { accept: false, reason: `tier "${tier}" could not be asked` };
    const [calls, others] = [toolCallTexts(answer), toolCallTexts(second)];
    if (calls.length > 0 || others.length > 0) {
      return calls.join('\n') === others.join('\n')
        ? { accept: true, reason: `tier "${tier}" calls the same tools` }
        : { accept: false, reason: `tier "${tier}" calls other tools` };
    }
    return agree(answer.text, second.text)
      ? { accept: true, reason: `tier "${tier}" says the same` }
      : { accept: false, reason: `tier "${tier}" says something else` };
  };
}
