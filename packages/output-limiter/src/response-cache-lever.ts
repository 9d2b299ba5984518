import { createHash } from 'node:crypto';
import {
  type Call,
  type CallOutput,
  type Decision,
  type Lever,
  type LeverMode,
  Money,
  perCall,
  type RequestView,
} from '@costkit/core';
import { isCut } from './is-cut.js';
import { recordStream, replayed } from './recorded-stream.js';
import type { ResponseCacheSettings } from './response-cache.js';

/** An answer that may be given again. */
interface Answer {
  /** For another caller: nothing of it is shared. */
  copy(): CallOutput;
  readonly cost: Money | undefined;
  readonly until: number;
}

/** An answer on its way: what the first caller gets at once, and what the others wait for. */
interface Sending {
  readonly first: CallOutput;
  /** `undefined`: it is not to be shared. */
  readonly shared: () => Promise<Answer | undefined>;
}

/** The member of an SDK output that holds its stream. */
const STREAM_AT: { readonly [Operation in Call['operation']]?: string } = {
  ConverseStream: 'stream',
  InvokeModelWithResponseStream: 'body',
};

/** The lever that answers identical requests once: slot `shape`, so that what is shared is complete. */
export function responseCacheLever(settings: ResponseCacheSettings, name: string): Lever {
  return settings.mode === 'observe' ? watchingLever(settings, name) : answeringLever(settings, name);
}

/** Answers that are kept for a time, the latest ones. */
function keptAnswers<T extends { readonly until: number }>({ ttlMs, maxEntries }: ResponseCacheSettings) {
  const answers = new Map<string, T>();
  return {
    get: (key: string, now: number): T | undefined => {
      const answer = answers.get(key);
      if (answer !== undefined && answer.until > now) return answer;
      answers.delete(key);
      return undefined;
    },
    keep: (key: string, answer: T): void => {
      if (ttlMs === 0) return;
      answers.delete(key);
      answers.set(key, answer);
      if (answers.size > maxEntries) answers.delete(answers.keys().next().value as string);
    },
  };
}

/** Says what would be answered from the cache. No call waits for another, and nobody reads along in its stream. */
function watchingLever(settings: ResponseCacheSettings, name: string): Lever {
  const { mode, ttlMs, scope } = settings;
  const seen = keptAnswers<Omit<Answer, 'copy'>>(settings);
  const onTheirWay = new Set<string>();
  const sending = perCall((): { key: string | undefined } => ({ key: undefined }));
  return {
    name,
    slot: 'shape',
    mode,
    around: (view, call, next) => {
      const key = keyOf(view, call, scope);
      if (key === undefined) return next(view);
      const earlier = seen.get(key, call.clock.now());
      if (earlier !== undefined || onTheirWay.has(key)) {
        call.decide(answered(name, mode, earlier?.cost));
      } else {
        onTheirWay.add(key);
        sending(call).key = key;
      }
      return next(view);
    },
    onReceipt: ({ error, cost }, call) => {
      const { key } = sending(call);
      if (key === undefined) return;
      onTheirWay.delete(key);
      if (error === undefined && isWhole(call)) seen.keep(key, { cost, until: call.clock.now() + ttlMs });
    },
  };
}

/** What the receipt of a call says that shares an answer. */
const answered = (lever: string, mode: LeverMode, cost: Money | undefined): Decision => ({
  lever,
  mode,
  action: mode === 'observe' ? 'would have answered from the cache' : 'answered from the cache',
  reason: 'The same request was answered before, or is being answered right now.',
  ...(cost === undefined ? {} : { estimatedSaving: cost }),
});

function answeringLever(settings: ResponseCacheSettings, name: string): Lever {
  const { mode, ttlMs, scope } = settings;
  const answers = keptAnswers<Answer>(settings);
  const onTheirWay = new Map<string, Promise<Sending>>();

  /** At once where nothing is known: whoever comes next must find what is on its way. */
  const known = (key: string, now: number): Answer | Promise<Answer | undefined> | undefined => {
    const answer = answers.get(key, now);
    if (answer !== undefined) return answer;
    // Whoever shares an answer shares no failure: then the request goes out for itself.
    return onTheirWay.get(key)?.then(
      ({ shared }) => shared(),
      () => undefined,
    );
  };

  const around: NonNullable<Lever['around']> = async (view, call, next) => {
    const key = keyOf(view, call, scope);
    if (key === undefined) return next(view);
    const found = known(key, call.clock.now());
    const earlier = found instanceof Promise ? await unlessAborted(found, call.signal) : found;
    if (earlier !== undefined) {
      call.decide(answered(name, mode, earlier.cost));
      return earlier.copy();
    }
    const end = (): void => {
      if (onTheirWay.get(key) === sending) onTheirWay.delete(key);
    };
    const sending: Promise<Sending> = next(view).then((output) => {
      const answerOf = (kept: () => Answer['copy']): Answer | undefined =>
        isWhole(call) ? { copy: kept(), cost: costOf(call), until: call.clock.now() + ttlMs } : undefined;
      return sendingOf(output, call, answerOf, (answer) => {
        end();
        if (answer !== undefined) answers.keep(key, answer);
      });
    });
    if (!onTheirWay.has(key)) onTheirWay.set(key, sending);
    sending.catch(end);
    return (await sending).first;
  };

  return { name, slot: 'shape', mode, around };
}

/**
 * @param answerOf - makes an answer that is whole of what is kept of it.
 * @param ended - told once the answer is whole, or will never be.
 */
function sendingOf(
  output: CallOutput,
  { operation }: Call,
  answerOf: (kept: () => Answer['copy']) => Answer | undefined,
  ended: (answer: Answer | undefined) => void,
): Sending {
  const member = STREAM_AT[operation];
  if (member === undefined) {
    const answer = answerOf(() => {
      // The first caller may change what it gets: applications put answers into their history, and edit that.
      const kept = copied(output);
      return () => copied(kept);
    });
    ended(answer);
    return { first: output, shared: async () => answer };
  }
  const { [member]: source, ...rest } = output.output as Readonly<Record<string, unknown>>;
  let answer: Answer | undefined;
  const head = structuredClone(rest);
  const { stream, whole } = recordStream(source as AsyncIterable<object>, (chunks) => {
    const replay = (all: readonly object[]): CallOutput => ({
      ...output,
      output: { ...structuredClone(head), [member]: replayed(all) },
    });
    answer = chunks === undefined ? undefined : answerOf(() => () => replay(chunks));
    ended(answer);
  });
  return {
    first: { ...output, output: { ...rest, [member]: stream } },
    // Who waits reads for the first caller too: it may never do so itself before the others are answered.
    shared: async () => {
      await whole();
      return answer;
    },
  };
}

/** `undefined` as soon as the caller gives up: the SDK then says so in its own words. */
async function unlessAborted<T>(
  promise: Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T | undefined> {
  if (signal === undefined) return promise;
  let leave = (): void => undefined;
  const aborted = new Promise<undefined>((resolve) => {
    leave = () => resolve(undefined);
    signal.addEventListener('abort', leave);
    if (signal.aborted) leave();
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}

/** Bytes of the SDK have methods of their own, which a clone would lose. */
function copied({ output, ...rest }: CallOutput): CallOutput {
  const copy = structuredClone(output) as Record<string, unknown>;
  const { body } = output as { readonly body?: unknown };
  if (body instanceof Uint8Array)
    Object.setPrototypeOf(copy['body'] as object, Object.getPrototypeOf(body) as object);
  return { ...rest, output: copy };
}

/** Whether all that was paid for the answer has come to its end: nothing was cut, broken off or left. */
function isWhole({ attempts }: Call): boolean {
  // What a judge said of the answer is none.
  const last = attempts.findLast(({ purpose }) => purpose !== 'check');
  return last !== undefined && last.error === undefined && last.complete && !isCut(last.stopReason);
}

/** What the attempts of a call have cost; `undefined` where one has no price. */
function costOf({ attempts }: Call): Money | undefined {
  const costs = attempts.map(({ cost }) => cost);
  return costs.every((cost) => cost !== undefined) ? Money.sum(costs) : undefined;
}

/** `undefined`: a body that cannot be compared. */
function keyOf(view: RequestView, call: Call, scope: ResponseCacheSettings['scope']): string | undefined {
  const { requestMetadata: _, ...input } = view.input as Readonly<Record<string, unknown>>;
  const { body } = input;
  if (body !== undefined && typeof body !== 'string' && !(body instanceof Uint8Array)) return undefined;
  return createHash('sha256')
    .update(JSON.stringify([call.operation, call.region ?? '', scope(call.tags)]))
    .update(JSON.stringify(input, withBytes))
    .digest('base64');
}

const withBytes = (_key: string, value: unknown): unknown =>
  value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value;
