import type { JsonObject } from '../json.js';
import type { PromptBlock, PromptMessage, PromptToolChoice } from '../prompt.js';
import type { ModelRequest } from './local-model.js';

/** A request in OpenAI's Chat Completions format. Images and other media are not passed on. */
export function chatRequest(request: ModelRequest, model: string, stream: boolean): JsonObject {
  const { prompt, systemText } = request;
  return {
    model,
    stream,
    messages: [
      ...(systemText === '' ? [] : [{ role: 'system', content: systemText }]),
      ...prompt.messages.flatMap(chatMessages),
    ],
    ...(prompt.maxTokens === undefined ? {} : { max_tokens: prompt.maxTokens }),
    ...(prompt.stopSequences.length === 0 ? {} : { stop: prompt.stopSequences }),
    ...(prompt.toolSpecs.length === 0
      ? {}
      : {
          tools: prompt.toolSpecs.map(({ name, description, inputSchema }) => ({
            type: 'function',
            function: {
              name,
              ...(description === undefined ? {} : { description }),
              parameters: inputSchema,
            },
          })),
          tool_choice: toolChoice(prompt.toolChoice),
        }),
    ...(prompt.outputSchema === undefined
      ? {}
      : {
          response_format: {
            type: 'json_schema',
            json_schema: { name: 'answer', schema: prompt.outputSchema },
          },
        }),
  };
}

function toolChoice(choice: PromptToolChoice): unknown {
  if (choice.type === 'tool') return { type: 'function', function: { name: choice.name } };
  return choice.type === 'any' ? 'required' : choice.type;
}

function chatMessages({ role, blocks }: PromptMessage): JsonObject[] {
  const results = blocks
    .filter(({ kind }) => kind === 'toolResult')
    .map((block) => ({ role: 'tool', tool_call_id: block.toolUseId ?? '', content: block.text }));
  const calls = blocks.filter(({ kind }) => kind === 'toolUse').map(toolCall);
  const text = blocks
    .filter(({ kind }) => kind === 'text' || kind === 'document' || kind === 'other')
    .map((block) => block.text)
    .join('\n');
  if (text === '' && calls.length === 0) return results;
  return [...results, { role, content: text, ...(calls.length === 0 ? {} : { tool_calls: calls }) }];
}

function toolCall(block: PromptBlock): JsonObject {
  const blank = block.text.indexOf(' ');
  return {
    id: block.toolUseId ?? '',
    type: 'function',
    function: { name: block.text.slice(0, blank), arguments: block.text.slice(blank + 1) },
  };
}
