import type { ResponseView } from '@costkit/core';

type Answer = Pick<ResponseView, 'text' | 'toolUses'>;

/** The fields of objects in one order: models write the same input in different ones. */
const inOrder = (_name: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
    : value;

/** Some families send the input as JSON text. */
function inputText(input: unknown): string {
  if (typeof input !== 'string') return JSON.stringify(input, inOrder) ?? '';
  try {
    return JSON.stringify(JSON.parse(input), inOrder);
  } catch {
    return input;
  }
}

/** The tools that an answer calls, each with its input, in one order. */
export const toolCallTexts = ({ toolUses }: Pick<Answer, 'toolUses'>): string[] =>
  toolUses.map(({ name, input }) => `(calls ${name} with ${inputText(input)})`).sort();

/** What an answer says and does, as text: an answer may be nothing but tool calls. */
export const answerText = (answer: Answer): string =>
  [answer.text, ...toolCallTexts(answer)].filter((part) => part !== '').join('\n');
