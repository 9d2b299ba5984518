import { beginsTurn } from './turns.js';
import type { MessageLike } from './window-messages.js';
import type { WindowTokens } from './window-price.js';

/** What decides which turns are left out. */
export interface WindowRule<M extends MessageLike> {
  readonly maxTokens: number;
  readonly cutBackTo: number;
  keep?(message: M, index: number): boolean;
  countTokens(message: M, index: number): number;
  /**
   * Whether a cut is to be made.
   * @param requests - how many were sent before.
   */
  isWorth?(tokens: WindowTokens, requests: number): boolean;
}

/** What became of a conversation as it grew. */
export interface ReplayedWindow {
  /** Indexes of the messages that are left out. */
  readonly left: ReadonlySet<number>;
  /** The message that made the last cut necessary; -1: nothing was ever cut. */
  readonly cutAt: number;
  /** What the last cut was made from. */
  readonly cut: WindowTokens | undefined;
  /** What was not cut, although the window is full, because it was not worth it. */
  readonly refused: WindowTokens | undefined;
  /** Tokens that are left out. */
  readonly leftTokens: number;
}

/** A question and everything up to the next one: tool calls and their results are never parted. */
interface Turn {
  tokens: number;
  kept: boolean;
  left: boolean;
}

/**
 * Replays how a conversation grew, message by message: the cut of a longer one then follows that of a shorter, and the
 * prefix stays where it was.
 */
export function replayWindow<M extends MessageLike>(
  messages: readonly M[],
  rule: WindowRule<M>,
): ReplayedWindow {
  const { maxTokens, cutBackTo } = rule;
  const turns: Turn[] = [];
  const turnOf: Turn[] = [];
  let total = 0;
  let oldest = 1;
  let requests = 0;
  let leftTokens = 0;
  let cutAt = -1;
  let cut: WindowTokens | undefined;
  let refused: WindowTokens | undefined;

  for (const [index, message] of messages.entries()) {
    if (index === 0 || beginsTurn(message, messages[index - 1]))
      turns.push({ tokens: 0, kept: false, left: false });
    const current = turns.at(-1) as Turn;
    turnOf.push(current);
    const tokens = rule.countTokens(message, index);
    current.tokens += tokens;
    // What the application says in between holds from there on.
    current.kept ||= message.role === 'system' || rule.keep?.(message, index) === true;
    total += tokens;
    if (message.role === 'assistant') requests += 1;
    refused = undefined;
    // Several of one role in a row are one.
    if (messages[index + 1]?.role === message.role) continue;
    if (total <= maxTokens) continue;
    const leaving: Turn[] = [];
    let next = oldest;
    let rest = total;
    for (; next < turns.length - 1 && rest > maxTokens * cutBackTo; next += 1) {
      const turn = turns[next] as Turn;
      if (turn.kept) continue;
      leaving.push(turn);
      rest -= turn.tokens;
    }
    if (leaving.length === 0) continue;
    const same = tokensBefore(turns, leaving[0] as Turn);
    const change = { whole: total, same, moved: rest - same };
    if (rule.isWorth?.(change, requests) === false) {
      refused = change;
      continue;
    }
    for (const turn of leaving) turn.left = true;
    oldest = next;
    leftTokens += total - rest;
    total = rest;
    cutAt = index;
    cut = change;
  }
  const left = new Set<number>();
  for (const [index, turn] of turnOf.entries()) if (turn.left) left.add(index);
  return { left, cutAt, cut, refused, leftTokens };
}

/** Tokens of what stays before a turn. */
function tokensBefore(turns: readonly Turn[], turn: Turn): number {
  let tokens = 0;
  for (const earlier of turns) {
    if (earlier === turn) break;
    if (!earlier.left) tokens += earlier.tokens;
  }
  return tokens;
}
