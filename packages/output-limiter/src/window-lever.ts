import {
  type Attempt,
  type Call,
  type Lever,
  type LeverMode,
  Money,
  type NextCall,
  type RequestView,
} from '@costkit/core';
import type { ResolvedModel } from '@costkit/pricing';
import { estimateText } from '@costkit/tokens';
import { bookUnsent } from './book-unsent.js';
import { conversationPrice, measureConversation } from './conversation.js';
import { KEPT_WHOLE, LEFT_OUT, SUMMARISED } from './input-actions.js';
import { inputDecider } from './input-decider.js';
import { LEVER } from './lever-name.js';
import type { WindowOptions } from './output-limit-options.js';
import { type ReplayedWindow, replayWindow } from './replay-window.js';
import { type RequestForm, requestForm } from './request-form.js';
import { resolveFor } from './resolve-for.js';
import { createSummarizer, SUMMARY_TOKENS, type Summarizer } from './summarize-turns.js';
import { requestsToCome, sentBefore } from './turns.js';
import { DEFAULT_CUT_BACK_TO, type MessageLike } from './window-messages.js';
import { type CallPrice, requestPricing, type WindowTokens, windowPricing } from './window-price.js';
import { isWorth } from './window-worth.js';

/** A conversation, what it costs, and what is to be left out of it. */
interface WindowedCall {
  readonly view: RequestView;
  readonly call: Call;
  readonly form: RequestForm;
  readonly messages: readonly MessageLike[];
  readonly without: NonNullable<RequestForm['withoutMessages']>;
  readonly stableTokens: number;
  readonly price: CallPrice;
  readonly resolved: ResolvedModel | undefined;
  readonly replayed: ReplayedWindow;
  /** What the conversation was before the last cut. */
  before(): ReplayedWindow;
  /** Pico-dollars of a cut beyond the window itself: its summary. */
  extra(tokens: WindowTokens, requests: number): number | undefined;
  /** What a summary takes that is not written; `undefined`: there is none. */
  readonly assumedSummary: AssumedSummary | undefined;
}

/** A summary as long as it may be, which decides whether a cut pays. */
interface AssumedSummary {
  readonly tokens: number;
  /** Pico-dollars of writing it; `undefined`: unknown. */
  written(tokens: WindowTokens): number | undefined;
}

/**
 * The lever that windows conversations: slot `shape`, so that model, cache points and caps are chosen for what is
 * really sent. Every request of a conversation replays how it grew, so nothing but summaries has to be remembered.
 */
export function windowLever(options: WindowOptions, mode: LeverMode): Lever {
  const { summarize } = options;
  const summarizer = summarize === undefined ? undefined : createSummarizer(summarize, options.cached);
  const decide = inputDecider(mode, KEPT_WHOLE);

  return {
    name: LEVER,
    slot: 'shape',
    mode,
    around: async (view, call, next) => {
      const windowed = readCall(view, call, options, summarizer);
      if (windowed === undefined) return next(view);
      const { messages, replayed } = windowed;
      if (replayed.refused !== undefined)
        decide(call, KEPT_WHOLE, whyKept(windowed, replayed.refused, options));
      if (replayed.left.size === 0) return next(view);
      const paidBefore = call.attempts.length;
      const summary =
        summarizer === undefined || mode === 'observe'
          ? undefined
          : ((await summaryFor(windowed, summarizer, next)) ?? '');
      if (summary === '') {
        decide(call, KEPT_WHOLE, 'Nobody has written the summary of the turns that were to be left out.');
        return next(view);
      }
      decide(
        call,
        summary === undefined ? LEFT_OUT : SUMMARISED,
        `${replayed.left.size} of ${messages.length} messages, about ${Math.round(replayed.leftTokens)} tokens, are not sent: the window of ${options.maxTokens} tokens was full.`,
        mode === 'observe'
          ? wouldSaveNow(windowed)
          : savedNow(windowed, noteTokens(summary), paidIn(call.attempts.slice(paidBefore))),
      );
      if (mode === 'enforce') bookLeft(windowed, summary);
      return next(windowed.without(replayed.left, summary));
    },
  };
}

function readCall(
  view: RequestView,
  call: Call,
  { maxTokens, cutBackTo = DEFAULT_CUT_BACK_TO, keep, cached, always = false, summarize }: WindowOptions,
  summarizer: Summarizer | undefined,
): WindowedCall | undefined {
  const form = requestForm(view);
  if (form?.withoutMessages === undefined) return undefined;
  const resolved = resolveFor(call, view.modelId);
  const { messages, ownMessages, withoutMessages: without } = form;
  const { perMessage, stableTokens } = measureConversation(
    view,
    messages,
    resolved?.model.id ?? view.modelId,
  );
  const price = conversationPrice(view, call, stableTokens, cached);
  const assumedSummary: AssumedSummary | undefined =
    summarizer === undefined
      ? undefined
      : {
          tokens: summarize?.maxTokens ?? SUMMARY_TOKENS,
          written: (tokens) => summarizer.price(view, call, tokens, stableTokens),
        };
  const extra = (tokens: WindowTokens, requests: number): number | undefined => {
    if (assumedSummary === undefined) return 0;
    const written = assumedSummary.written(tokens);
    // Read by every request to come, as the window is.
    const note = { whole: assumedSummary.tokens, same: 0, moved: 0 };
    const read = windowPricing(price, resolved)(note, requests);
    return written === undefined || read === undefined ? undefined : written + read.whole;
  };
  const replay = (part: readonly MessageLike[]): ReplayedWindow =>
    replayWindow(part, {
      maxTokens,
      cutBackTo,
      countTokens: (_, index) => perMessage[index] ?? 0,
      ...(keep === undefined ? {} : { keep: (_, index) => keep(ownMessages[index] as object, index) }),
      ...(always ? {} : { isWorth: isWorth(price, resolved, extra) }),
    });
  const replayed = replay(messages);
  const before = (): ReplayedWindow => replay(messages.slice(0, Math.max(0, replayed.cutAt)));
  return {
    view,
    call,
    form,
    messages,
    without,
    stableTokens,
    price,
    resolved,
    replayed,
    before,
    extra,
    assumedSummary,
  };
}

/** The summary of what is left out: remembered, or written now. */
async function summaryFor(
  { view, call, form, messages, stableTokens, replayed, before }: WindowedCall,
  summarizer: Summarizer,
  next: NextCall,
): Promise<string | undefined> {
  const { left, cut, leftTokens } = replayed;
  const leftMessages = messages.filter((_, index) => left.has(index));
  const known = summarizer.known(leftMessages);
  if (known !== undefined) return known;
  const earlier = before().left;
  const summaryBefore =
    earlier.size === 0
      ? undefined
      : summarizer.known(messages.filter((_, index) => earlier.has(index))) || undefined;
  // What a summary before held is lost where nobody remembers it: then all of it is read anew.
  const continues = earlier.size === 0 || summaryBefore !== undefined;
  const answered = messages.slice(0, sentBefore(messages));
  // A call of a tool wants its result next, and no question.
  const callsTool = answered.at(-1)?.content?.some((block) => 'toolUse' in block) === true;
  const onPrefix = continues && !callsTool && wasCutNow(replayed, messages);
  return summarizer.write({
    view,
    call,
    next,
    left: leftMessages,
    fresh: [
      ...(summaryBefore === undefined ? [] : [{ role: 'user', content: [{ text: summaryBefore }] }]),
      ...messages.filter((_, index) => left.has(index) && !(continues && earlier.has(index))),
    ],
    form,
    prefix: onPrefix ? { count: answered.length, left: earlier, note: summaryBefore } : undefined,
    tokens: continues && cut !== undefined ? cut : { whole: leftTokens, same: 0, moved: 0 },
    stableTokens,
  });
}

/** What this very request would save, less a summary that nobody writes while only watched. */
function wouldSaveNow(windowed: WindowedCall): Money | undefined {
  const { replayed, messages, assumedSummary } = windowed;
  if (assumedSummary === undefined) return savedNow(windowed, 0, Money.zero);
  const { cut } = replayed;
  // One that an earlier request has cut had its summary written then.
  const isNew = cut !== undefined && wasCutNow(replayed, messages);
  const written = isNew ? assumedSummary.written(cut) : 0;
  if (written === undefined) return undefined;
  return savedNow(windowed, assumedSummary.tokens, Money.fromPicoUsd(Math.round(written)));
}

/** What this very request saves, less what its summary takes and has cost. */
function savedNow(
  { price, resolved, replayed, messages }: WindowedCall,
  note: number,
  paid: Money,
): Money | undefined {
  const { cut, leftTokens } = replayed;
  const isNew = cut !== undefined && wasCutNow(replayed, messages);
  // What an earlier request has cut: what moved then has been written since.
  const before = isNew ? leftTokens - (cut.whole - cut.same - cut.moved) : leftTokens;
  const old = windowPricing(price, resolved)({ whole: before, same: isNew ? 0 : note, moved: 0 }, 1);
  const now = isNew ? requestPricing(price, resolved)({ ...cut, moved: cut.moved + note }, 1) : old;
  if (old === undefined || now === undefined) return undefined;
  const picoUsd = old.whole - old.window + (isNew ? now.whole - now.window : 0);
  return Money.fromPicoUsd(Math.round(picoUsd)).minus(paid);
}

const noteTokens = (summary: string | undefined): number =>
  summary === undefined ? 0 : estimateText(summary);

const paidIn = (attempts: readonly Attempt[]): Money =>
  Money.sum(attempts.map(({ cost = Money.zero }) => cost));

/** What the caller's own request would have had more of. */
function bookLeft(
  { view, call, price, resolved, replayed }: WindowedCall,
  summary: string | undefined,
): void {
  const more = replayed.leftTokens - noteTokens(summary);
  bookUnsent(view, call, price, resolved, more);
}

/** Whether the request before did not know of the cut yet: it ended before the last answer. */
function wasCutNow({ cutAt }: ReplayedWindow, messages: readonly MessageLike[]): boolean {
  return cutAt >= sentBefore(messages) - 1;
}

function whyKept(
  { messages, price, resolved, extra }: WindowedCall,
  tokens: WindowTokens,
  { maxTokens, summarize }: WindowOptions,
): string {
  const { whole, same, moved } = tokens;
  const requests = requestsToCome(messages);
  const picoUsd = requestPricing(price, resolved)(tokens, requests);
  const more = extra(tokens, requests);
  const full = `The window of ${maxTokens} tokens is full, but`;
  if (picoUsd === undefined || more === undefined) return `${full} what a summary costs is not known.`;
  const dearer = Money.fromPicoUsd(Math.round(picoUsd.window + more - picoUsd.whole));
  return (
    `${full} to leave out about ${Math.round(whole - same - moved)} would cost ${dearer} more over ${requests} ` +
    `requests to come: about ${Math.round(moved)} would be written to the cache anew` +
    `${summarize === undefined ? '' : ', and a summary be paid'}.`
  );
}
