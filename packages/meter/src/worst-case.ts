import {
  type Calibration,
  type Call,
  estimatedTokens,
  type MediaKind,
  NO_USAGE,
  type RequestView,
} from '@costkit/core';
import { costOf, type PriceQuery, type ResolvedModel, resolveModel, type Usage } from '@costkit/pricing';
import { guardrailUnits } from './guardrail-units.js';
import { nonAsciiBytes } from './non-ascii-bytes.js';
import type { ReservationTrust } from './reservation-trust.js';

/** What a bound rests on besides the request. */
export interface WorstCaseOptions {
  /** Input tokens to reserve for each piece of media, by kind. */
  readonly mediaTokens?: { readonly [K in MediaKind]?: number };
  /** Whether estimates are followed for a model. @defaultValue never: the wide bound */
  readonly trust?: ReservationTrust;
}

/** Most that a call can cost, or why nobody can say. */
export type WorstCase =
  | { readonly known: true; readonly picoUsd: bigint }
  | { readonly known: false; readonly problem: string; readonly advice: string };

const FEATURE_OF: { readonly [K in MediaKind]: 'images' | 'documents' | 'video' | 'audio' } = {
  image: 'images',
  document: 'documents',
  video: 'video',
  audio: 'audio',
};

/**
 * Before a model has answered: twice its text in o200k tokens stands above families with a denser tokenizer and above
 * most unusual text, and the bytes of characters beyond ASCII are added.
 */
const INPUT_HEADROOM = 2;
/** By its model card. */
const COUNTS_IN_O200K = 'openai.gpt-oss-120b-1:0';
/** Tokens that the service adds around a prompt: roles and separators, and a preamble when there are tools. */
const OVERHEAD_TOKENS = 50;
const MESSAGE_OVERHEAD_TOKENS = 10;
const TOOLS_OVERHEAD_TOKENS = 1_000;

const PRICE_ADVICE =
  'Name the model behind the id with `models`, or give its rates with `priceOverrides`, or set `onExceed: "alert"`';

/** What of a call decides its price. */
export type PricedCall = Pick<Call, 'region' | 'startedAt' | 'priceOverrides'> & {
  /** Knows the caller's own map of opaque ARNs. */
  readonly resolve?: (modelId: string) => ResolvedModel | undefined;
  /** What the model's responses have taught about its tokens. */
  readonly calibration?: Calibration;
};

function resolveFor(call: PricedCall, modelId: string): ResolvedModel | undefined {
  return call.resolve === undefined ? resolveModel(modelId) : call.resolve(modelId);
}

/** What holds whatever the tokenizer, for all but made-up words. */
function wideTokens(view: RequestView): number {
  const { blocks, features } = view;
  const messages = (blocks.at(-1)?.messageIndex ?? 0) + 1;
  let tokens = OVERHEAD_TOKENS + messages * MESSAGE_OVERHEAD_TOKENS;
  for (const text of estimatedTokens(view, {}, COUNTS_IN_O200K).perBlock) tokens += text * INPUT_HEADROOM;
  for (const { text } of blocks) tokens += nonAsciiBytes(text);
  return features.tools ? tokens + TOOLS_OVERHEAD_TOKENS : tokens;
}

function inputTokens(
  view: RequestView,
  call: PricedCall,
  model: string,
  { mediaTokens = {}, trust }: WorstCaseOptions,
): number | MediaKind {
  const { high } = estimatedTokens(view, call, model);
  let tokens = trust?.follows(model, call.calibration) === true ? high : Math.max(high, wideTokens(view));
  // A JSON schema is no block of the prompt, but the model reads it.
  if (view.features.structuredOutput) {
    tokens += JSON.stringify((view.input as { outputConfig?: unknown }).outputConfig ?? '').length;
  }
  for (const kind of ['image', 'document', 'video', 'audio'] as const) {
    if (!view.features[FEATURE_OF[kind]]) continue;
    const each = mediaTokens[kind];
    if (each === undefined) return kind;
    for (const block of view.blocks) {
      tokens += each * (block.media?.filter((piece) => piece.kind === kind).length ?? 0);
    }
  }
  return Math.ceil(tokens);
}

/** The ways in which the input may be billed: plain, or written to the cache at the dearest time to live. */
function inputKinds(view: RequestView, { model }: ResolvedModel): readonly (keyof Usage & string)[] {
  const rules = model.capabilities.cache;
  if (rules === undefined) return ['input'];
  if (!rules.explicit) return ['input', 'cacheWrite30m'];
  // A request with points that no view shows does not say how long they keep what they write.
  if (view.pinned.has('cachePoints')) return ['input', 'cacheWrite5m', 'cacheWrite1h'];
  if (view.cachePoints.length === 0) return ['input'];
  return view.cachePoints.some(({ ttl }) => ttl === '1h')
    ? ['input', 'cacheWrite5m', 'cacheWrite1h']
    : ['input', 'cacheWrite5m'];
}

/** The prices at which the request may be served: the tier it asks for, and the standard one it may fall to. */
function tiersOf(view: RequestView): readonly NonNullable<PriceQuery['tier']>[] {
  const { performanceConfig, performanceConfigLatency } = view.input as {
    performanceConfig?: { latency?: unknown };
    performanceConfigLatency?: unknown;
  };
  if ((performanceConfig?.latency ?? performanceConfigLatency) === 'optimized')
    return ['latencyOptimized', 'standard'];
  if (view.tier === undefined || view.tier === 'default') return ['standard'];
  // What reserved capacity has no room for is served as standard.
  return view.tier === 'reserved' ? ['reserved', 'standard'] : [view.tier as NonNullable<PriceQuery['tier']>];
}

/**
 * Bounds a request's cost: input at its high estimate and at the dearest rate that may apply, output at its cap. For a
 * model whose responses have taught how it counts, the input is the high end of that.
 *
 * @param maxTokens - the cap that is sent with the request; 0 for models that produce no tokens.
 */
export function worstCase(
  view: RequestView,
  call: PricedCall,
  maxTokens: number,
  options: WorstCaseOptions = {},
  batch: boolean = false,
): WorstCase {
  if (view.dialect === 'unknown') {
    return {
      known: false,
      problem: 'its request body cannot be read',
      advice: 'Send it through Converse, or set `onExceed: "alert"`',
    };
  }
  const resolved = resolveFor(call, view.modelId);
  if (resolved === undefined)
    return { known: false, problem: 'no price is known for it', advice: PRICE_ADVICE };
  const units = { ...view.units, ...guardrailUnits(view, maxTokens) };
  const hasUnits = Object.keys(units).length > 0;
  if (resolved.reference === 'provisioned-model' && !hasUnits) return { known: true, picoUsd: 0n };
  if (resolved.reference === 'imported-model') {
    return {
      known: false,
      problem: 'imported models are billed by time, not by token',
      advice: PRICE_ADVICE,
    };
  }
  if (!Number.isSafeInteger(maxTokens) || maxTokens < 0) {
    return {
      known: false,
      problem: 'its maxTokens is no number of tokens',
      advice: 'Give a whole number above 0, which the service asks for too',
    };
  }
  // Paid by the query, which its units count.
  const tokens = view.dialect === 'rerank' ? 0 : inputTokens(view, call, resolved.model.id, options);
  if (typeof tokens === 'string') {
    return {
      known: false,
      problem: `the tokens of ${tokens === 'image' ? 'an image' : `a ${tokens}`} cannot be estimated`,
      advice: `Say how many to reserve for each with mediaTokens: { ${tokens}: … }`,
    };
  }
  let dearest = 0n;
  for (const kind of inputKinds(view, resolved)) {
    for (const tier of batch ? [undefined] : tiersOf(view)) {
      const { total, complete, missing } = costOf(
        { ...NO_USAGE, output: maxTokens, [kind]: tokens, ...(hasUnits ? { units } : {}) },
        {
          model: resolved,
          at: call.startedAt,
          overrides: call.priceOverrides,
          batch,
          ...(tier === undefined ? {} : { tier }),
          ...(call.region === undefined ? {} : { region: call.region }),
        },
      );
      // Families without a rate for a kind of write are never billed for one.
      if (!complete && kind !== 'input' && missing.length === 1 && missing[0] === kind) continue;
      if (!complete) {
        return {
          known: false,
          problem: `no price is known for its ${missing.join(' and ')} tokens`,
          advice: PRICE_ADVICE,
        };
      }
      if (total.picoUsd > dearest) dearest = total.picoUsd;
    }
  }
  return { known: true, picoUsd: dearest };
}
