import type { Decision } from '@costkit/core';
import { estimateTokens } from '@costkit/tokens';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { replayTools, type ToolRule } from '../src/replay-tools.js';
import type { ToolLike } from '../src/select-tools.js';
import { toolResultLever } from '../src/tool-result-lever.js';
import type { MessageLike } from '../src/window-messages.js';
import { anyTurn, conversationOf, type ResultPart, requestsOf } from './random-conversations.js';
import { sendThrough } from './send-through.js';

const MODEL = 'us.anthropic.claude-sonnet-4-5-20250929-v1:0';
const tokensOf = (text: string): number => estimateTokens(text, { model: MODEL }).tokens;

interface Block {
  readonly toolResult?: { readonly toolUseId: string; readonly content: readonly ResultPart[] };
}
const resultsOf = (messages: readonly MessageLike[]): NonNullable<Block['toolResult']>[] =>
  messages.flatMap(({ content = [] }) => (content as Block[]).flatMap(({ toolResult }) => toolResult ?? []));

/** Sends requests through one lever. */
async function sendAll(
  requests: readonly MessageLike[][],
): Promise<{ readonly messages: MessageLike[]; readonly decisions: readonly Decision[] }[]> {
  const lever = toolResultLever({}, 'enforce');
  const outcomes = [];
  for (const messages of requests) {
    const { sent, decisions } = await sendThrough(lever, 'Converse', { modelId: MODEL, messages });
    outcomes.push({ messages: (sent.input as { messages: MessageLike[] }).messages, decisions });
  }
  return outcomes;
}

describe('the lever that compacts tool results', () => {
  it('leaves every prefix, every pair of call and result, and all else as it is, in no more tokens than compact JSON', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyTurn, { minLength: 1, maxLength: 5 }), async (turns) => {
        const requests = requestsOf(conversationOf(turns));
        let before: MessageLike[] = [];
        for (const [index, { messages }] of (await sendAll(requests)).entries()) {
          const own = requests[index] as MessageLike[];
          expect(JSON.stringify(messages.slice(0, before.length))).toBe(JSON.stringify(before));
          expect(messages.map(({ role }) => role)).toEqual(own.map(({ role }) => role));
          const [ours, theirs] = [resultsOf(messages), resultsOf(own)];
          expect(ours.map(({ toolUseId }) => toolUseId)).toEqual(theirs.map(({ toolUseId }) => toolUseId));
          for (const [place, { content }] of ours.entries())
            for (const [at, part] of content.entries()) {
              const { text, json } = (theirs[place]?.content ?? [])[at] ?? {};
              const compact = json === undefined ? compactText(text ?? '') : JSON.stringify(json);
              expect(tokensOf(part.text ?? JSON.stringify(part.json))).toBeLessThanOrEqual(tokensOf(compact));
            }
          for (const [place, message] of messages.entries())
            if (resultsOf([message]).length === 0) expect(message).toBe(own[place]);
          before = messages;
        }
      }),
      { numRuns: 25 },
    );
  });

  it('moves a prefix that was sent without it only where that costs less', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyTurn, { minLength: 2, maxLength: 6 }),
        fc.integer({ min: 1, max: 4 }),
        async (turns, first) => {
          const requests = requestsOf(conversationOf(turns));
          const own = requests[first];
          if (own === undefined) return;
          const [outcome] = await sendAll([own]);
          const { messages, decisions } = outcome as { messages: MessageLike[]; decisions: Decision[] };
          const answered = own.findLastIndex(({ role }) => role === 'assistant') + 1;
          const moved = messages.findIndex((message, index) => message !== own[index]);
          if (moved < 0 || moved >= answered) return;
          // By rates of the price list alone: a read costs a tenth of the input, a write a quarter more.
          const size = (part: readonly MessageLike[]): number =>
            part.reduce((sum, message) => sum + tokensOf(JSON.stringify(message.content)), 0);
          const times = own.filter(({ role }) => role === 'assistant').length;
          const whole = size(own.slice(0, answered)) * times * 0.1;
          const changed =
            size(own.slice(0, moved)) * times * 0.1 +
            size(messages.slice(moved, answered)) * (1.25 + (times - 1) * 0.1);
          // Both are estimates.
          expect(changed).toBeLessThan(whole * 1.15);
          expect(decisions.some(({ action }) => action === 'compacted tool results')).toBe(true);
        },
      ),
      { numRuns: 40 },
    );
  });
});

function compactText(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return text;
  }
}

const TOOLS: ToolLike[] = ['order', 'flight', 'weather', 'mail', 'invoice', 'parcel'].map((name) => ({
  toolSpec: { name, description: `Looks after one ${name}.` },
}));
const NAMES = TOOLS.map(({ toolSpec }) => toolSpec?.name as string);

describe('the replay of tools', () => {
  const anyQuestion = fc.constantFrom('order', 'flight weather', 'mail', 'invoice parcel order', 'hello', '');
  const rule = (read: number, write: number, keep: readonly string[], always: boolean): ToolRule => ({
    maxTools: 2,
    keep,
    always,
    costOf: (names, writes, requests, before) =>
      (names.length * 100 + before * 30) * (writes * write + (requests - writes) * read),
  });

  it('sends what a shorter conversation sent until a question changes it, and always what is kept and called', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ question: anyQuestion, calls: fc.boolean() }), { minLength: 1, maxLength: 10 }),
        fc.constantFrom([1, 1], [0.1, 1.25], [0.01, 0.02]),
        fc.subarray(NAMES, { maxLength: 2 }),
        fc.boolean(),
        (turns, [read, write], keep, always) => {
          const of = rule(read as number, write as number, keep, always);
          const messages: MessageLike[] = [];
          const called = new Set<string>();
          let before: readonly string[] | undefined;
          for (const { question, calls } of turns) {
            messages.push({ role: 'user', content: [{ text: question }] });
            const { sent, changedAt, refused } = replayTools(TOOLS, messages, of);
            if (changedAt < messages.length - 1) expect(sent).toEqual(before);
            if (sent !== undefined) {
              expect(new Set(sent).size).toBe(sent.length);
              expect(sent.every((name) => NAMES.includes(name))).toBe(true);
              expect(keep.every((name) => sent.includes(name))).toBe(true);
              expect(refused).toBeUndefined();
            }
            if (refused !== undefined) expect(refused.dearerPicoUsd).toBeGreaterThanOrEqual(0);
            // In the middle of a loop nothing changes.
            if (calls) {
              const name = sent?.[0] ?? 'mail';
              called.add(name);
              messages.push(
                { role: 'assistant', content: [{ toolUse: { toolUseId: 'one', name } }] },
                { role: 'user', content: [{ toolResult: { toolUseId: 'one', content: [] } }] },
              );
              expect(replayTools(TOOLS, messages, of).sent).toEqual(sent);
            }
            messages.push({ role: 'assistant', content: [{ text: 'Done.' }] });
            before = sent;
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  it('never sends fewer tools where all of them cost less', () => {
    const messages = [{ role: 'user', content: [{ text: 'the order' }] }];
    expect(replayTools(TOOLS, messages, rule(0.1, 1.25, [], false))).toMatchObject({
      sent: undefined,
      refused: { names: ['order'] },
    });
    expect(replayTools(TOOLS, messages, rule(0.1, 1.25, [], true)).sent).toEqual(['order']);
    expect(replayTools(TOOLS, messages, rule(1, 1, [], false)).sent).toEqual(['order']);
  });

  it('goes back to all tools where questions change again and again, and writing costs much', () => {
    const rates = rule(0.3, 1.25, [], false);
    const messages: MessageLike[] = [];
    const lists: (number | undefined)[] = [];
    for (let turn = 0; turn < 12; turn += 1) {
      messages.push({ role: 'user', content: [{ text: NAMES[turn % NAMES.length] ?? '' }] });
      lists.push(replayTools(TOOLS, messages, rates).sent?.length);
      messages.push({ role: 'assistant', content: [{ text: 'Done.' }] });
    }
    expect(lists[0]).toBe(1);
    expect(lists.at(-1)).toBeUndefined();
  });
});
