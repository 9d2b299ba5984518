import type { RequestView } from '@costkit/core';
import { bodyOf, isMembers, type Members, withBody } from './invoke-body.js';
import { leaveOut } from './leave-out.js';
import type { RequestForm } from './request-form.js';
import { withWritten } from './written-results.js';

/** A message of an Anthropic Messages body. */
interface OwnMessage extends Members {
  readonly role: string;
  readonly content: string | readonly Members[];
}

/**
 * Bodies of InvokeModel and InvokeModelWithResponseStream in Anthropic's Messages format; `undefined` for what is not as
 * that says, and for guarded content, which is marked by tags in the text. Source: Amazon Bedrock user guide, Anthropic
 * Claude Messages API; "Apply tags to user input to filter content".
 */
export function anthropicForm(view: RequestView): RequestForm | undefined {
  const body = bodyOf(view);
  const { messages } = body;
  if (!Array.isArray(messages) || !messages.every(isOwnMessage) || hasGuardTags(body)) return undefined;
  return {
    messages: messages.map(({ role, content }) => ({ role, content: blocksOf(content).map(inConverse) })),
    ownMessages: messages,
    withResults: (results) =>
      withBody(view, {
        ...body,
        messages: withWritten<OwnMessage>(messages, results, (block: { content?: unknown }, parts) => {
          const { content } = block;
          const write = (part: Members, index: number): Members => {
            const written = parts.get(index);
            return written === undefined ? part : { ...part, ...written };
          };
          return { ...block, content: Array.isArray(content) ? content.map(write) : parts.get(0)?.text };
        }),
      }),
    // What the service shortens by itself, it remembers by what was said.
    ...(body['context_management'] === undefined
      ? {
          withoutMessages: (left, note) =>
            withBody(view, { ...body, messages: leaveOut<OwnMessage>(messages, left, note, withNote) }),
        }
      : {}),
  };
}

const withNote = (message: OwnMessage, note: string): OwnMessage => ({
  ...message,
  content: [textBlock(note), ...blocksOf(message.content)],
});

const isOwnMessage = (message: unknown): message is OwnMessage =>
  isMembers(message) &&
  typeof message['role'] === 'string' &&
  (typeof message['content'] === 'string' ||
    (Array.isArray(message['content']) && message['content'].every(isMembers)));

function hasGuardTags(body: Members): boolean {
  const guardrail = body['amazon-bedrock-guardrailConfig'];
  return isMembers(guardrail) && guardrail['tagSuffix'] !== undefined;
}

const textBlock = (text: string): Members => ({ type: 'text', text });

/** Content, which may be one text. */
const blocksOf = (content: unknown): readonly Members[] =>
  typeof content === 'string' ? [textBlock(content)] : Array.isArray(content) ? content : [];

/** A block as Converse has it, without its cache point; what has no name there stays as it is. */
function inConverse(raw: unknown): object {
  const { cache_control: _, ...block } = isMembers(raw) ? raw : {};
  const { type, text, id, name, input, tool_use_id: toolUseId, content, source } = block;
  switch (type) {
    case 'text':
      return { text };
    case 'tool_use':
      return { toolUse: { toolUseId: id, name, input } };
    case 'tool_result':
      return { toolResult: { toolUseId, content: blocksOf(content).map(inConverse) } };
    case 'image':
    case 'document':
      return { [type]: { source } };
    default:
      return { other: block };
  }
}
