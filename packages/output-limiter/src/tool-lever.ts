import {
  type Call,
  estimatedTokens,
  type Lever,
  type LeverMode,
  Money,
  type RequestView,
} from '@costkit/core';
import type { ResolvedModel } from '@costkit/pricing';
import { bookUnsent } from './book-unsent.js';
import { conversationPrice, measureConversation } from './conversation.js';
import { KEPT_TOOLS, SELECTED } from './input-actions.js';
import { inputDecider } from './input-decider.js';
import { LEVER } from './lever-name.js';
import { type ReplayedTools, replayTools } from './replay-tools.js';
import { type RequestForm, requestForm } from './request-form.js';
import { resolveFor } from './resolve-for.js';
import { nameOf, type ToolLike } from './select-tools.js';
import type { ToolOptions } from './tool-options.js';
import { sentBefore } from './turns.js';
import { type CallPrice, windowPricing } from './window-price.js';

/** A request with tools, what they cost, and which of them are to be sent. */
interface ToolCall {
  readonly form: RequestForm;
  readonly specs: readonly ToolLike[];
  readonly replayed: ReplayedTools;
  readonly price: CallPrice;
  readonly resolved: ResolvedModel | undefined;
  /** Whether the list is sent for the first time. */
  readonly changed: boolean;
  /** Tokens of some tools, by their names. */
  tokensOf(names: readonly string[]): number;
  /** Tokens of all that stands behind the tools and was sent before. */
  readonly behindTokens: number;
}

/**
 * The lever that chooses tools: slot `shape`. Tools stand at the start of every prefix, so another list makes the service
 * write all of it anew: a list is chosen only where the requests to come cost less with it than with all tools, which are
 * taken to be in the cache. Every request of a conversation replays how it grew, so nothing has to be remembered.
 */
export function toolLever(options: ToolOptions, mode: LeverMode): Lever {
  const decide = inputDecider(mode, KEPT_TOOLS);
  return {
    name: LEVER,
    slot: 'shape',
    mode,
    around: async (view, call, next) => {
      const tooled = readCall(view, call, options);
      if (tooled === undefined) return next(view);
      const { specs, replayed, price, resolved, tokensOf, form } = tooled;
      const { sent, refused } = replayed;
      if (refused !== undefined && refused.names.length < specs.length) {
        const { names, dearerPicoUsd, requests } = refused;
        const what = `${names.length} of ${specs.length} tools would do, but`;
        const reason = Number.isFinite(dearerPicoUsd)
          ? `to send no others would cost ${Money.fromPicoUsd(Math.round(dearerPicoUsd))} more over ${requests} requests to come, as tools and all behind them would be written to the cache anew.`
          : 'what that costs is not known.';
        decide(call, KEPT_TOOLS, `${what} ${reason}`);
      }
      if (sent === undefined || sent.length >= specs.length) return next(view);
      const unsent = tokensOf(specs.map(nameOf)) - tokensOf(sent);
      decide(
        call,
        SELECTED,
        `${sent.length} of ${specs.length} tools are sent, about ${Math.round(unsent)} tokens fewer.`,
        savedNow(tooled, sent),
      );
      if (mode === 'observe') return next(view);
      bookUnsent(view, call, price, resolved, unsent);
      return next(form.withTools(sent));
    },
  };
}

function readCall(
  view: RequestView,
  call: Call,
  { maxTools, keep = [], cached, always = false }: ToolOptions,
): ToolCall | undefined {
  const form = requestForm(view);
  if (form === undefined) return undefined;
  const { messages, tools, forcedTool: forced } = form;
  const specs = tools.filter(({ toolSpec }) => toolSpec !== undefined);
  // Two tools of one name are the caller's mistake to hear of.
  if (specs.length < 2 || new Set(specs.map(nameOf)).size < specs.length) return undefined;
  const resolved = resolveFor(call, view.modelId);
  const model = resolved?.model.id ?? view.modelId;
  const { perMessage, stableTokens } = measureConversation(view, messages, model);
  const tokensByName = toolTokens(view, tools, model);
  const tokensOf = (names: readonly string[]): number =>
    names.reduce((sum, name) => sum + (tokensByName.get(name) ?? 0), 0);
  const others = stableTokens - tokensOf(specs.map(nameOf));
  /** Tokens behind the tools, by how many messages are sent. */
  const behind = [others];
  for (const tokens of perMessage) behind.push(behind.at(-1)! + tokens);
  const price = conversationPrice(view, call, 0, cached);
  const pricing = windowPricing(price, resolved);
  const replayed = replayTools(specs, messages, {
    maxTools,
    keep: forced === undefined ? keep : [...keep, forced],
    always,
    costOf: (names, writes, requests, before) => {
      const all = tokensOf(names) + behind[before]!;
      const moved = pricing({ whole: all, same: 0, moved: all }, 1);
      if (moved === undefined) return Number.POSITIVE_INFINITY;
      return writes * moved.window + (requests - writes) * moved.whole;
    },
  });
  return {
    form,
    specs,
    replayed,
    price,
    resolved,
    changed: replayed.changedAt >= sentBefore(messages),
    tokensOf,
    behindTokens: behind[sentBefore(messages)]!,
  };
}

function toolTokens(view: RequestView, tools: readonly ToolLike[], model: string): Map<string, number> {
  const { perBlock } = estimatedTokens(view, {}, model);
  // Tools stand before everything else.
  return new Map(
    tools.flatMap((tool, index) =>
      tool.toolSpec === undefined ? [] : [[nameOf(tool), perBlock[index] ?? 0] as const],
    ),
  );
}

/** What this very request saves. */
function savedNow(
  { specs, changed, price, resolved, tokensOf, behindTokens }: ToolCall,
  sent: readonly string[],
): Money | undefined {
  const whole = tokensOf(specs.map(nameOf)) + behindTokens;
  const list = tokensOf(sent) + behindTokens;
  const tokens = changed ? { whole, same: 0, moved: list } : { whole, same: list, moved: 0 };
  const now = windowPricing(price, resolved)(tokens, 1);
  return now === undefined ? undefined : Money.fromPicoUsd(Math.round(now.whole - now.window));
}
