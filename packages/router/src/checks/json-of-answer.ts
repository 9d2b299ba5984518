import type { ResponseView } from '@costkit/core';

/**
 * JSON of an answer: all of it, a fenced block in it, or the input of the only tool that it calls.
 *
 * @throws `SyntaxError` where there is none.
 */
export function jsonOfAnswer({ text, toolUses }: Pick<ResponseView, 'text' | 'toolUses'>): unknown {
  if (toolUses.length === 1 && text.trim() === '') {
    const input = toolUses[0]?.input;
    return typeof input === 'string' ? JSON.parse(input) : input;
  }
  // Blanks that are no line breaks: an answer of nothing but breaks would take minutes otherwise.
  const fenced = /```(?:json)?[^\S\n]*\n([\s\S]*?)\n[^\S\n]*```/i.exec(text)?.[1];
  return JSON.parse(fenced ?? text);
}
