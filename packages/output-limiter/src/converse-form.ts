import type { RequestView } from '@costkit/core';
import { viewRequest } from '@costkit/core/views';
import { leaveOut } from './leave-out.js';
import type { RequestForm } from './request-form.js';
import { nameOf, type ToolLike } from './select-tools.js';
import type { MessageLike } from './window-messages.js';
import { type ToolResultBlock, withWritten } from './written-results.js';

interface ToolConfig {
  readonly tools?: readonly ToolLike[];
  readonly toolChoice?: { readonly tool?: { readonly name?: string } };
}

/** Converse and ConverseStream. */
export function converseForm(view: RequestView): RequestForm {
  const { messages = [], toolConfig = {} } = view.input as {
    messages?: readonly MessageLike[];
    toolConfig?: ToolConfig;
  };
  const { tools = [], toolChoice } = toolConfig;
  const edited = (members: object): RequestView => viewRequest(view.operation, { ...view.input, ...members });
  return {
    messages,
    ownMessages: messages,
    tools: tools.filter((tool) => !isPoint(tool)),
    forcedTool: toolChoice?.tool?.name,
    withResults: (results) =>
      edited({
        messages: withWritten(messages, results, (block: ToolResultBlock, parts) => {
          const content = block.toolResult?.content?.map((part, index) => parts.get(index) ?? part);
          return { ...block, toolResult: { ...block.toolResult, content } };
        }),
      }),
    withoutMessages: (left, note) => edited({ messages: leaveOut(messages, left, note, withNote) }),
    askBehind: ({ count, left, note }, text) => ({
      ...unshaped(view.input),
      messages: [
        ...leaveOut(messages.slice(0, count), left, note, withNote),
        { role: 'user', content: [{ text }] },
      ],
      ...('tools' in toolConfig ? { toolConfig: { tools } } : {}),
    }),
    askAlone: (modelId, text, thinking) => ({
      modelId,
      messages: [{ role: 'user', content: [{ text }] }],
      ...(thinking === undefined ? {} : { additionalModelRequestFields: { thinking: { type: thinking } } }),
    }),
    withTools: (names) => edited({ toolConfig: { ...toolConfig, tools: chosenTools(tools, names) } }),
  };
}

/** Without what says how to answer. */
function unshaped(input: {
  toolConfig?: unknown;
  outputConfig?: unknown;
  inferenceConfig?: unknown;
}): object {
  const { toolConfig: _, outputConfig: __, inferenceConfig: ___, ...rest } = input;
  return rest;
}

const withNote = (message: MessageLike, text: string): MessageLike => ({
  ...message,
  content: [{ text }, ...(message.content ?? [])],
});

const isPoint = (tool: object): boolean =>
  (tool as { readonly cachePoint?: unknown }).cachePoint !== undefined;

function chosenTools(tools: readonly ToolLike[], names: readonly string[]): ToolLike[] {
  const byName = new Map(tools.map((tool) => [nameOf(tool), tool]));
  return [
    ...tools.filter((tool) => tool.toolSpec === undefined && !isPoint(tool)),
    ...names.map((name) => byName.get(name) as ToolLike),
    ...tools.filter(isPoint).slice(-1),
  ];
}
