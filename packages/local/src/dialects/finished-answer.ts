import type { CatalogueModel } from '@costkit/pricing/catalogue';
import type { GuardrailRun } from '../engine/guardrail.js';
import type { AnswerPart, ModelStopReason } from '../models/local-model.js';
import type { AnswerEvent } from '../models/play-answer.js';
import type { ReportedUsage } from './usage-members.js';

/** A part of an answer that was written down in full. */
export interface FinishedPart {
  readonly type: AnswerPart['type'];
  /** The text; for a tool call, its input as JSON text, which a cap may have cut. */
  readonly text: string;
  /** Name of the tool. */
  readonly name?: string;
}

/** An answer after its last event, with what is reported beside it. */
export interface FinishedAnswer {
  readonly requestId: string;
  readonly model: CatalogueModel;
  readonly parts: readonly FinishedPart[];
  readonly stopReason: ModelStopReason;
  readonly stopSequence?: string;
  readonly usage: ReportedUsage;
  readonly guardrail?: GuardrailRun | undefined;
  readonly latencyMs: number;
  readonly firstByteMs: number;
}

/** Collects events into parts and counts their tokens. */
export interface AnswerCollector {
  take(event: AnswerEvent): void;
  readonly parts: readonly FinishedPart[];
  readonly outputTokens: number;
  readonly thinkingTokens: number;
  readonly stopReason: ModelStopReason;
  readonly stopSequence: string | undefined;
}

/** Makes an empty collector. */
export function createAnswerCollector(): AnswerCollector {
  const parts: { type: AnswerPart['type']; text: string; name?: string }[] = [];
  let outputTokens = 0;
  let thinkingTokens = 0;
  let stopReason: ModelStopReason = 'end_turn';
  let stopSequence: string | undefined;
  return {
    take(event) {
      if (event.type === 'partStart') {
        parts.push({ type: event.part, text: '', ...(event.name === undefined ? {} : { name: event.name }) });
      } else if (event.type === 'delta') {
        const part = parts[event.index];
        if (part !== undefined) part.text += event.text;
        outputTokens += event.tokens;
        if (part?.type === 'thinking') thinkingTokens += event.tokens;
      } else if (event.type === 'end') {
        ({ stopReason, stopSequence } = { stopSequence: undefined, ...event });
      }
    },
    get parts() {
      return parts;
    },
    get outputTokens() {
      return outputTokens;
    },
    get thinkingTokens() {
      return thinkingTokens;
    },
    get stopReason() {
      return stopReason;
    },
    get stopSequence() {
      return stopSequence;
    },
  };
}

/** The input of a tool call; a call that the cap cut in the middle has an empty one. */
export function toolInputOf(part: FinishedPart): unknown {
  try {
    return JSON.parse(part.text);
  } catch {
    return {};
  }
}

/** Id of the tool call at `index`, in the family's own form. */
export function toolUseIdOf(prefix: string, requestId: string, index: number): string {
  return `${prefix}${requestId.replaceAll('-', '').slice(0, 20)}${String(index).padStart(2, '0')}`;
}
