import {
  type Block,
  checkOptions,
  estimatedTokens,
  isArray,
  isNonNegativeNumber,
  isText,
  type RequestView,
  type Section,
} from '@costkit/core';
import { viewRequest } from '@costkit/core/views';
import { Money, type PriceOverride, resolveModel } from '@costkit/pricing';
import { cachePrices } from './cache-prices.js';
import { canonicalJson } from './canonical.js';
import { LEVER_NAME } from './constants.js';
import type { PlannableInput } from './plan-cache-points.js';
import { kindOfDifference, type TextDifferenceKind } from './text-difference.js';

/** What keeps a prefix from being read from the cache. */
export type PrefixProblem =
  | TextDifferenceKind
  /** The same tools in another order. */
  | 'reorderedTools'
  /** The same JSON with its keys in another order. */
  | 'reorderedKeys'
  /** Tools that come and go. */
  | 'changedTools'
  /** The same passages in another order, or one dropped for another. */
  | 'rotatingDocuments'
  /** Earlier turns of a conversation are sent differently from before. */
  | 'editedHistory';

/** Something that breaks the prefix of requests, without any text of theirs. */
export interface PrefixFinding {
  readonly kind: PrefixProblem;
  readonly section: Section;
  /** Where the requests begin to differ, e.g. `system[0] at character 1204`, by the first request that showed it. */
  readonly where: string;
  /** One sentence. */
  readonly description: string;
  /** How many of the requests it broke. */
  readonly requests: number;
  /** Estimated tokens, over all requests, that could have been read from the cache and were not. */
  readonly tokensLost: number;
  /** What that cost over reading them from the cache; `undefined` where a price is unknown. */
  readonly lost: Money | undefined;
  /** The same for a day of `requestsPerDay` such requests; `undefined` without them. */
  readonly lostPerDay: Money | undefined;
  /** What to do about it. */
  readonly mend: string;
}

/** What {@link lintPrefix} takes besides the requests. */
export interface LintPrefixOptions {
  /** How many requests like these are sent in a day. @defaultValue none: nothing is said of a day */
  readonly requestsPerDay?: number;
  /** Source Region, for prices. */
  readonly region?: string;
  /** Negotiated prices. */
  readonly priceOverrides?: readonly PriceOverride[];
}

interface Difference {
  readonly kind: PrefixProblem;
  readonly block: number;
  readonly atCharacter?: number;
  /** The first block that could not have been read anyway. */
  readonly end: number;
}

// Short on purpose: they are part of what every application loads. The guide says more.
const TEXTS: Readonly<Record<PrefixProblem, readonly [description: string, mend: string]>> = {
  timestamp: ['A date or time differs.', 'Put it into the last user turn, or round it to the day.'],
  identifier: ['An id differs.', 'Drop it, or put it into requestMetadata.'],
  whitespace: ['The same text has other blanks.', 'Build it from one template.'],
  varyingText: [
    'Text differs: a name, a setting, a passage per user.',
    'Put what all requests share first, the rest last.',
  ],
  reorderedTools: ['The tools come in another order.', 'Sort them by name.'],
  reorderedKeys: ['The keys of JSON come in another order.', 'Sort them.'],
  changedTools: ['Tools come and go.', 'Send the same tools, and steer with toolChoice.'],
  rotatingDocuments: [
    'Documents change places or are exchanged.',
    'Keep shared ones first in one order; put retrieved ones last.',
  ],
  editedHistory: ['Earlier turns are sent differently.', 'Send them unchanged; shorten in large steps.'],
};

/**
 * Compares requests with the one before each, and says what keeps their prefixes from being read from the prompt
 * cache. Give requests of one task in the order in which they were sent.
 *
 * @returns the costliest finding first; no text of the requests is in it
 * @throws `InvalidOptionError` for an unknown or wrong option.
 *
 * @example
 * ```ts
 * for (const { where, description, lostPerDay, mend } of lintPrefix(requests, { requestsPerDay: 5_000 }))
 *   console.log(`${where}: ${description} ${lostPerDay} a day. ${mend}`);
 * ```
 */
export function lintPrefix(
  requests: readonly PlannableInput[],
  options: LintPrefixOptions = {},
): PrefixFinding[] {
  checkOptions<LintPrefixOptions>(LEVER_NAME, options, {
    requestsPerDay: isNonNegativeNumber,
    region: isText,
    priceOverrides: isArray,
  });
  const findings = new Map<string, PrefixFinding>();
  let before: RequestView | undefined;
  for (const request of requests) {
    const view = viewRequest('body' in request ? 'InvokeModel' : 'Converse', request);
    const difference =
      before === undefined || before.modelId !== view.modelId ? undefined : differenceOf(before, view);
    if (difference !== undefined) add(findings, view, difference, { ...options, requests: requests.length });
    before = view;
  }
  return [...findings.values()].sort((one, other) => other.tokensLost - one.tokensLost);
}

function add(
  findings: Map<string, PrefixFinding>,
  view: RequestView,
  { kind, block, atCharacter, end }: Difference,
  {
    requests,
    requestsPerDay,
    region,
    priceOverrides = [],
  }: LintPrefixOptions & { readonly requests: number },
): void {
  const { section } = view.blocks[block] ?? { section: 'messages' };
  const path = pathOf(view.blocks, block);
  const tokens = Math.round(
    estimatedTokens(view)
      .perBlock.slice(block, end)
      .reduce((sum, one) => sum + one, 0),
  );
  const key = `${kind} ${path}`;
  const known = findings.get(key);
  const tokensLost = (known?.tokensLost ?? 0) + tokens;
  const resolved = resolveModel(view.modelId);
  const prices =
    resolved === undefined
      ? undefined
      : cachePrices(resolved, { region, tier: view.tier, promptTokens: tokens, overrides: priceOverrides });
  const moneyOf = (times: number | undefined): Money | undefined =>
    prices === undefined || times === undefined
      ? undefined
      : Money.fromPicoUsd(Math.round(tokensLost * (prices.input - prices.read) * times));
  const [description, mend] = TEXTS[kind];
  findings.set(key, {
    kind,
    section,
    where: known?.where ?? (atCharacter === undefined ? path : `${path} at character ${atCharacter}`),
    description,
    requests: (known?.requests ?? 0) + 1,
    tokensLost,
    lost: moneyOf(1),
    lostPerDay: moneyOf(requestsPerDay === undefined ? undefined : requestsPerDay / requests),
    mend,
  });
}

function pathOf(blocks: readonly Block[], index: number): string {
  const block = blocks[index];
  if (block === undefined) return 'messages';
  let first = index;
  while (
    first > 0 &&
    blocks[first - 1]?.section === block.section &&
    blocks[first - 1]?.messageIndex === block.messageIndex
  )
    first--;
  return block.messageIndex === undefined
    ? `${block.section}[${index - first}]`
    : `messages[${block.messageIndex}].content[${index - first}]`;
}

function differenceOf(before: RequestView, now: RequestView): Difference | undefined {
  const old = before.blocks;
  const { blocks } = now;
  let index = 0;
  while (
    index < blocks.length &&
    index < old.length &&
    sameBlock(old[index] as Block, blocks[index] as Block)
  )
    index++;
  const block = blocks[index];
  const messagesFrom = blocks.findIndex(({ section }) => section === 'messages');
  const stableEnd = messagesFrom < 0 ? blocks.length : messagesFrom;
  if (block === undefined) return undefined;
  if (block.section === 'messages') return messageDifference(old, blocks, index, messagesFrom);
  if (block.section === 'tools' || old[index]?.section === 'tools') {
    return { kind: toolDifference(old, blocks, index), block: index, end: stableEnd };
  }
  return { ...textDifference(old, blocks, index, 'system'), end: stableEnd };
}

const sameBlock = (one: Block, other: Block): boolean =>
  one.section === other.section &&
  one.kind === other.kind &&
  one.role === other.role &&
  one.messageIndex === other.messageIndex &&
  one.text === other.text;

/** Turns that only come to the end are how a conversation grows; what differs earlier was edited. */
function messageDifference(
  old: readonly Block[],
  blocks: readonly Block[],
  index: number,
  messagesFrom: number,
): Difference | undefined {
  const oldBlock = old[index];
  if (oldBlock === undefined) return undefined;
  const lastOld = old.at(-1)?.messageIndex ?? 0;
  const sameConversation = index > messagesFrom && (blocks.at(-1)?.messageIndex ?? 0) > lastOld;
  if (sameConversation)
    return { kind: 'editedHistory', block: index, end: Math.min(old.length, blocks.length) };
  // Another question in the same place is no fault; documents before it that change places are.
  const message = blocks[index]?.messageIndex;
  const end = blocks.findLastIndex((block) => block.messageIndex === message);
  if (!isRotation(old, blocks, index, (block) => block.messageIndex === message)) return undefined;
  return { kind: 'rotatingDocuments', block: index, end };
}

function toolDifference(old: readonly Block[], blocks: readonly Block[], index: number): PrefixProblem {
  const texts = (list: readonly Block[]): string[] =>
    list.filter(({ section }) => section === 'tools').map(({ text }) => text);
  const before = texts(old).map(canonicalToolText);
  const now = texts(blocks).map(canonicalToolText);
  if (before.length !== now.length) return 'changedTools';
  if (before.every((text, position) => text === now[position])) return 'reorderedKeys';
  return before.sort().join() === now.sort().join()
    ? 'reorderedTools'
    : changedInPlace(old[index], blocks[index]);
}

function changedInPlace(old: Block | undefined, block: Block | undefined): PrefixProblem {
  if (old?.section !== 'tools' || block?.section !== 'tools') return 'changedTools';
  const { kind } = kindOfDifference(old.text, block.text);
  return kind === 'varyingText' ? 'changedTools' : kind;
}

function canonicalToolText(text: string): string {
  try {
    return JSON.stringify(canonicalJson(JSON.parse(text)));
  } catch {
    return text;
  }
}

function textDifference(
  old: readonly Block[],
  blocks: readonly Block[],
  index: number,
  section: Section,
): Pick<Difference, 'kind' | 'block' | 'atCharacter'> {
  if (isRotation(old, blocks, index, (block) => block.section === section))
    return { kind: 'rotatingDocuments', block: index };
  const oldBlock = old[index];
  if (oldBlock?.section !== section) return { kind: 'varyingText', block: index };
  const { kind, at } = kindOfDifference(oldBlock.text, (blocks[index] as Block).text);
  return { kind, block: index, atCharacter: at };
}

/** Whether passages that were there before stand elsewhere now. */
function isRotation(
  old: readonly Block[],
  blocks: readonly Block[],
  index: number,
  within: (block: Block) => boolean,
): boolean {
  const texts = new Set(
    old
      .slice(index)
      .filter((block) => within(block) && block.text !== '')
      .map(({ text }) => text),
  );
  return blocks
    .slice(index)
    .some(
      (block, offset) => within(block) && texts.has(block.text) && old[index + offset]?.text !== block.text,
    );
}
