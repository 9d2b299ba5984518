/**
 * Says what is wrong with windows of a conversation, from what a conversation must be for the service to take it and
 * from what a window promises. It shares no code with what makes windows.
 * @module
 */

type Json = Readonly<Record<string, unknown>>;

/** A message as tests make it. */
export interface TestMessage {
  readonly role: 'user' | 'assistant';
  readonly content: readonly Json[];
  /** What it counts. */
  readonly size: number;
  /** It must stay. */
  readonly pinned: boolean;
}

/** What was asked of a window. */
export interface WindowAsked {
  readonly maxTokens: number;
  readonly cutBackTo: number;
}

const has = ({ content }: TestMessage, kind: string): boolean =>
  content.some((block) => block[kind] !== undefined);
const idsOf = ({ content }: TestMessage, kind: string): string[] =>
  content.flatMap((block) => (block[kind] as { toolUseId?: string } | undefined)?.toolUseId ?? []);
const sizeOf = (messages: readonly TestMessage[]): number =>
  messages.reduce((sum, { size }) => sum + size, 0);

/** Exchanges by number: a question, rounds of tools, an answer. A new one begins where an answer was final. */
function exchangesOf(messages: readonly TestMessage[]): number[] {
  let exchange = 0;
  return messages.map((_, index) => {
    const before = messages[index - 1];
    if (before?.role === 'assistant' && !has(before, 'toolUse')) exchange += 1;
    return exchange;
  });
}

/** Everything that is wrong with one window. */
export function windowProblems(
  messages: readonly TestMessage[],
  window: readonly TestMessage[],
  { maxTokens }: WindowAsked,
): string[] {
  const problems: string[] = [];
  const places = window.map((message) => messages.indexOf(message));
  if (places.includes(-1)) return ['holds a message that is not in the conversation'];
  if (places.some((place, index) => index > 0 && place <= (places[index - 1] as number)))
    problems.push('is in another order');
  for (const [index, message] of window.entries()) {
    if (message.role !== (index % 2 === 0 ? 'user' : 'assistant'))
      problems.push(`${index}: roles do not alternate`);
    const [before, after] = [window[index - 1], window[index + 1]];
    const results = idsOf(message, 'toolResult');
    const uses = before === undefined ? [] : idsOf(before, 'toolUse');
    if (results.sort().join() !== uses.sort().join())
      problems.push(`${index}: tool calls and results are parted`);
    if (after === undefined && has(message, 'toolUse')) problems.push('ends with a tool call');
  }
  const exchanges = exchangesOf(messages);
  const current = exchanges.at(-1);
  const kept = new Set(places);
  const mustStay = new Set(
    exchanges.filter(
      (exchange, index) => exchange === 0 || exchange === current || messages[index]?.pinned === true,
    ),
  );
  const stays = (exchange: number): boolean =>
    exchanges.some((one, index) => one === exchange && kept.has(index));
  for (const [index, exchange] of exchanges.entries()) {
    if (mustStay.has(exchange) && !kept.has(index)) problems.push(`${index}: must stay and is left out`);
    if (stays(exchange) && !kept.has(index)) problems.push(`${index}: is torn from its exchange`);
  }
  const optional = [...new Set(exchanges)].filter((exchange) => !mustStay.has(exchange));
  if (sizeOf(window) > maxTokens && optional.some(stays)) problems.push('is too long, and could be shorter');
  const oldestKept = optional.findIndex(stays);
  if (oldestKept >= 0 && optional.slice(oldestKept).some((exchange) => !stays(exchange)))
    problems.push('leaves out a newer exchange and keeps an older');
  return problems;
}

/** What is wrong with windows of a conversation as it grows, message by message. */
export function growthProblems(
  windows: readonly { readonly messages: readonly TestMessage[]; readonly window: readonly TestMessage[] }[],
  { maxTokens, cutBackTo }: WindowAsked,
): string[] {
  const problems: string[] = [];
  let left = new Set<TestMessage>();
  for (const [step, { messages, window }] of windows.entries()) {
    const now = new Set(messages.filter((message) => !window.includes(message)));
    if ([...left].some((message) => !now.has(message)))
      problems.push(`${step}: brings back what was left out`);
    if (now.size > left.size) {
      const before = messages.filter((message) => !left.has(message));
      if (sizeOf(before) <= maxTokens) problems.push(`${step}: moves although it is not full`);
      const exchanges = exchangesOf(messages);
      const inner = new Set(exchanges.filter((one) => one !== 0 && one !== exchanges.at(-1)));
      for (const [index, message] of messages.entries())
        if (message.pinned) inner.delete(exchanges[index] as number);
      const couldGo = messages.some(
        (message, index) => inner.has(exchanges[index] as number) && !now.has(message),
      );
      if (couldGo && sizeOf(window) > maxTokens * cutBackTo)
        problems.push(`${step}: moves by too little to stay where it is for a while`);
    }
    left = now;
  }
  return problems;
}
