import type { AnswerLengths } from './answer-history.js';

/** What decides a cap. */
export interface CapQuestion {
  /** The task's own cap, from the options. */
  readonly taskCap: number | undefined;
  /** The cap of tasks without one, from the options; a learned cap does not exceed it. */
  readonly defaultCap: number | undefined;
  /** Answers seen so far; `undefined` where nothing is to be learned. */
  readonly seen: AnswerLengths | undefined;
  /** The caller's own cap, which is never raised. */
  readonly callerCap: number | undefined;
  /** The model's own maximum. */
  readonly modelMaximum: number | undefined;
  /** Added to caps from the options for models that think, whose thinking is part of the answer. */
  readonly thinkingTokens: number;
  /** What the account's quota is charged. */
  readonly quota: QuotaQuestion;
}

/**
 * What a cap does to the account's quota of tokens: a call reserves its input and its cap when it starts, and each token
 * of output burns several in the end. Source: Amazon Bedrock user guide, token burndown.
 */
interface QuotaQuestion {
  /** Tokens of quota that a token of output burns. */
  readonly burndown: number;
  /** Estimated input, which a second call for the rest of a cut answer reserves once more. */
  readonly inputTokens: () => number;
  /** Calls to this model were throttled a while ago: quota is worth more than a second call now and then. */
  readonly scarce: boolean;
}

/** A cap, and where it comes from. */
export interface CapChoice {
  readonly maxTokens: number;
  /** One sentence for the receipt. */
  readonly reason: string;
}

/** Answers that must have been seen before a cap is learned from them. */
const MIN_ANSWERS = 30;
/** Share of the answers that a learned cap lets through even without headroom. */
const QUANTILE = 0.99;
/** A longer answer than any so far must have room; unused room costs nothing but quota. */
const HEADROOM = 1.5;
const SMALLEST_LEARNED = 64;
/** How much more room a repair gets than the cap that was too low. */
export const MORE_ROOM = 4;

/** A cap from the answers that were seen; thinking is part of them, so it needs no room of its own. */
function learned(seen: AnswerLengths, quota: QuotaQuestion): CapChoice {
  const { burndown } = quota;
  const usual = Math.max(SMALLEST_LEARNED, Math.ceil(seen.quantile(QUANTILE) * HEADROOM));
  // Cut, at worst: what was written is burned in vain, and all is reserved once more, with more room.
  const least = quota.scarce
    ? seen.bestCap((cap, above) => cap + above * (quota.inputTokens() + MORE_ROOM * cap + burndown * cap))
    : undefined;
  if (least !== undefined && least < usual)
    return {
      maxTokens: Math.max(SMALLEST_LEARNED, least),
      reason: `Calls were throttled: of the lengths of the last ${seen.count} answers this takes least quota, of which a token of output burns ${burndown}.`,
    };
  return {
    maxTokens: usual,
    reason: `99 % of the last ${seen.count} answers took at most ${seen.quantile(QUANTILE)} tokens.`,
  };
}

function wanted({ taskCap, defaultCap, seen, thinkingTokens, quota }: CapQuestion): CapChoice | undefined {
  const thinking = thinkingTokens > 0 ? `, with ${thinkingTokens} tokens more for thinking` : '';
  if (taskCap !== undefined) {
    return { maxTokens: taskCap + thinkingTokens, reason: `The task's cap is ${taskCap} tokens${thinking}.` };
  }
  const ceiling = defaultCap === undefined ? Number.POSITIVE_INFINITY : defaultCap + thinkingTokens;
  if (seen !== undefined && seen.count >= MIN_ANSWERS) {
    const choice = learned(seen, quota);
    if (choice.maxTokens <= ceiling) return choice;
  }
  if (defaultCap === undefined) return undefined;
  return { maxTokens: ceiling, reason: `The default cap is ${defaultCap} tokens${thinking}.` };
}

/** The cap to send, or `undefined` where the request's own is as low or none is known. Never raises a cap. */
export function chooseCap(question: CapQuestion): CapChoice | undefined {
  const choice = wanted(question);
  if (choice === undefined) return undefined;
  const limit = Math.min(
    question.callerCap ?? Number.POSITIVE_INFINITY,
    question.modelMaximum ?? Number.POSITIVE_INFINITY,
  );
  if (choice.maxTokens >= limit) return undefined;
  if (!Number.isFinite(limit)) return choice;
  return {
    ...choice,
    reason: `${choice.reason} The call reserves ${limit - choice.maxTokens} tokens of quota fewer.`,
  };
}
