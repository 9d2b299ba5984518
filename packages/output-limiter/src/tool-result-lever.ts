import { type Lever, type LeverMode, Money } from '@costkit/core';
import type { ResolvedModel } from '@costkit/pricing';
import { bookUnsent } from './book-unsent.js';
import { conversationPrice, measureConversation } from './conversation.js';
import { COMPACTED, KEPT_RESULTS } from './input-actions.js';
import { inputDecider } from './input-decider.js';
import { LEVER } from './lever-name.js';
import { requestForm } from './request-form.js';
import { resolveFor } from './resolve-for.js';
import type { ToolResultOptions } from './tool-result-options.js';
import { requestsToCome, sentBefore } from './turns.js';
import { type CallPrice, type WindowTokens, windowPricing } from './window-price.js';
import { type PlacedResult, writtenResults } from './written-results.js';

/** Results that fewer tokens can say, and what that costs where they stand. */
interface CompactPlan {
  /** Those that are to be compacted. */
  readonly chosen: readonly PlacedResult[];
  /** Those that were sent as they are, and stay so. */
  readonly kept: readonly PlacedResult[];
  /** What the earlier requests have sent, with what is compacted in it now. */
  readonly now: WindowTokens;
  /** The same with all that is kept compacted too. */
  readonly all: WindowTokens;
}

/**
 * The lever that compacts tool results: slot `shape`, outside of the window. A result is compacted when it is sent for
 * the first time, and from then on: that leaves every prefix as it is. One that was sent as it is (this process has not
 * compacted it before) stands in a prefix, and is compacted only where what is written anew for that pays.
 */
export function toolResultLever(options: ToolResultOptions, mode: LeverMode): Lever {
  const { toon = true, cached, always = false } = options;
  const results = writtenResults(toon);
  const decide = inputDecider(mode, KEPT_RESULTS);

  return {
    name: LEVER,
    slot: 'shape',
    mode,
    around: async (view, call, next) => {
      if (!view.blocks.some(({ kind }) => kind === 'toolResult')) return next(view);
      const form = requestForm(view);
      if (form === undefined) return next(view);
      const resolved = resolveFor(call, view.modelId);
      const model = resolved?.model.id ?? view.modelId;
      const { messages } = form;
      const { perMessage, stableTokens } = measureConversation(view, messages, model);
      const found = await results.find(messages, model);
      if (found.length === 0) return next(view);
      const price = conversationPrice(view, call, stableTokens, cached);
      const pricing = windowPricing(price, resolved);
      const requests = requestsToCome(messages);
      const plan = planOf(found, perMessage, sentBefore(messages), always, (tokens) => {
        const picoUsd = pricing(tokens, requests);
        return picoUsd === undefined ? Number.POSITIVE_INFINITY : picoUsd.window - picoUsd.whole;
      });
      if (plan.kept.length > 0) decide(call, KEPT_RESULTS, whyKept(plan, price, resolved, requests));
      const { chosen } = plan;
      if (chosen.length === 0) return next(view);
      const split = savedTokens(chosen, sentBefore(messages));
      decide(
        call,
        COMPACTED,
        `${chosen.length} of the conversation's tool results are written in about ${Math.round(split.sent + split.fresh)} tokens fewer.`,
        savedNow(plan, split, price, resolved),
      );
      for (const { written } of chosen) written.sent = true;
      if (mode === 'observe') return next(view);
      bookUnsent(view, call, price, resolved, split.sent, split.fresh);
      return next(form.withResults(chosen));
    },
  };
}

/**
 * @param answered - how many messages earlier requests have sent.
 * @param costOf - what a change costs more over the requests to come; below zero it pays.
 */
function planOf(
  found: readonly PlacedResult[],
  perMessage: readonly number[],
  answered: number,
  always: boolean,
  costOf: (tokens: WindowTokens) => number,
): CompactPlan {
  const isOpen = ({ messageIndex, written }: PlacedResult): boolean =>
    !written.sent && messageIndex < answered;
  const open = found.filter(isOpen);
  /** With the open ones compacted from one message on; what was compacted before is, in any case. */
  const from = (start: number): WindowTokens => {
    const tokens = perMessage.slice(0, answered);
    const reduce = ({ messageIndex, written }: PlacedResult): void => {
      tokens[messageIndex] = (tokens[messageIndex] ?? 0) - written.savedTokens;
    };
    const sum = (part: readonly number[]): number => part.reduce((total, one) => total + one, 0);
    for (const result of found) if (result.messageIndex < answered && !isOpen(result)) reduce(result);
    const whole = sum(tokens);
    const same = sum(tokens.slice(0, start));
    for (const result of open) if (result.messageIndex >= start) reduce(result);
    return { whole, same, moved: sum(tokens.slice(start)) };
  };
  let start = always ? 0 : answered;
  let least = 0;
  // The later a prefix changes, the less of it is written anew.
  for (const messageIndex of always ? [] : new Set(open.map((result) => result.messageIndex))) {
    const cost = costOf(from(messageIndex));
    if (cost >= least) continue;
    start = messageIndex;
    least = cost;
  }
  const isKept = (result: PlacedResult): boolean => isOpen(result) && result.messageIndex < start;
  return {
    chosen: found.filter((result) => !isKept(result)),
    kept: found.filter(isKept),
    now: from(start),
    all: from(Math.min(answered, ...open.map((result) => result.messageIndex))),
  };
}

/** Of what earlier requests have sent, and of what is sent for the first time. */
interface SavedTokens {
  readonly sent: number;
  readonly fresh: number;
}

function savedTokens(results: readonly PlacedResult[], answered: number): SavedTokens {
  let [sent, fresh] = [0, 0];
  for (const { messageIndex, written } of results)
    if (messageIndex < answered) sent += written.savedTokens;
    else fresh += written.savedTokens;
  return { sent, fresh };
}

/** What this very request saves. */
function savedNow(
  { now }: CompactPlan,
  { sent, fresh }: SavedTokens,
  price: CallPrice,
  resolved: ResolvedModel | undefined,
): Money | undefined {
  const moved = windowPricing(price, resolved)(now, 1);
  const gone = (tokens: number, cached: boolean): number => {
    const priced = windowPricing(cached ? price : { ...price, cached: false }, resolved)(
      { whole: tokens, same: 0, moved: 0 },
      1,
    );
    return priced === undefined ? Number.NaN : priced.whole - priced.window;
  };
  // What was compacted before is in neither side of the change.
  const before = sent - (now.whole - now.same - now.moved);
  const picoUsd = (moved === undefined ? Number.NaN : moved.whole - moved.window) + gone(before, true);
  const total = picoUsd + gone(fresh, false);
  return Number.isNaN(total) ? undefined : Money.fromPicoUsd(Math.round(total));
}

function whyKept(
  { kept, now, all }: CompactPlan,
  price: CallPrice,
  resolved: ResolvedModel | undefined,
  requests: number,
): string {
  const fewer = kept.reduce((sum, { written }) => sum + written.savedTokens, 0);
  const what = `${kept.length} tool results were sent as they are: to write them in about ${Math.round(fewer)} tokens fewer`;
  const pricing = windowPricing(price, resolved);
  const [changed, left] = [pricing(all, requests), pricing(now, requests)];
  if (changed === undefined || left === undefined) return `${what} has no known price.`;
  const dearer = Money.fromPicoUsd(Math.round(changed.window - left.window));
  return `${what} would cost ${dearer} more over ${requests} requests to come, as about ${Math.round(all.moved)} would be written to the cache anew.`;
}
