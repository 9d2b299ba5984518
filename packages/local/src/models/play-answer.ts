import { reweigh, type Tokenizer, type WeightedPiece, weightedPieces } from '../money/tokenizer.js';
import type { AnswerPart, ModelAnswer, ModelStopReason } from './local-model.js';

/** A step of an answer on its way to the client. */
export type AnswerEvent =
  | {
      readonly type: 'partStart';
      readonly part: AnswerPart['type'];
      readonly index: number;
      readonly name?: string;
    }
  | { readonly type: 'delta'; readonly index: number; readonly text: string; readonly tokens: number }
  | { readonly type: 'partStop'; readonly index: number }
  | { readonly type: 'end'; readonly stopReason: ModelStopReason; readonly stopSequence?: string };

/** What bounds an answer. */
export interface AnswerLimits {
  readonly maxTokens: number;
  readonly stopSequences: readonly string[];
}

/** Real frames carry a handful of tokens each. */
const TOKENS_PER_FRAME = 4;

/** Plays a whole answer as events: cut at the cap and at stop sequences, each delta with the tokens it is billed as. */
export function* playAnswer(
  answer: ModelAnswer,
  limits: AnswerLimits,
  tokenizer: Tokenizer,
  modelId: string,
): Generator<AnswerEvent> {
  const stopped = stopAt(answer.parts, limits.stopSequences);
  const pieces = weigh(stopped.parts, answer.outputTokens, tokenizer, modelId);
  let left = limits.maxTokens;
  for (const [index, part] of stopped.parts.entries()) {
    yield {
      type: 'partStart',
      part: part.type,
      index,
      ...(part.type === 'toolUse' ? { name: part.name } : {}),
    };
    const own = pieces[index] ?? [];
    let sent = 0;
    while (sent < own.length) {
      const frame: WeightedPiece[] = [];
      let frameTokens = 0;
      for (; sent < own.length && frame.length < TOKENS_PER_FRAME; sent += 1) {
        const piece = own[sent] as WeightedPiece;
        if (frameTokens + piece.tokens > left) break;
        frame.push(piece);
        frameTokens += piece.tokens;
      }
      if (frame.length > 0) {
        left -= frameTokens;
        yield { type: 'delta', index, text: frame.map(({ text }) => text).join(''), tokens: frameTokens };
      }
      if (sent < own.length && frame.length < TOKENS_PER_FRAME) {
        yield { type: 'partStop', index };
        yield { type: 'end', stopReason: 'max_tokens' };
        return;
      }
    }
    yield { type: 'partStop', index };
  }
  if (stopped.stopSequence !== undefined) {
    yield { type: 'end', stopReason: 'stop_sequence', stopSequence: stopped.stopSequence };
    return;
  }
  const calls = stopped.parts.some(({ type }) => type === 'toolUse');
  yield { type: 'end', stopReason: answer.stopReason ?? (calls ? 'tool_use' : 'end_turn') };
}

/** Plays an answer that comes in bit by bit. */
export async function* playStream(
  parts: AsyncIterable<AnswerPart>,
  limits: AnswerLimits,
  tokenizer: Tokenizer,
  modelId: string,
): AsyncGenerator<AnswerEvent> {
  let index = -1;
  let open: AnswerPart['type'] | undefined;
  let left = limits.maxTokens;
  let calls = false;
  for await (const part of parts) {
    if (part.type !== open || part.type === 'toolUse') {
      if (open !== undefined) yield { type: 'partStop', index };
      index += 1;
      open = part.type;
      calls ||= part.type === 'toolUse';
      yield {
        type: 'partStart',
        part: part.type,
        index,
        ...(part.type === 'toolUse' ? { name: part.name } : {}),
      };
    }
    for (const piece of weightedPieces(tokenizer, partText(part), modelId)) {
      if (piece.tokens > left) {
        yield { type: 'partStop', index };
        yield { type: 'end', stopReason: 'max_tokens' };
        return;
      }
      left -= piece.tokens;
      yield { type: 'delta', index, ...piece };
    }
  }
  if (open !== undefined) yield { type: 'partStop', index };
  yield { type: 'end', stopReason: calls ? 'tool_use' : 'end_turn' };
}

function partText(part: AnswerPart): string {
  return part.type === 'toolUse' ? JSON.stringify(part.input) : part.text;
}

function weigh(
  parts: readonly AnswerPart[],
  outputTokens: number | undefined,
  tokenizer: Tokenizer,
  modelId: string,
): WeightedPiece[][] {
  const pieces = parts.map((part) => weightedPieces(tokenizer, partText(part), modelId));
  if (outputTokens === undefined) return pieces;
  const reweighed = reweigh(pieces.flat(), outputTokens);
  return pieces.map((own) => reweighed.splice(0, own.length));
}

function stopAt(
  parts: readonly AnswerPart[],
  stopSequences: readonly string[],
): { readonly parts: readonly AnswerPart[]; readonly stopSequence?: string } {
  for (const [index, part] of parts.entries()) {
    if (part.type !== 'text') continue;
    const found = stopSequences
      .filter((sequence) => sequence !== '')
      .map((sequence) => ({ sequence, at: part.text.indexOf(sequence) }))
      .filter(({ at }) => at >= 0)
      .sort((one, other) => one.at - other.at)[0];
    if (found === undefined) continue;
    return {
      parts: [...parts.slice(0, index), { type: 'text', text: part.text.slice(0, found.at) }],
      stopSequence: found.sequence,
    };
  }
  return { parts };
}
