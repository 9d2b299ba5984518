import { createHash } from 'node:crypto';
import type { Call, CallOutput, NextCall, RequestView } from '@costkit/core';
import { viewRequest } from '@costkit/core/views';
import type { PriceQuery } from '@costkit/pricing';
import { isCut } from './is-cut.js';
import type { EarlierMessages, RequestForm } from './request-form.js';
import { resolveFor } from './resolve-for.js';
import { tierRates } from './tier-rates.js';
import type { MessageLike } from './window-messages.js';
import type { WindowTokens } from './window-price.js';

/** How turns that are left out are summarised. */
export interface SummaryOptions {
  /**
   * Models that may write summaries, beside the conversation's own, which reads the turns from the prompt cache. Whichever
   * costs least writes it. For a body of InvokeModel only those of its own format.
   *
   * @defaultValue the conversation's own
   */
  readonly models?: readonly string[];
  /** Most tokens of a summary. @defaultValue 400 */
  readonly maxTokens?: number;
  /** What is asked for. @defaultValue facts, decisions and open questions, briefly */
  readonly instruction?: string;
}

/** Most tokens of a summary. */
export const SUMMARY_TOKENS = 400;
const INSTRUCTION =
  'Do not answer and call no tool. Summarise what was said before as notes for yourself: facts, names and numbers, ' +
  'decisions, what was done, and open questions. Be brief.';
const HEAD = 'Notes on earlier turns that are left out here:';
/** Tokens of the instruction, and what surrounds it. */
const INSTRUCTION_TOKENS = 80;
/** Room for a model that thinks before it writes, and what of it is taken to be used; assumptions. */
const THINKING_ROOM = 4_096;
const THINKING_TOKENS = 1_000;
/** Summaries that are remembered, the latest ones. */
const MAX_SUMMARIES = 1_000;

/** Who writes a summary: from the whole conversation before, or from the turns alone. */
interface Writer {
  readonly modelId: string;
  readonly onPrefix: boolean;
  /** It thinks, and must not or cannot be told not to. */
  readonly thinks: boolean;
  /** It would think, and is told not to. */
  readonly silenced: boolean;
  readonly picoUsd: number;
}

/** What a summary is to be made of. */
interface TurnsToSummarize {
  readonly view: RequestView;
  readonly call: Call;
  readonly next: NextCall;
  /** All turns that are left out: what the summary is remembered by. */
  readonly left: readonly MessageLike[];
  /** Of these, what no summary holds yet, behind the summary before, if there was one. */
  readonly fresh: readonly MessageLike[];
  /** How to ask in the request's own format. */
  readonly form: RequestForm;
  /** What the request before sent, and its answer; `undefined`: it is not known, or not in the cache. */
  readonly prefix: EarlierMessages | undefined;
  readonly tokens: WindowTokens;
  readonly stableTokens: number;
}

/** Writes and remembers summaries. */
export interface Summarizer {
  /** The summary of turns, if it is remembered; empty where nobody could write it, which is not tried again. */
  known(left: readonly MessageLike[]): string | undefined;
  /** Has it written; `undefined` where that failed. */
  write(turns: TurnsToSummarize): Promise<string | undefined>;
  /** What the cheapest writer costs, in pico-dollars; `undefined`: no price is known. */
  price(view: RequestView, call: Call, tokens: WindowTokens, stableTokens: number): number | undefined;
}

export function createSummarizer(options: SummaryOptions, cached: boolean | undefined): Summarizer {
  const { models = [], maxTokens = SUMMARY_TOKENS, instruction = INSTRUCTION } = options;
  const remembered = new Map<string, string>();
  const onTheirWay = new Map<string, Promise<string | undefined>>();

  /** The cheapest first. */
  const writers = (
    { modelId, features, dialect, tier }: RequestView,
    call: Call,
    { whole, same, moved }: WindowTokens,
    stableTokens: number,
  ): Writer[] => {
    const fresh = whole - same - moved + INSTRUCTION_TOKENS;
    const all = stableTokens + whole;
    return [
      { modelId, onPrefix: true, read: all, input: INSTRUCTION_TOKENS },
      ...[modelId, ...models].map((name) => ({ modelId: name, onPrefix: false, read: 0, input: fresh })),
    ]
      .flatMap(({ read, input, ...writer }): Writer[] => {
        const model = resolveFor(call, writer.modelId);
        if (model === undefined) return [];
        // InvokeModel takes one format from each family.
        if (dialect !== 'converse' && model.model.dialect !== dialect) return [];
        const query: { -readonly [Member in keyof PriceQuery]: PriceQuery[Member] } = { model };
        if (call.region !== undefined) query.region = call.region;
        if (call.priceOverrides.length > 0) query.overrides = call.priceOverrides;
        // A question by itself asks for no tier.
        const rates = tierRates(query, writer.onPrefix ? tier : undefined, read + input);
        if (rates?.input === undefined || rates.output === undefined) return [];
        const isCached = cached ?? model.model.capabilities.cache !== undefined;
        const readRate = isCached ? (rates.cacheRead ?? rates.input) : rates.input;
        const { thinking } = model.model.capabilities;
        const byItself = thinking === 'default' || thinking === 'always';
        // Another mode of thinking is another prefix, and a budget of its own would not fit under the cap.
        if (writer.onPrefix && features.thinking === true) return [];
        const silenced = !writer.onPrefix && thinking === 'default' && model.model.dialect === 'anthropic';
        const thinks = byItself && !silenced && !(writer.onPrefix && features.thinking === false);
        const length = maxTokens + (thinks ? THINKING_TOKENS : 0);
        const picoUsd = read * readRate + input * rates.input + length * rates.output;
        return [{ ...writer, thinks, silenced, picoUsd }];
      })
      .sort((one, other) => one.picoUsd - other.picoUsd);
  };

  const ask = async (turns: TurnsToSummarize): Promise<string | undefined> => {
    const { view, call, next, fresh, form, prefix, tokens, stableTokens } = turns;
    const writer = writers(view, call, tokens, stableTokens).find(
      ({ onPrefix }) => !onPrefix || prefix !== undefined,
    );
    if (writer === undefined) return undefined;
    const { modelId, onPrefix, thinks, silenced } = writer;
    const request =
      onPrefix && prefix !== undefined
        ? form.askBehind(prefix, instruction)
        : form.askAlone(modelId, `${transcript(fresh)}\n\n${instruction}`, silenced ? 'disabled' : undefined);
    const room = maxTokens + (thinks ? THINKING_ROOM : 0);
    const question = viewRequest(view.operation, request).withMaxTokens(room);
    const text = await textOf(await next(question, { purpose: 'check' }));
    return text.trim() === '' ? undefined : `${HEAD}\n${text.trim()}`;
  };

  return {
    known: (left) => remembered.get(keyOf(left)),
    price: (view, call, tokens, stableTokens) => writers(view, call, tokens, stableTokens)[0]?.picoUsd,
    write: (turns) => {
      const key = keyOf(turns.left);
      const writing = onTheirWay.get(key);
      if (writing !== undefined) return writing;
      const summary = ask(turns)
        .catch(() => undefined)
        .then((text) => {
          // Who gave up has not been refused.
          if (turns.call.signal?.aborted !== true) remembered.set(key, text ?? '');
          if (remembered.size > MAX_SUMMARIES) remembered.delete(remembered.keys().next().value as string);
          return text;
        })
        .finally(() => onTheirWay.delete(key));
      onTheirWay.set(key, summary);
      return summary;
    },
  };
}

/** Cache points do not count: they move from turn to turn. */
function keyOf(left: readonly MessageLike[]): string {
  const plain = left.map(({ role, content = [] }) => [
    role,
    content.filter((block) => !('cachePoint' in block)),
  ]);
  const json = JSON.stringify(plain, (_, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value,
  );
  return createHash('sha256').update(json).digest('base64');
}

/** The turns as one text: calls of tools would need the tools, and another model may not take them. */
function transcript(messages: readonly MessageLike[]): string {
  const { blocks } = viewRequest('Converse', { modelId: '', messages });
  return blocks
    .filter(({ text, kind }) => text !== '' && kind !== 'reasoning')
    .map(
      ({ role, kind, text }) =>
        `${kind === 'toolResult' ? 'Tool' : role === 'assistant' ? 'Assistant' : 'User'}: ${text}`,
    )
    .join('\n');
}

/** Ends at which a model has said what it wanted to. */
const SAID: ReadonlySet<string | undefined> = new Set(['end_turn', 'stop_sequence']);

/** The text of a whole answer or of a stream; empty where that is no summary: blocked, a call of a tool, broken off. */
async function textOf({ output, view }: CallOutput): Promise<string> {
  const { text, stopReason } = view ?? (await readStream(output));
  return SAID.has(stopReason) || isCut(stopReason) ? text : '';
}

async function readStream(output: object): Promise<{ text: string; stopReason: string | undefined }> {
  const { stream, body } = output as {
    readonly stream?: AsyncIterable<ConverseEvent>;
    readonly body?: AsyncIterable<{ readonly chunk?: { readonly bytes?: Uint8Array } }>;
  };
  let text = '';
  let stopReason: string | undefined;
  for await (const { contentBlockDelta, messageStop } of stream ?? []) {
    text += contentBlockDelta?.delta?.text ?? '';
    stopReason = messageStop?.stopReason ?? stopReason;
  }
  for await (const { chunk } of body ?? []) {
    const { delta } = JSON.parse(new TextDecoder().decode(chunk?.bytes)) as TextDelta;
    text += delta?.text ?? '';
    stopReason = delta?.stop_reason ?? stopReason;
  }
  return { text, stopReason };
}

/** A part of an answer, of Converse and of Anthropic's Messages format. */
interface TextDelta {
  readonly delta?: { readonly text?: string; readonly stop_reason?: string | null };
}
interface ConverseEvent {
  readonly contentBlockDelta?: TextDelta;
  readonly messageStop?: { readonly stopReason?: string };
}
