/**
 * Identical requests answered once. Apart from the main entry, because it is nothing that happens by itself.
 * @module
 */
import { createHash } from 'node:crypto';
import {
  type BedrockClientLike,
  type BedrockPlugin,
  type Call,
  type CallOutput,
  checkOptions,
  deriveClient,
  isFunction,
  isMode,
  isNonNegativeNumber,
  isPositiveInteger,
  type Lever,
  type LeverMode,
  leverPlugin,
  Money,
  type RequestView,
  type Tags,
} from '@costkit/core';
import { isCut } from './is-cut.js';

const NAME = 'response-cache';

/** What {@link withResponseCache} takes. */
export interface ResponseCacheOptions {
  /** `observe` sends every request and says which it would not have sent. @defaultValue `"enforce"` */
  readonly mode?: LeverMode;
  /**
   * How long an answer is given again, in milliseconds. 0: requests are joined only while the first is on its way.
   * @defaultValue 0
   */
  readonly ttlMs?: number;
  /** Answers that are kept; the oldest is dropped first. @defaultValue 1_000 */
  readonly maxEntries?: number;
  /**
   * Names whose answers may be shared: requests with different names never share one.
   * @defaultValue all tags of the call, so that tenants and users share nothing
   */
  readonly scope?: (tags: Tags) => string;
}

interface Answer {
  readonly output: CallOutput;
  readonly cost: Money | undefined;
  readonly until: number;
}

/**
 * The response cache as a plugin of the AWS SDK.
 *
 * @throws `InvalidOptionError` for options that are unknown or wrong.
 *
 * @example
 * ```ts
 * client.middlewareStack.use(responseCachePlugin({ ttlMs: 60_000 }));
 * ```
 */
export function responseCachePlugin(options: ResponseCacheOptions = {}): BedrockPlugin {
  checkOptions<ResponseCacheOptions>(NAME, options, {
    mode: isMode,
    ttlMs: isNonNegativeNumber,
    maxEntries: isPositiveInteger,
    scope: isFunction,
  });
  const { mode = 'enforce', ttlMs = 0, maxEntries = 1_000, scope = allTags } = options;
  const answers = new Map<string, Answer>();
  const onTheirWay = new Map<string, Promise<Answer>>();

  const keep = (key: string, answer: Answer): void => {
    if (ttlMs === 0) return;
    answers.delete(key);
    answers.set(key, answer);
    if (answers.size > maxEntries) answers.delete(answers.keys().next().value as string);
  };

  const known = (key: string, now: number): Promise<Answer> | Answer | undefined => {
    const answer = answers.get(key);
    if (answer === undefined) return onTheirWay.get(key);
    if (answer.until > now) return answer;
    answers.delete(key);
    return onTheirWay.get(key);
  };

  const around: NonNullable<Lever['around']> = async (view, call, next) => {
    if (call.operation !== 'Converse') return next(view);
    const key = keyOf(view, call, scope);
    const now = call.clock.now();
    const earlier = known(key, now);
    if (earlier !== undefined) {
      // Whoever shares an answer shares no failure: then the request goes out for itself.
      const answer = await Promise.resolve(earlier).catch(() => undefined);
      if (answer !== undefined && isWhole(answer)) return share(answer, call, mode, () => next(view));
    }
    const sending = next(view).then(
      (output): Answer => ({ output, cost: costOf(call), until: call.clock.now() + ttlMs }),
    );
    if (!onTheirWay.has(key)) {
      onTheirWay.set(key, sending);
      const end = (): void => {
        if (onTheirWay.get(key) === sending) onTheirWay.delete(key);
      };
      sending.then(end, end);
    }
    const answer = await sending;
    if (isWhole(answer)) keep(key, answer);
    return answer.output;
  };

  return leverPlugin(NAME, [{ name: NAME, slot: 'shape', mode, around }]);
}

/**
 * Returns a client that sends identical `Converse` requests once: those that come while the first is on its way wait for
 * its answer, and with `ttlMs` later ones get it too. Every caller gets a copy. Streams always go out. Not for requests
 * that are repeated to get different answers.
 *
 * @throws `InvalidOptionError` for options that are unknown or wrong.
 * @throws `AlreadyAppliedError` when the client has a response cache.
 *
 * @example
 * ```ts
 * const client = withResponseCache(new BedrockRuntimeClient({}), { ttlMs: 300_000, scope: ({ tenant = '' }) => tenant });
 * ```
 */
export function withResponseCache<C extends BedrockClientLike>(
  client: C,
  options: ResponseCacheOptions = {},
): C {
  return deriveClient(client, responseCachePlugin(options));
}

/** A copy of an answer that was paid by another call. */
function share(
  { output, cost }: Answer,
  call: Call,
  mode: LeverMode,
  send: () => Promise<CallOutput>,
): Promise<CallOutput> | CallOutput {
  call.decide({
    lever: NAME,
    mode,
    action: mode === 'observe' ? 'would have answered from the cache' : 'answered from the cache',
    reason: 'The same request was answered before, or is being answered right now.',
    ...(cost === undefined ? {} : { estimatedSaving: cost }),
  });
  return mode === 'observe'
    ? send()
    : { ...output, output: structuredClone(output.output), view: output.view };
}

const isWhole = ({ output }: Answer): boolean => !isCut(output.view?.stopReason);

/** What the attempts of a call have cost; `undefined` where one has no price. */
function costOf({ attempts }: Call): Money | undefined {
  const costs = attempts.map(({ cost }) => cost);
  return costs.every((cost) => cost !== undefined) ? Money.sum(costs) : undefined;
}

const allTags = (tags: Tags): string => JSON.stringify(Object.entries(tags).sort());

function keyOf(view: RequestView, call: Call, scope: (tags: Tags) => string): string {
  const { requestMetadata: _, ...input } = view.input as { readonly requestMetadata?: unknown };
  return createHash('sha256')
    .update(JSON.stringify([call.region ?? '', scope(call.tags)]))
    .update(JSON.stringify(input, withBytes))
    .digest('base64');
}

const withBytes = (_key: string, value: unknown): unknown =>
  value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value;
