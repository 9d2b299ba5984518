import type { FinishedAnswer, FinishedPart } from './finished-answer.js';

/** The text of an answer, thinking and tool calls aside. */
export function answerText(answer: FinishedAnswer): string {
  return answer.parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
}

/** The thinking of an answer. */
export function answerThinking(answer: FinishedAnswer): string {
  return answer.parts.map((part) => (part.type === 'thinking' ? part.text : '')).join('');
}

/** The tool calls of an answer, with their position among its parts. */
export function answerCalls(
  answer: FinishedAnswer,
): readonly { readonly part: FinishedPart; readonly index: number }[] {
  return answer.parts.flatMap((part, index) => (part.type === 'toolUse' ? [{ part, index }] : []));
}
