import type { Lever } from '@costkit/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toolResultLever } from '../src/tool-result-lever.js';
import type { MessageLike } from '../src/window-messages.js';
import { anthropicMessages } from './anthropic-body.js';
import { anyTurn, conversationOf, type ResultPart, requestsOf } from './random-conversations.js';
import { sendThrough } from './send-through.js';

const MODEL = 'us.anthropic.claude-sonnet-4-5-20250929-v1:0';
type Json = Readonly<Record<string, unknown>>;
interface OwnMessage {
  readonly role: string;
  readonly content: string | readonly Json[];
}

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
      { numRuns: 25 },
    );
  });
});
