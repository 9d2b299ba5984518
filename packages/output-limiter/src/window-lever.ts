import {
  type Call,
  type Decision,
  estimatedTokens,
  type Lever,
  type LeverMode,
  Money,
  type RequestView,
} from '@costkit/core';
import { viewRequest } from '@costkit/core/views';
import { LEVER } from './lever-name.js';
import type { WindowOptions } from './output-limit-options.js';
import { type ReplayedWindow, replayWindow } from './replay-window.js';
import { resolveFor } from './resolve-for.js';
import {
  DEFAULT_CUT_BACK_TO,
  MEDIA,
  MEDIA_TOKENS,
  MESSAGE_TOKENS,
  type MessageLike,
} from './window-messages.js';
import { type WindowPicoUsd, type WindowPrice, windowPricing } from './window-price.js';
import { isWorth } from './window-worth.js';

/** A conversation of Converse in tokens, counted without what answers have taught: a cut must not move with it. */
interface MeasuredConversation {
  readonly messages: readonly MessageLike[];
  readonly perMessage: readonly number[];
  /** Of tools and system prompt. */
  readonly stableTokens: number;
}

/**
 * The lever that windows conversations: slot `shape`, so that model, cache points and caps are chosen for what is
 * really sent. Every request of a conversation replays how it grew, so nothing has to be remembered.
 */
export function windowLever(options: WindowOptions, mode: LeverMode): Lever {
  return {
    name: LEVER,
    slot: 'shape',
    mode,
    around: (view, call, next) => next(windowed(view, call, options, mode)),
  };
}

function windowed(view: RequestView, call: Call, options: WindowOptions, mode: LeverMode): RequestView {
  // Guarded content keeps its surroundings, and a prompt resource has messages of its own.
  if (view.dialect !== 'converse' || view.pinned.has('system')) return view;
  const { maxTokens, cutBackTo = DEFAULT_CUT_BACK_TO, keep, cached, always = false } = options;
  const resolved = resolveFor(call, view.modelId);
  const { messages, perMessage, stableTokens } = measured(view, resolved?.model.id ?? view.modelId);
  const { region, priceOverrides } = call;
  const price: WindowPrice = {
    model: view.modelId,
    stableTokens,
    priceOverrides,
    ...(cached === undefined ? {} : { cached }),
    ...(region === undefined ? {} : { region }),
  };
  const replayed = replayWindow(messages, {
    maxTokens,
    cutBackTo,
    countTokens: (_, index) => perMessage[index] ?? 0,
    ...(keep === undefined ? {} : { keep }),
    ...(always ? {} : { isWorth: isWorth(price, resolved) }),
  });
  const pricing = windowPricing(price, resolved);
  const decide = (action: string, reason: string, estimatedSaving?: Money): void => {
    const decision: Decision = { lever: LEVER, mode, action, reason };
    call.decide(estimatedSaving === undefined ? decision : { ...decision, estimatedSaving });
  };
  const { left, refused, leftTokens } = replayed;
  if (refused !== undefined) {
    const requests = requestsSoFar(messages);
    const picoUsd = pricing(refused, requests);
    if (picoUsd !== undefined) decide(KEPT_WHOLE, whyKept(refused, picoUsd, requests, maxTokens));
  }
  if (left.size === 0) return view;
  const now = pricing(
    wasCutNow(replayed, messages) && replayed.cut !== undefined
      ? replayed.cut
      : // Cut by an earlier request: what moved has been written since.
        { whole: leftTokens, same: 0, moved: 0 },
    1,
  );
  decide(
    mode === 'observe' ? `would have ${LEFT_OUT}` : LEFT_OUT,
    `${left.size} of ${messages.length} messages, about ${Math.round(leftTokens)} tokens, are not sent: the window of ${maxTokens} tokens was full.`,
    now === undefined ? undefined : savedOf(now),
  );
  if (mode === 'enforce') {
    // The caller's own points would have had them read: then they count for as much input as costs the same.
    const whole = { whole: leftTokens, same: 0, moved: 0 };
    const asInput = windowPricing({ ...price, cached: false }, resolved)(whole, 1)?.whole ?? 0;
    const asRead = pricing(whole, 1)?.whole ?? 0;
    const share = view.cachePoints.length > 0 && asInput > 0 ? asRead / asInput : 1;
    call.counterfactual.inputTokens = Math.round(leftTokens * share);
  }
  return viewRequest(view.operation, {
    ...view.input,
    messages: messages.filter((_, index) => !left.has(index)),
  });
}

const LEFT_OUT = 'left out earlier turns';
const KEPT_WHOLE = 'kept the conversation whole';

/** What this lever says on receipts: nothing of it is about answers. */
export const WINDOW_ACTIONS: ReadonlySet<string> = new Set([LEFT_OUT, KEPT_WHOLE]);

const savedOf = ({ whole, window }: WindowPicoUsd): Money => Money.fromPicoUsd(Math.round(whole - window));

const requestsSoFar = (messages: readonly MessageLike[]): number =>
  Math.max(1, messages.filter(({ role }) => role === 'assistant').length);

/** Whether the request before did not know of the cut yet: it ended before the last answer. */
function wasCutNow({ cutAt }: ReplayedWindow, messages: readonly MessageLike[]): boolean {
  return cutAt >= messages.findLastIndex(({ role }) => role === 'assistant');
}

function whyKept(
  { whole, same, moved }: { readonly whole: number; readonly same: number; readonly moved: number },
  picoUsd: WindowPicoUsd,
  requests: number,
  maxTokens: number,
): string {
  const dearer = Money.fromPicoUsd(Math.round(picoUsd.window - picoUsd.whole));
  return (
    `The window of ${maxTokens} tokens is full, but to leave out about ${Math.round(whole - same - moved)} would cost ` +
    `${dearer} more over ${requests} requests to come: about ${Math.round(moved)} would be written to the cache anew.`
  );
}

function measured(view: RequestView, modelId: string): MeasuredConversation {
  const messages = (view.input as { messages?: readonly MessageLike[] }).messages ?? [];
  const { perBlock } = estimatedTokens(view, {}, modelId);
  const perMessage = messages.map(() => MESSAGE_TOKENS);
  let stableTokens = 0;
  for (const [index, { kind, messageIndex }] of view.blocks.entries()) {
    const tokens = MEDIA.includes(kind) ? MEDIA_TOKENS : (perBlock[index] ?? 0);
    if (messageIndex === undefined) stableTokens += tokens;
    else perMessage[messageIndex] = (perMessage[messageIndex] ?? 0) + tokens;
  }
  return { messages, perMessage, stableTokens };
}
