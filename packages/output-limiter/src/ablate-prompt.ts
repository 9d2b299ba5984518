import {
  checkOptions,
  InvalidOptionError,
  isArray,
  isFunction,
  isPositiveInteger,
  isShare,
  isText,
} from '@costkit/core';
import { Money, type PriceOverride, ratesFor, resolveModel } from '@costkit/pricing';
import { type PromptPart, type PromptRequest, promptParts } from './prompt-parts.js';
import { shareBounds } from './share-bounds.js';

/** What {@link ablatePrompt} takes besides the requests. */
export interface AblatePromptOptions<R extends PromptRequest = PromptRequest> {
  /**
   * Asks all requests and grades the answers, 0 to 1 each, in the same order. Called once for the prompt as it is, and
   * once for each part that is left out. `evaluateTiers` of `@costkit/router/evaluation` does it; the guide has the lines.
   *
   * @param part - what is left out; `undefined`: nothing.
   */
  readonly evaluate: (
    requests: readonly R[],
    part: PromptPart | undefined,
  ) => Promise<readonly number[]> | readonly number[];
  /** Which parts are tried. @defaultValue all */
  readonly only?: (part: PromptPart) => boolean;
  /** Most parts that are tried, the costliest first: each asks all requests once more. @defaultValue 20 */
  readonly maxParts?: number;
  /** Share of the requests whose answers may become worse. @defaultValue 0.05 */
  readonly maxLoss?: number;
  /** How sure that must be, by the bound of a one-sided interval. @defaultValue 0.95 */
  readonly confidence?: number;
  /** How many requests like these are sent in a month. @defaultValue as many as were given */
  readonly requestsPerMonth?: number;
  /** Source Region, for prices. */
  readonly region?: string;
  /** Negotiated prices. */
  readonly priceOverrides?: readonly PriceOverride[];
}

/** What the answers were like without a part. */
export interface AblatedPart extends PromptPart {
  /** `holds`: it could go. `loses`: it is needed. `undecided`: the requests are too few to say. */
  readonly verdict: 'holds' | 'loses' | 'undecided';
  /** Requests whose answers became worse. */
  readonly worse: number;
  /** Requests whose answers became better. */
  readonly better: number;
  /** At most this share of all requests would get a worse answer, at the confidence asked for. */
  readonly worseAtMost: number;
  /** Input at its plain price; `undefined`: unknown. */
  readonly perMonth: Money | undefined;
  /** One sentence with its figures. */
  readonly summary: string;
}

const DEFAULT_MAX_PARTS = 20;

/**
 * Leaves out one part of a prompt after the other, and says by your own evaluation which of them the answers need. It
 * changes nothing: what could go is yours to take out, and parts that can go one by one need not all go together.
 *
 * @param requests - inputs of Converse, of one task; the cases of the evaluation
 * @returns the costliest part first
 * @throws `InvalidOptionError` for options that are unknown or wrong, and for an evaluation that does not grade every
 * request; what `evaluate` throws.
 *
 * @example
 * ```ts
 * const parts = await ablatePrompt(requests, { evaluate, requestsPerMonth: 200_000 });
 * for (const { where, verdict, summary } of parts) if (verdict === 'holds') console.log(where, summary);
 * ```
 */
export async function ablatePrompt<R extends PromptRequest>(
  requests: readonly R[],
  options: AblatePromptOptions<R>,
): Promise<AblatedPart[]> {
  checkOptions<AblatePromptOptions<R>>('output-limiter', options, {
    evaluate: isFunction,
    only: isFunction,
    maxParts: isPositiveInteger,
    maxLoss: isShare,
    confidence: isShare,
    requestsPerMonth: isPositiveInteger,
    region: isText,
    priceOverrides: isArray,
  });
  if (options.evaluate === undefined)
    throw new InvalidOptionError('output-limiter', 'evaluate', 'is missing');
  const { only = () => true, maxParts = DEFAULT_MAX_PARTS } = options;
  const parts = promptParts(requests)
    .map(({ text: _, ...part }): PromptPart => part)
    .filter(only)
    .sort((one, other) => other.tokens - one.tokens)
    .slice(0, maxParts);
  if (parts.length === 0) return [];
  const whole = await grades(requests, options, undefined);
  const ablated: AblatedPart[] = [];
  // One after the other: each is an evaluation of its own, with limits of its own.
  for (const part of parts) {
    const without = await grades(
      requests.map((request) => part.without(request)),
      options,
      part,
    );
    ablated.push(compared(part, whole, without, options, requests.at(-1)?.modelId));
  }
  return ablated;
}

async function grades<R extends PromptRequest>(
  requests: readonly R[],
  { evaluate }: AblatePromptOptions<R>,
  part: PromptPart | undefined,
): Promise<readonly number[]> {
  const given = await evaluate(requests, part);
  if (given.length !== requests.length || !given.every((grade) => grade >= 0 && grade <= 1))
    throw new InvalidOptionError('output-limiter', 'evaluate', 'must give each request a grade from 0 to 1');
  return given;
}

function compared<R extends PromptRequest>(
  part: PromptPart,
  whole: readonly number[],
  without: readonly number[],
  options: AblatePromptOptions<R>,
  modelId: string | undefined,
): AblatedPart {
  const { maxLoss = 0.05, confidence = 0.95, requestsPerMonth = whole.length } = options;
  const all = whole.length;
  const worse = whole.filter((grade, index) => (without[index] as number) < grade).length;
  const better = whole.filter((grade, index) => (without[index] as number) > grade).length;
  const { low, high } = shareBounds(worse, all, confidence);
  const verdict = high <= maxLoss ? 'holds' : low > maxLoss ? 'loses' : 'undecided';
  const rate = inputRate(modelId, options);
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  return {
    ...part,
    verdict,
    worse,
    better,
    worseAtMost: high,
    perMonth:
      rate === undefined ? undefined : Money.fromPicoUsd(Math.round(part.tokens * requestsPerMonth * rate)),
    summary: `Without it ${worse} of ${all} answers are worse and ${better} better: at most ${percent(high)} of all, and ${percent(maxLoss)} may be.`,
  };
}

function inputRate(
  modelId: string | undefined,
  { region, priceOverrides }: Pick<AblatePromptOptions, 'region' | 'priceOverrides'>,
): number | undefined {
  const model = modelId === undefined ? undefined : resolveModel(modelId);
  if (model === undefined) return undefined;
  return ratesFor({
    model,
    ...(region === undefined ? {} : { region }),
    ...(priceOverrides === undefined ? {} : { overrides: priceOverrides }),
  })?.input;
}
