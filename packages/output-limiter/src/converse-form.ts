import type { RequestView } from '@costkit/core';
import { viewRequest } from '@costkit/core/views';
import { leaveOut } from './leave-out.js';
import type { RequestForm } from './request-form.js';
import type { MessageLike } from './window-messages.js';
import { type ToolResultBlock, withWritten } from './written-results.js';

/** Converse and ConverseStream. */
export function converseForm(view: RequestView): RequestForm {
  const { messages = [] } = view.input as { messages?: readonly MessageLike[] };
  const edited = (members: object): RequestView => viewRequest(view.operation, { ...view.input, ...members });
  return {
    messages,
    ownMessages: messages,
    withResults: (results) =>
      edited({
        messages: withWritten(messages, results, (block: ToolResultBlock, parts) => {
          const content = block.toolResult?.content?.map((part, index) => parts.get(index) ?? part);
          return { ...block, toolResult: { ...block.toolResult, content } };
        }),
      }),
    withoutMessages: (left, note) => edited({ messages: leaveOut(messages, left, note, withNote) }),
  };
}

export const withNote = (message: MessageLike, text: string): MessageLike => ({
  ...message,
  content: [{ text }, ...(message.content ?? [])],
});
