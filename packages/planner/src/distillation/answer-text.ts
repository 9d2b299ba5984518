import type { RequestView, ResponseView } from '@costkit/core';
import { readResponse } from '@costkit/core/views';
import { type Json, objectOf } from './log-records.js';

const firstOf = (value: unknown): Json => (Array.isArray(value) ? objectOf(value[0]) : {});
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Why an answer ended that is none to learn: it was cut, stopped by a filter, or calls a tool. In any family's words. */
const NOT_ITS_END = /max_tokens|^length$|context_window|filter|guardrail|refusal|tool_use|tool_call/i;

/**
 * The text of an answer as a body has it: whole, or the events of a stream. Reasoning is no part of it.
 *
 * @returns `undefined` where it is not all of what the model had to say, and for what is no answer.
 */
export function answerText(request: RequestView, body: unknown): string | undefined {
  if (Array.isArray(body)) return streamedText(body.map(objectOf));
  if (typeof body !== 'object' || body === null) return undefined;
  const output = request.dialect === 'converse' ? body : { body: JSON.stringify(body) };
  return wholeText(readResponse(request, { output }));
}

/** The text of a whole answer; `undefined` where it is not all of what the model had to say. */
export function wholeText(answer: ResponseView | undefined): string | undefined {
  const isWhole = answer?.toolUses.length === 0 && !NOT_ITS_END.test(answer.stopReason ?? '');
  return isWhole ? answer.text : undefined;
}

/** The text of a stream's events; `undefined` where it is not all of what the model had to say, or its end is missing. */
export function streamedText(events: readonly Json[]): string | undefined {
  let [text, stopReason] = ['', ''];
  for (const event of events) {
    text += textOfEvent(event);
    stopReason = stopReasonOf(event) || stopReason;
  }
  return stopReason === '' || NOT_ITS_END.test(stopReason) ? undefined : text;
}

/** Each family has its text in a place of its own, and nothing else stands there. */
function textOfEvent(event: Json): string {
  const choice = firstOf(event['choices']);
  return [
    // Converse and Nova
    objectOf(objectOf(event['contentBlockDelta'])['delta'])['text'],
    // Anthropic
    objectOf(event['delta'])['text'],
    // Llama
    event['generation'],
    // Mistral
    firstOf(event['outputs'])['text'],
    // OpenAI's format
    objectOf(choice['delta'] ?? choice['message'])['content'],
    // Titan
    event['outputText'],
  ]
    .map(textOf)
    .join('');
}

function stopReasonOf(event: Json): string {
  const [choice, output] = [firstOf(event['choices']), firstOf(event['outputs'])];
  return [
    objectOf(event['messageStop'])['stopReason'],
    objectOf(event['delta'])['stop_reason'],
    event['stop_reason'],
    output['stop_reason'],
    choice['finish_reason'] ?? choice['stop_reason'],
    event['completionReason'],
  ]
    .map(textOf)
    .join('');
}
