import type { JsonObject } from '../json.js';
import { readAnthropicRequest } from './anthropic-request.js';
import { thinkingSignature } from './converse-response.js';
import { type FinishedAnswer, type FinishedPart, toolInputOf, toolUseIdOf } from './finished-answer.js';
import type { ChunkWriter, InvokeDialect, StreamStart } from './invoke-dialect.js';
import { cacheWriteOf } from './usage-members.js';

const TOOL_USE_PREFIX = 'toolu_bdrk_';

/** Anthropic's Messages format. */
export const anthropicDialect: InvokeDialect = {
  readRequest: readAnthropicRequest,
  responseBody: (answer) => ({
    model: modelName(answer.model.id),
    id: messageId(answer.requestId),
    type: 'message',
    role: 'assistant',
    content: answer.parts.map((part, index) => contentBlock(part, answer.requestId, index)),
    stop_reason: answer.stopReason,
    stop_sequence: answer.stopSequence ?? null,
    usage: usage(answer),
  }),
  createChunkWriter,
};

function usage(answer: FinishedAnswer): JsonObject {
  const { split, outputTokens, thinkingTokens } = answer.usage;
  return {
    input_tokens: split.input,
    cache_creation_input_tokens: cacheWriteOf(split),
    cache_read_input_tokens: split.cacheRead,
    cache_creation: {
      ephemeral_5m_input_tokens: split.cacheWrite5m,
      ephemeral_1h_input_tokens: split.cacheWrite1h,
    },
    output_tokens: outputTokens,
    ...(thinkingTokens > 0 ? { output_tokens_details: { thinking_tokens: thinkingTokens } } : {}),
  };
}

function contentBlock(part: FinishedPart, requestId: string, index: number): JsonObject {
  if (part.type === 'thinking') {
    return { type: 'thinking', thinking: part.text, signature: thinkingSignature(part.text) };
  }
  if (part.type === 'text') return { type: 'text', text: part.text };
  return {
    type: 'tool_use',
    id: toolUseIdOf(TOOL_USE_PREFIX, requestId, index),
    name: part.name ?? '',
    input: toolInputOf(part),
  };
}

/** The provider's own name of a model: `claude-haiku-4-5-20251001` for `anthropic.claude-haiku-4-5-20251001-v1:0`. */
function modelName(modelId: string): string {
  return modelId.replace(/^anthropic\./, '').replace(/-v\d+(:\d+)?$/, '');
}

function messageId(requestId: string): string {
  return `msg_bdrk_${requestId.replaceAll('-', '').slice(0, 22)}`;
}

function createChunkWriter(start: StreamStart): ChunkWriter {
  const open = new Map<number, { readonly type: string; text: string }>();
  return {
    start: () => [
      {
        type: 'message_start',
        message: {
          model: modelName(start.model.id),
          id: messageId(start.requestId),
          type: 'message',
          role: 'assistant',
          content: [],
          stop_reason: null,
          stop_sequence: null,
          // One token has been decided on when the stream opens; the final count follows in message_delta.
          usage: { ...usage(start.finished()), output_tokens: 1 },
        },
      },
    ],
    event: (event) => {
      switch (event.type) {
        case 'partStart': {
          open.set(event.index, { type: event.part, text: '' });
          const empty = {
            type: event.part,
            text: '',
            ...(event.name === undefined ? {} : { name: event.name }),
          };
          const block =
            event.part === 'thinking' ? { type: 'thinking', thinking: '', signature: '' } : undefined;
          return [
            {
              type: 'content_block_start',
              index: event.index,
              content_block: block ?? contentBlock(empty, start.requestId, event.index),
            },
          ];
        }
        case 'delta': {
          const part = open.get(event.index);
          if (part === undefined) return [];
          part.text += event.text;
          return [blockDelta(event.index, deltaOf(part.type, event.text))];
        }
        case 'partStop': {
          const part = open.get(event.index);
          const signature = { type: 'signature_delta', signature: thinkingSignature(part?.text ?? '') };
          return [
            ...(part?.type === 'thinking' ? [blockDelta(event.index, signature)] : []),
            { type: 'content_block_stop', index: event.index },
          ];
        }
        case 'end':
          return [];
      }
    },
    end: (answer, metrics) => [
      {
        type: 'message_delta',
        delta: { stop_reason: answer.stopReason, stop_sequence: answer.stopSequence ?? null },
        usage: { output_tokens: answer.usage.outputTokens },
      },
      { type: 'message_stop', 'amazon-bedrock-invocationMetrics': metrics },
    ],
  };
}

function blockDelta(index: number, delta: JsonObject): JsonObject {
  return { type: 'content_block_delta', index, delta };
}

function deltaOf(type: string, text: string): JsonObject {
  if (type === 'thinking') return { type: 'thinking_delta', thinking: text };
  return type === 'toolUse' ? { type: 'input_json_delta', partial_json: text } : { type: 'text_delta', text };
}
