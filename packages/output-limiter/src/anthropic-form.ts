import type { RequestView } from '@costkit/core';
import { bodyOf, isMembers, type Members, withBody } from './invoke-body.js';
import { leaveOut } from './leave-out.js';
import type { RequestForm } from './request-form.js';
import type { ToolLike } from './select-tools.js';
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
  const tools = toolsOf(body);
  if (!Array.isArray(messages) || !messages.every(isOwnMessage) || hasGuardTags(body)) return undefined;
  return {
    messages: messages.map(({ role, content }) => ({ role, content: blocksOf(content).map(inConverse) })),
    ownMessages: messages,
    tools: tools.map(toolInConverse),
    forcedTool: forcedTool(body['tool_choice']),
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
    askBehind: ({ count, left, note }, text) => {
      const earlier = leaveOut<OwnMessage>(messages.slice(0, count), left, note, withNote);
      return {
        ...view.input,
        body: JSON.stringify({ ...unshaped(body), messages: [...earlier, { role: 'user', content: text }] }),
      };
    },
    askAlone: (modelId, text, thinking) => ({
      modelId,
      body: JSON.stringify({
        anthropic_version: body['anthropic_version'],
        messages: [{ role: 'user', content: text }],
        ...(thinking === undefined ? {} : { thinking: { type: thinking } }),
      }),
    }),
    withTools: (names) => withBody(view, { ...body, tools: chosenTools(tools, names) }),
    // What the service shortens by itself, it remembers by what was said.
    ...(body['context_management'] === undefined
      ? {
          withoutMessages: (left, note) =>
            withBody(view, { ...body, messages: leaveOut<OwnMessage>(messages, left, note, withNote) }),
        }
      : {}),
  };
}

/** Says how to answer, and is in no prefix. */
const SHAPES = [
  'tool_choice',
  'output_config',
  'output_format',
  'stop_sequences',
  'temperature',
  'top_p',
  'top_k',
];

const unshaped = (body: Members): Members =>
  Object.fromEntries(Object.entries(body).filter(([name]) => !SHAPES.includes(name)));

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

/** None where some are loaded by a search of the service's own: those are in no prefix. */
function toolsOf({ tools }: Members): readonly Members[] {
  return Array.isArray(tools) &&
    tools.every((tool) => isMembers(tool) && tool['defer_loading'] !== true && hasName(tool))
    ? tools
    : [];
}

const hasName = ({ name }: Members): boolean => typeof name === 'string' && name !== '';

/** Whether the caller describes a tool; those with a type of their own the model knows. */
const isOwnTool = ({ type }: Members): boolean => type === undefined || type === 'custom';

function toolInConverse(tool: Members): ToolLike {
  if (!isOwnTool(tool)) return {};
  const {
    name,
    description,
    input_schema: json,
  } = tool as { name?: string; description?: string; input_schema?: unknown };
  return { toolSpec: { name, description, inputSchema: { json } } };
}

function forcedTool(choice: unknown): string | undefined {
  const name = isMembers(choice) ? choice['name'] : undefined;
  return typeof name === 'string' ? name : undefined;
}

function chosenTools(tools: readonly Members[], names: readonly string[]): Members[] {
  const byName = new Map(tools.filter(isOwnTool).map((tool) => [tool['name'], tool]));
  const chosen = [
    ...tools.filter((tool) => !isOwnTool(tool)),
    ...names.map((name) => byName.get(name) as Members),
  ];
  const point = tools.findLast((tool) => isMembers(tool['cache_control']))?.['cache_control'];
  return chosen.map(({ cache_control: _, ...tool }, index) =>
    point !== undefined && index === chosen.length - 1 ? { ...tool, cache_control: point } : tool,
  );
}
