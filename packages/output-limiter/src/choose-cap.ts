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

function wanted({ taskCap, defaultCap, seen, thinkingTokens }: CapQuestion): CapChoice | undefined {
  const thinking = thinkingTokens > 0 ? `, with ${thinkingTokens} tokens more for thinking` : '';
  if (taskCap !== undefined) {
    return { maxTokens: taskCap + thinkingTokens, reason: `The task's cap is ${taskCap} tokens${thinking}.` };
  }
  const ceiling = defaultCap === undefined ? Number.POSITIVE_INFINITY : defaultCap + thinkingTokens;
  if (seen !== undefined && seen.count >= MIN_ANSWERS) {
    // Thinking is part of the answers that were seen, so it needs no room of its own.
    const learned = Math.max(SMALLEST_LEARNED, Math.ceil(seen.quantile(QUANTILE) * HEADROOM));
    if (learned <= ceiling) {
      return {
        maxTokens: learned,
        reason: `99 % of the last ${seen.count} answers took at most ${seen.quantile(QUANTILE)} tokens.`,
      };
    }
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
  return choice.maxTokens < limit ? choice : undefined;
}
