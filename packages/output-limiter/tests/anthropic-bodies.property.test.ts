import type { Lever } from '@costkit/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { measureConversation } from '../src/conversation.js';
import { requestForm } from '../src/request-form.js';
import { toolResultLever } from '../src/tool-result-lever.js';
import { windowLever } from '../src/window-lever.js';
import type { MessageLike } from '../src/window-messages.js';
import { anthropicMessages } from './anthropic-body.js';
import type { Json, OwnMessage } from './anthropic-talk.js';
import { anyTurn, conversationOf, type ResultPart, requestsOf } from './random-conversations.js';
import { asked, conversation } from './random-exchanges.js';
import { sendThrough } from './send-through.js';
import { growthProblems, type TestMessage, type WindowAsked, windowProblems } from './window-checker.js';

const MODEL = 'us.anthropic.claude-sonnet-4-5-20250929-v1:0';
interface SentBody {
  readonly own: readonly OwnMessage[];
  readonly sent: readonly OwnMessage[];
  readonly isSame: boolean;
  readonly actions: readonly string[];
}

/** Sends a body of InvokeModel through a lever. */
async function sendBody(lever: Lever, messages: readonly MessageLike[], plain: boolean): Promise<SentBody> {
  const own = anthropicMessages(messages, { plain });
  const body = { anthropic_version: 'bedrock-2023-05-31', max_tokens: 9, messages: own };
  const bytes = new TextEncoder().encode(JSON.stringify(body));
  const { request, sent, decisions } = await sendThrough(lever, 'InvokeModel', {
    modelId: MODEL,
    body: plain ? JSON.stringify(body) : bytes,
  });
  const { body: written } = sent.input as { body: string | Uint8Array };
  const read = JSON.parse(typeof written === 'string' ? written : new TextDecoder().decode(written)) as {
    messages: OwnMessage[];
  };
  expect({ ...read, messages: own }).toEqual(body);
  return {
    own,
    sent: read.messages,
    isSame: sent === request,
    actions: decisions.map(({ action }) => action),
  };
}

/** Texts of tool results, whatever their form. */
const textsOf = (messages: readonly OwnMessage[]): unknown[] =>
  messages.flatMap(({ content }) =>
    (typeof content === 'string' ? [] : content).flatMap(({ type, content: parts }) =>
      type !== 'tool_result'
        ? []
        : typeof parts === 'string'
          ? [parts]
          : (parts as Json[]).map(({ text }) => text),
    ),
  );

/** The same messages with nothing in their tool results. */
const withoutTexts = (messages: readonly OwnMessage[]): unknown =>
  messages.map(({ role, content }) => [
    role,
    typeof content === 'string'
      ? content
      : content.map((block) =>
          block['type'] !== 'tool_result'
            ? block
            : {
                ...block,
                content: Array.isArray(block['content'])
                  ? block['content'].map((part: Json) => ({ ...part, text: '' }))
                  : '',
              },
        ),
  ]);

describe('the lever that compacts tool results, on Anthropic Messages bodies', () => {
  it('writes what it writes on Converse, leaves every prefix and all else as it is, and the request where nothing is done', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyTurn, { minLength: 1, maxLength: 5 }),
        fc.boolean(),
        async (turns, plain) => {
          const [ours, theirs] = [toolResultLever({}, 'enforce'), toolResultLever({}, 'enforce')];
          let before: readonly OwnMessage[] = [];
          for (const messages of requestsOf(conversationOf(turns))) {
            const { own, sent, isSame, actions } = await sendBody(ours, messages, plain);
            expect(sent.slice(0, before.length)).toEqual(before);
            expect(withoutTexts(sent)).toEqual(withoutTexts(own));
            const converse = await sendThrough(theirs, 'Converse', { modelId: MODEL, messages });
            const { messages: compacted } = converse.sent.input as { messages: MessageLike[] };
            expect(textsOf(sent)).toEqual(
              compacted.flatMap(({ content = [] }) =>
                (content as { toolResult?: { content: ResultPart[] } }[]).flatMap(({ toolResult }) =>
                  (toolResult?.content ?? []).map(({ text, json }) => text ?? JSON.stringify(json)),
                ),
              ),
            );
            expect(isSame).toBe(actions.length === 0);
            before = sent;
          }
        },
      ),
      { numRuns: 12 },
    );
  });
});

/** A message of a conversation, and the one or several of one role in a row that a body has for it. */
interface Placed {
  readonly message: TestMessage;
  readonly own: readonly OwnMessage[];
}

/** Every message says where it stands; where `split` says so, each of its blocks is a message. */
function placed(messages: readonly TestMessage[], split: readonly boolean[], plain: boolean): Placed[] {
  return messages.map((message, index) => {
    // Results stand first, and all that answer the calls of one message stand in one.
    const results = message.content.filter((block) => block['toolResult'] !== undefined);
    const others = message.content.filter((block) => block['toolResult'] === undefined);
    const parts =
      message.role === 'user' && split[index % split.length] === true
        ? [...(results.length === 0 ? [] : [results]), ...others.reverse().map((block) => [block])]
        : [message.content];
    const marked = parts.map((content, part) => {
      const place = { text: `#${index}.${part}${message.pinned ? ' keep' : ''}` };
      return {
        role: message.role,
        content: message.role === 'user' ? [...content, place] : [place, ...content],
      };
    });
    return { message, own: anthropicMessages(marked, { plain }) };
  });
}

const bodyWith = (messages: readonly OwnMessage[]): object => ({
  modelId: MODEL,
  body: JSON.stringify({ anthropic_version: 'bedrock-2023-05-31', max_tokens: 9, messages }),
});

/** The conversation with what each message really counts. */
async function sized(parts: readonly Placed[]): Promise<Placed[]> {
  const nobody: Lever = { name: 'none', slot: 'shape', mode: 'enforce' };
  const { request } = await sendThrough(nobody, 'InvokeModel', bodyWith(parts.flatMap(({ own }) => own)));
  const { perMessage } = measureConversation(request, requestForm(request)?.messages ?? [], MODEL);
  let index = 0;
  return parts.map(({ message, own }) => {
    const size = perMessage.slice(index, index + own.length).reduce((sum, tokens) => sum + tokens, 0);
    index += own.length;
    return { message: { ...message, size }, own };
  });
}

/** What the checker says of all windows of a conversation in bodies, from its first message on. */
async function problemsOf(parts: readonly Placed[], ask: WindowAsked): Promise<string[]> {
  const windows = [];
  const problems: string[] = [];
  const lever = windowLever(
    { ...ask, always: true, keep: (message) => JSON.stringify(message).includes(' keep') },
    'enforce',
  );
  for (let length = 1; length <= parts.length; length += 1) {
    const part = parts.slice(0, length);
    const { sent, request } = await sendThrough(
      lever,
      'InvokeModel',
      bodyWith(part.flatMap(({ own }) => own)),
    );
    const left = (
      JSON.parse((sent.input as { body: string }).body) as { messages: OwnMessage[] }
    ).messages.map((message) => JSON.stringify(message));
    const window: TestMessage[] = [];
    for (const { message, own } of part) {
      const stays = own.filter((one) => JSON.stringify(one) === left[0] && left.shift() !== undefined);
      if (stays.length > 0 && stays.length < own.length) problems.push('a message is torn');
      if (stays.length > 0) window.push(message);
    }
    if (left.length > 0)
      problems.push('holds a message that is not in the conversation, or in another order');
    if (window.length === part.length && sent !== request) problems.push('is written anew for nothing');
    windows.push({ messages: part.map(({ message }) => message), window });
  }
  const last = windows.filter(({ messages }) => messages.at(-1)?.role === 'user');
  return [
    ...problems,
    ...last.flatMap(({ messages, window }) => windowProblems(messages, window, ask)),
    ...growthProblems(windows, ask),
  ];
}

describe('the lever that windows conversations, on Anthropic Messages bodies', () => {
  it('makes no window that the checker objects to, while conversations grow', async () => {
    await fc.assert(
      fc.asyncProperty(
        conversation,
        asked,
        fc.array(fc.boolean(), { minLength: 1, maxLength: 7 }),
        fc.boolean(),
        async (messages, { maxTokens, cutBackTo }, split, plain) => {
          // Messages of these tests have more tokens here than they are given there.
          const ask = { maxTokens: maxTokens * 10, cutBackTo };
          expect(await problemsOf(await sized(placed(messages, split, plain)), ask)).toEqual([]);
        },
      ),
      { numRuns: 10 },
    );
  });
});
