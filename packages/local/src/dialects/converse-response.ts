import { createHash } from 'node:crypto';
import { converseTrace } from '../engine/guardrail.js';
import type { JsonObject } from '../json.js';
import type { AnswerEvent } from '../models/play-answer.js';
import { type FinishedAnswer, type FinishedPart, toolInputOf, toolUseIdOf } from './finished-answer.js';
import { converseUsage } from './usage-members.js';

/** What a request asked for that the response repeats. */
export interface ConverseEcho {
  readonly serviceTier?: unknown;
  readonly performanceConfig?: unknown;
  /** Which model a prompt router chose. */
  readonly trace?: JsonObject;
}

/** An event of ConverseStream before it becomes a frame. */
export interface ConverseEvent {
  readonly type: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

const TOOL_USE_PREFIX = 'tooluse_';

/** The body of a Converse response. */
export function converseBody(answer: FinishedAnswer, echo: ConverseEcho): Record<string, unknown> {
  return {
    metrics: { latencyMs: answer.latencyMs },
    output: {
      message: {
        content: answer.parts.map((part, index) => contentBlock(part, answer.requestId, index)),
        role: 'assistant',
      },
    },
    ...echoed(answer, echo),
    stopReason: answer.stopReason,
    usage: converseUsage(answer.model, answer.usage, false),
  };
}

function contentBlock(part: FinishedPart, requestId: string, index: number): Record<string, unknown> {
  if (part.type === 'thinking') {
    return {
      reasoningContent: { reasoningText: { text: part.text, signature: thinkingSignature(part.text) } },
    };
  }
  if (part.type === 'text') return { text: part.text };
  return {
    toolUse: {
      input: toolInputOf(part),
      name: part.name ?? '',
      toolUseId: toolUseIdOf(TOOL_USE_PREFIX, requestId, index),
    },
  };
}

/** A stand-in for the provider's signature over its thinking: bound to the text, as the real one is. */
export function thinkingSignature(text: string): string {
  return createHash('sha256').update(`signature\u0000${text}`).digest('base64');
}

/** The first event of every stream. */
export const MESSAGE_START: ConverseEvent = { type: 'messageStart', payload: { role: 'assistant' } };

/** Turns an answer's events into ConverseStream's, up to `messageStop`. */
export function createConverseEventWriter(requestId: string): (event: AnswerEvent) => ConverseEvent[] {
  const open = new Map<number, { type: string; text: string }>();
  return (event) => {
    switch (event.type) {
      case 'partStart':
        open.set(event.index, { type: event.part, text: '' });
        if (event.part !== 'toolUse') return [];
        return [
          {
            type: 'contentBlockStart',
            payload: {
              contentBlockIndex: event.index,
              start: {
                toolUse: {
                  name: event.name,
                  toolUseId: toolUseIdOf(TOOL_USE_PREFIX, requestId, event.index),
                },
              },
            },
          },
        ];
      case 'delta': {
        const part = open.get(event.index);
        if (part === undefined) return [];
        part.text += event.text;
        return [blockDelta(event.index, deltaOf(part.type, event.text))];
      }
      case 'partStop': {
        const part = open.get(event.index);
        const stop = { type: 'contentBlockStop', payload: { contentBlockIndex: event.index } };
        if (part?.type !== 'thinking') return [stop];
        return [
          blockDelta(event.index, { reasoningContent: { signature: thinkingSignature(part.text) } }),
          stop,
        ];
      }
      case 'end':
        return [{ type: 'messageStop', payload: { stopReason: event.stopReason } }];
    }
  };
}

function blockDelta(contentBlockIndex: number, delta: Record<string, unknown>): ConverseEvent {
  return { type: 'contentBlockDelta', payload: { contentBlockIndex, delta } };
}

function deltaOf(type: string, text: string): Record<string, unknown> {
  if (type === 'thinking') return { reasoningContent: { text } };
  return type === 'toolUse' ? { toolUse: { input: text } } : { text };
}

/** The last event of every stream, the only one that tells the usage. */
export function metadataEvent(answer: FinishedAnswer, echo: ConverseEcho): ConverseEvent {
  return {
    type: 'metadata',
    payload: {
      metrics: { latencyMs: answer.latencyMs },
      ...echoed(answer, echo),
      usage: converseUsage(answer.model, answer.usage, true),
    },
  };
}

function echoed(answer: FinishedAnswer, { performanceConfig, serviceTier, trace }: ConverseEcho): JsonObject {
  const guardrail = converseTrace(answer.guardrail);
  return {
    ...(performanceConfig === undefined ? {} : { performanceConfig }),
    ...(serviceTier === undefined ? {} : { serviceTier }),
    ...(trace === undefined && guardrail === undefined
      ? {}
      : { trace: { ...trace, ...(guardrail === undefined ? {} : { guardrail }) } }),
  };
}
