import {
  type Call,
  type CallOutput,
  CostkitError,
  type NextCall,
  type RequestView,
  type ResponseView,
} from '@costkit/core';
import { addUsage } from './add-usage.js';
import type { CallLimits } from './call-limits.js';
import { MORE_ROOM } from './choose-cap.js';
import { joinAnswers } from './join-answers.js';
import { LEVER } from './lever-name.js';
import { resolveFor } from './resolve-for.js';
import { type Continuation, type ConverseEvent, spliceStream } from './splice-stream.js';

/** Asks for the rest of a cut answer. */
const CONTINUE_INSTRUCTION =
  'Your answer was cut off. Continue exactly where it stopped, without repeating anything and without any comment.';

/** A repair that leaves less room than this would be cut again. */
const SMALLEST_REPAIR = 32;

/** Completes answers that our own cap has cut, by one more call. */
export interface Completion {
  /** Completes a whole answer, or hands it back as it is. */
  whole(
    view: RequestView,
    call: Call,
    answer: CallOutput,
    cut: ResponseView,
    next: NextCall,
  ): Promise<CallOutput>;
  /** Completes a ConverseStream as it ends, should it end cut. */
  stream(view: RequestView, call: Call, answer: CallOutput, next: NextCall): CallOutput;
}

/** Whatever goes wrong with the second call, the caller gets the cut answer, and the receipt says why. */
export function createCompletion(limitsOf: (call: Call) => CallLimits): Completion {
  const decide = (call: Call, action: string, reason: string): void => {
    call.decide({ lever: LEVER, mode: 'enforce', action, reason });
  };

  /** The cap of the second call. */
  const roomFor = (
    view: RequestView,
    call: Call,
    { cap = 0, callerCap }: CallLimits,
    used: number,
  ): number => {
    const maximum = resolveFor(call, view.modelId)?.model.maxOutputTokens ?? Number.POSITIVE_INFINITY;
    return Math.min(
      cap * MORE_ROOM,
      maximum,
      callerCap === undefined ? Number.POSITIVE_INFINITY : callerCap - used,
    );
  };

  /** The first answer stands, unless the caller gave up. */
  const giveUp = (call: Call, error: unknown): void => {
    if (call.signal?.aborted === true) throw error;
    decide(call, 'left cut', `The repair failed: ${nameOf(error)}.`);
  };

  /** Sends the second call. What it throws costs nobody the first answer, unless the caller gave up. */
  const send = async (
    view: RequestView,
    call: Call,
    limits: CallLimits,
    repair: NonNullable<CallLimits['repair']>,
    next: NextCall,
  ): Promise<CallOutput | undefined> => {
    limits.repair = repair;
    try {
      return await next(view, { purpose: 'repair' });
    } catch (error) {
      giveUp(call, error);
      return undefined;
    } finally {
      limits.repair = undefined;
    }
  };

  const repairWhole = async (
    view: RequestView,
    call: Call,
    answer: CallOutput,
    cut: ResponseView,
    next: NextCall,
  ): Promise<CallOutput> => {
    const limits = limitsOf(call);
    const used = cut.usage?.output ?? limits.cap ?? 0;
    const empty = cut.text.trim() === '';
    // Half a tool call or half a JSON cannot be gone on with: it is asked for again, whole.
    const whole = cut.toolUses.length > 0 || view.features.structuredOutput;
    const continued = empty || whole ? view : view.withContinuation(cut.text, CONTINUE_INSTRUCTION);
    const asksAnew = continued === view;
    const problem =
      !asksAnew && cut.withText('', '') === answer.output
        ? 'this dialect’s answers cannot be joined'
        : undefined;
    const room = roomFor(view, call, limits, asksAnew ? 0 : used);
    if (problem !== undefined || room < SMALLEST_REPAIR || (asksAnew && room <= used)) {
      decide(
        call,
        'left cut',
        `The answer reached our cap of ${limits.cap} tokens; ${problem ?? 'the request’s own cap leaves no room for the rest'}.`,
      );
      return answer;
    }
    const rest = await send(continued, call, limits, { maxTokens: room, asksAnew }, next);
    const second = rest?.view;
    if (rest === undefined || second === undefined) return answer;
    if (!asksAnew && second.toolUses.length > 0) {
      decide(call, 'left cut', 'The model went on with a tool call, which cannot be joined to a text.');
      return answer;
    }
    bookAnswer(call, asksAnew ? 0 : used, second.usage?.output ?? 0);
    const stopReason = second.stopReason ?? 'end_turn';
    decide(
      call,
      asksAnew ? 'asked again with a higher cap' : 'continued a cut answer',
      `The answer reached our cap of ${limits.cap} tokens.`,
    );
    if (asksAnew) return { ...rest, output: withUsage(rest.output, answer.output) };
    const joined = cut.withText(joinAnswers(cut.text, second.text), stopReason);
    return { output: withUsage(joined, rest.output), response: answer.response, view: undefined };
  };

  const repairStream = (view: RequestView, call: Call, answer: CallOutput, next: NextCall): CallOutput => {
    const { stream } = answer.output as { stream?: AsyncIterable<ConverseEvent> };
    if (stream === undefined) return answer;
    const limits = limitsOf(call);
    const resume = async (text: string, used: number): Promise<Continuation | undefined> => {
      if (limits.cap === undefined) return undefined;
      const room = roomFor(view, call, limits, used);
      const continued = view.withContinuation(text, CONTINUE_INSTRUCTION);
      const problem = view.features.structuredOutput
        ? 'the answer follows a schema'
        : text.trim() === ''
          ? 'no text was written that could be continued'
          : continued === view
            ? 'this dialect cannot continue an answer'
            : room < SMALLEST_REPAIR
              ? 'the request’s own cap leaves no room for the rest'
              : undefined;
      if (problem !== undefined) {
        decide(call, 'left cut', `The answer reached our cap of ${limits.cap} tokens; ${problem}.`);
        return undefined;
      }
      const rest = await send(continued, call, limits, { maxTokens: room, asksAnew: false }, next);
      const second = (rest?.output as { stream?: AsyncIterable<ConverseEvent> } | undefined)?.stream;
      if (second === undefined) return undefined;
      decide(call, 'continued a cut answer', `The answer reached our cap of ${limits.cap} tokens.`);
      return {
        stream: second,
        finished: (output) => bookAnswer(call, used, output),
        failed: (error) => giveUp(call, error),
      };
    };
    const onUnrepairable = (reason: string): void => {
      if (limits.cap !== undefined)
        decide(call, 'left cut', `The answer reached our cap of ${limits.cap} tokens; ${reason}.`);
    };
    return { ...answer, output: { ...answer.output, stream: spliceStream(stream, resume, onUnrepairable) } };
  };

  return { whole: repairWhole, stream: repairStream };
}

/** What the bare request would have written: both parts. A hold-out's mean, where there is one, knows better. */
function bookAnswer(call: Call, first: number, second: number): void {
  call.counterfactual.outputTokens ??= first + second;
}

/** The output with the usage of both calls, where the SDK's output or the body in it has one. */
function withUsage(output: object, other: object): object {
  const { usage, body } = output as { usage?: unknown; body?: unknown };
  if (usage !== undefined) return { ...output, usage: addUsage(usage, (other as { usage?: unknown }).usage) };
  if (!(body instanceof Uint8Array)) return output;
  const members = membersOf(body);
  if (members['usage'] === undefined) return output;
  const both = addUsage(members['usage'], membersOf((other as { body?: unknown }).body)['usage']);
  const bytes = new TextEncoder().encode(JSON.stringify({ ...members, usage: both }));
  // Bytes of the SDK have methods of their own.
  return { ...output, body: Object.setPrototypeOf(bytes, Object.getPrototypeOf(body) as object) as unknown };
}

const membersOf = (body: unknown): { readonly usage?: unknown } =>
  body instanceof Uint8Array ? (JSON.parse(new TextDecoder().decode(body)) as { usage?: unknown }) : {};

function nameOf(error: unknown): string {
  if (CostkitError.isInstance(error)) return error.code;
  return error instanceof Error ? error.name : typeof error;
}
