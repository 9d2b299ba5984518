import { nameOf, type RankedTool, type ToolLike, toolRanker } from './select-tools.js';
import { beginsTurn } from './turns.js';
import type { MessageLike } from './window-messages.js';
import { wordsOf } from './words-of.js';

/** What decides which tools are sent. */
export interface ToolRule {
  readonly maxTools: number;
  /** Names of tools that every request has. */
  readonly keep: readonly string[];
  /** Tools are left out even where all of them cost less. */
  readonly always: boolean;
  /**
   * Pico-dollars of a list of tools over the requests to come.
   * @param writes - how many of these requests write the list, and all that stands behind it, anew.
   * @param requests - how many were sent before; so many are taken to come.
   * @param before - how many messages they have sent.
   */
  costOf(names: readonly string[], writes: number, requests: number, before: number): number;
}

/** Which tools a conversation has come to, as it grew. */
export interface ReplayedTools {
  /** Names, in the order in which they are sent; `undefined`: all of them, as they are. */
  readonly sent: readonly string[] | undefined;
  /** The question that the last change was made for; -1: there was none. */
  readonly changedAt: number;
  /** What the last question would have been enough for, but would cost more. */
  readonly refused: RefusedTools | undefined;
}

/** A list of tools that is not sent. */
interface RefusedTools {
  readonly names: readonly string[];
  readonly dearerPicoUsd: number;
  readonly requests: number;
}

/** Questions that say what a conversation is about now. */
const LATEST_QUESTIONS = 3;
/** What has less to do with a question, as a share of the best tool's score, may be left out; an assumption. */
const NEEDED_SCORE = 0.5;

/**
 * Replays how a conversation grew, question by question: a longer one sends what a shorter one has sent, until a question
 * needs a tool that was left out, or fewer tools cost less. Every change is taken to be followed by as many as were made
 * so far, in as many requests: who changes often pays for writing the prefix often, and is better off with all tools.
 */
export function replayTools(
  tools: readonly ToolLike[],
  messages: readonly MessageLike[],
  rule: ToolRule,
): ReplayedTools {
  const all = tools.map(nameOf);
  const rank = toolRanker(tools);
  /** The words of each. */
  const questions: string[][] = [];
  const called = new Set<string>();
  let sent: readonly string[] | undefined;
  let changes = 0;
  let changedAt = -1;
  let requests = 0;
  let answered = 0;
  let refused: RefusedTools | undefined;

  for (const [index, message] of messages.entries()) {
    if (message.role === 'assistant') {
      requests += 1;
      answered = index + 1;
      for (const name of toolsCalled(message)) called.add(name);
    }
    if (!beginsTurn(message, messages[index - 1])) continue;
    questions.push(wordsOf(questionAt(messages, index)));
    const query = questions.slice(-LATEST_QUESTIONS).flat();
    const { wanted, needed } = toolsFor(all, rank(query), rule, called);
    refused = undefined;
    // A question that says nothing of any tool is no reason to take one away.
    if (wanted.length === 0) continue;
    const toCome = Math.max(1, requests);
    const offers: { readonly names: readonly string[] | undefined; readonly picoUsd: number }[] = [];
    const offer = (names: readonly string[] | undefined, writes: number): void => {
      const picoUsd = rule.costOf(names ?? all, Math.min(writes, toCome), toCome, answered);
      offers.push({ names, picoUsd });
    };
    // First what changes nothing: it stays where nothing else costs less.
    if (sent !== undefined && needed.every((name) => sent?.includes(name))) offer(sent, changes);
    if (!rule.always) offer(undefined, sent === undefined ? 0 : 1);
    offer(wanted, changes + 1);
    if (sent !== undefined) offer([...sent, ...wanted.filter((name) => !sent?.includes(name))], changes + 1);
    const best = offers.reduce((least, one) => (one.picoUsd < least.picoUsd ? one : least));
    if (best.names === undefined) {
      const chosen = offers.find(({ names }) => names === wanted)?.picoUsd ?? Number.NaN;
      refused = { names: wanted, dearerPicoUsd: chosen - best.picoUsd, requests: toCome };
    }
    if (best.names === sent) continue;
    // The first list of a conversation takes the place of none.
    if (sent !== undefined) changes += 1;
    sent = best.names;
    changedAt = index;
  }
  return { sent, changedAt, refused };
}

/** Tools by what a question says. */
interface AskedTools {
  /** A list for this question. */
  readonly wanted: readonly string[];
  /** Those of them that a list must not lack: a word in common by chance is no reason to change it. */
  readonly needed: readonly string[];
}

function toolsFor(
  all: readonly string[],
  found: readonly RankedTool[],
  { maxTools, keep }: ToolRule,
  called: ReadonlySet<string>,
): AskedTools {
  const ranked = found.slice(0, maxTools);
  const always = new Set([...keep, ...called]);
  const kept = all.filter((name) => always.has(name));
  const chosen = ranked.map(({ name }) => name).filter((name) => !always.has(name));
  const strong = ranked.filter(({ score }) => score >= NEEDED_SCORE).map(({ name }) => name);
  // Two questions that need the same tools send the same prefix.
  return ranked.length === 0
    ? { wanted: [], needed: [] }
    : { wanted: [...kept, ...chosen.sort()], needed: [...kept, ...strong] };
}

function toolsCalled({ content = [] }: MessageLike): string[] {
  return content.flatMap((block: { readonly toolUse?: { readonly name?: string } }) => {
    const name = block.toolUse?.name;
    return name === undefined ? [] : [name];
  });
}

/** The text of a question, which may be several messages of the user in a row. */
function questionAt(messages: readonly MessageLike[], index: number): string {
  const end = messages.findIndex(({ role }, at) => at > index && role !== 'user');
  return messages
    .slice(index, end < 0 ? undefined : end)
    .map(textOf)
    .join('\n');
}

const textOf = ({ content = [] }: MessageLike): string =>
  content.flatMap((block: { readonly text?: string }) => block.text ?? []).join('\n');
