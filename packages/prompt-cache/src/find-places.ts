import type { Block, EstimatedTokens, RequestView, Section } from '@costkit/core';
import { EARLIER_TURNS, SYSTEM_PLACES } from './constants.js';
import type { ModelCacheRules } from './model-cache-rules.js';
import type { PointPurpose } from './types.js';

/** A place where a cache point may stand and may be worth it. */
export interface Place {
  readonly afterBlock: number;
  readonly purpose: Exclude<PointPurpose, 'caller'>;
  readonly section: Section;
  /** Estimated tokens from the start of the prompt up to here. */
  readonly tokens: number;
}

/** The places of one request, each list in prompt order. */
export interface Places {
  /** Ends of the tools and of system blocks. */
  readonly stable: readonly Place[];
  /** Before the last question: the end of the message before it, and of the block before it. */
  readonly shared: readonly Place[];
  /** Ends of the last user turns; the last is the newest. */
  readonly turns: readonly Place[];
  /** Estimated tokens of the whole prompt. */
  readonly promptTokens: number;
  /** Estimated tokens from the start of the prompt up to and with each block. */
  readonly cumulativeTokens: Float64Array;
  /** Estimated tokens up to the last block that may carry a point, minimum or not; 0 when none may. */
  readonly reachableTokens: number;
  /** At least as many, in most cases. */
  readonly reachableLikely: number;
  /** The place at a block, or at the last block before it that may carry a point. */
  branchAt(block: number): Place | undefined;
  /** Which turn of the conversation the last one is, from 1; 0 without messages. */
  readonly turn: number;
  /** Estimated tokens of the last user turn. */
  readonly lastTurnTokens: number;
}

/**
 * Finds the places of a request that a model accepts, from its rules alone.
 *
 * @param estimate - the request's tokens on that model
 */
export function findPlaces(view: RequestView, rules: ModelCacheRules, estimate: EstimatedTokens): Places {
  const { blocks } = view;
  const { perBlock } = estimate;
  const cumulative = new Float64Array(blocks.length);
  let sum = 0;
  let isGuarded = false;
  for (let index = 0; index < blocks.length; index++) {
    sum += perBlock[index] ?? 0;
    cumulative[index] = sum;
    isGuarded ||= (blocks[index] as Block).kind === 'guardContent';
  }
  const guarded = isGuarded ? guardedParts(blocks) : undefined;
  let reachableTokens = 0;
  let reachableLikely = 0;

  const carries = (index: number): boolean => {
    const block = blocks[index] as Block;
    if (!rules.sections.includes(block.section) || guarded?.has(partOf(block)) === true) return false;
    // A system message in the middle of a conversation is too new for its rules to be known.
    if (block.section === 'messages' && block.role === 'system') return false;
    if (!rules.carriers.has(block.kind)) return false;
    // A point behind an empty text is refused: there is nothing to mark.
    return block.kind !== 'text' || /\S/.test(block.text);
  };
  const placeAt = (index: number, purpose: Place['purpose']): Place | undefined => {
    const tokens = cumulative[index] as number;
    if (tokens > reachableTokens) reachableTokens = tokens;
    if (tokens < rules.minTokens) return undefined;
    const { total, low, high } = estimate.through(index);
    const likely = (total + low) / 2;
    if (likely > reachableLikely) reachableLikely = likely;
    // Below the minimum a point caches nothing, and costs nothing but its place: half of the error must clear it.
    if (likely < rules.minTokens) return undefined;
    if (rules.maxTokens !== undefined && high > rules.maxTokens) return undefined;
    return {
      afterBlock: index,
      purpose,
      section: (blocks[index] as Block).section,
      tokens,
    };
  };
  const lastCarrier = (from: number, to: number): number => {
    for (let index = to; index >= from; index--) if (carries(index)) return index;
    return -1;
  };

  const stable: Place[] = [];
  const add = (list: Place[], index: number, purpose: Place['purpose']): void => {
    const place = index < 0 ? undefined : placeAt(index, purpose);
    if (place !== undefined) list.unshift(place);
  };

  const messagesFrom = firstIndexOf(blocks, 'messages');
  const systemFrom = firstIndexOf(blocks, 'system');
  let systemPlaces = 0;
  for (let index = messagesFrom - 1; index >= systemFrom && systemPlaces < SYSTEM_PLACES; index--) {
    if (!carries(index)) continue;
    systemPlaces++;
    add(stable, index, 'system');
  }
  add(stable, lastCarrier(0, systemFrom - 1), 'tools');

  const turns: Place[] = [];
  const shared: Place[] = [];
  let turnsSeen = 0;
  let lastTurnTokens = 0;
  let end = blocks.length - 1;
  while (end >= messagesFrom && turns.length <= EARLIER_TURNS) {
    let start = end;
    const message = (blocks[end] as Block).messageIndex;
    while (start > messagesFrom && (blocks[start - 1] as Block).messageIndex === message) start--;
    if ((blocks[end] as Block).role === 'user') {
      turnsSeen++;
      add(turns, lastCarrier(start, end), turns.length === 0 ? 'lastTurn' : 'previousTurn');
      if (turnsSeen === 1) {
        lastTurnTokens = (cumulative[end] as number) - (cumulative[start - 1] ?? 0);
        add(shared, lastCarrier(start, end - 1), 'shared');
        add(shared, lastCarrier(messagesFrom, start - 1), 'shared');
      }
    }
    end = start - 1;
  }
  return {
    stable,
    shared,
    turns,
    promptTokens: sum,
    cumulativeTokens: cumulative,
    reachableTokens,
    reachableLikely,
    branchAt: (block) => {
      const index = lastCarrier(0, block);
      return index < 0 ? undefined : placeAt(index, 'shared');
    },
    // A turn is a user's message and the answer to it.
    turn: Math.ceil(((blocks.at(-1)?.messageIndex ?? -1) + 1) / 2),
    lastTurnTokens,
  };
}

/** Where a section begins, or would. */
function firstIndexOf(blocks: readonly Block[], section: Section): number {
  let index = 0;
  while (index < blocks.length && sectionRank((blocks[index] as Block).section) < sectionRank(section))
    index++;
  return index;
}

const sectionRank = (section: Section): number => (section === 'tools' ? 0 : section === 'system' ? 1 : 2);

/** The message of a block, or its section where that is no list of messages. */
const partOf = (block: Block): number | Section => block.messageIndex ?? block.section;

/** Messages and sections that hold content for a guardrail: they stay as they are. */
function guardedParts(blocks: readonly Block[]): ReadonlySet<number | Section> {
  return new Set(blocks.filter((block) => block.kind === 'guardContent').map(partOf));
}
