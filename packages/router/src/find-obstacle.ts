import type { Block, RequestView } from '@costkit/core';
import type { CatalogueModel } from '@costkit/pricing';
import { refusalsOf } from '@costkit/pricing/refusals';
import { DEFAULT_OUTPUT_TOKENS } from './call-history.js';
import { hasEnded } from './has-ended.js';
import type { MediaTokens } from './media-tokens.js';
import type { RequestNeeds } from './request-needs.js';

/**
 * How far a prompt's real tokens may lie above the estimate. Estimates are made before the request is sent, with
 * another model's tokeniser in mind; only requests this close to a context window feel it.
 */
const TOKEN_ESTIMATE_MARGIN = 1.35;

/** Kinds of content that the catalogue records no capability for. */
const UNRECORDED_KINDS: ReadonlySet<Block['kind']> = new Set([
  'video',
  'audio',
  'systemTool',
  'citations',
  'searchResult',
  'guardContent',
  'reasoning',
  'other',
]);

/** What is looked at. */
export interface Candidate {
  readonly view: RequestView;
  readonly needs: RequestNeeds;
  /** Of its text. */
  readonly inputTokens: number;
  readonly media: MediaTokens;
  /** Its media on the model the caller asked for. */
  readonly requestedMedia: MediaTokens;
  /** The model the caller asked for. */
  readonly requested: CatalogueModel;
  readonly target: CatalogueModel;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** The target wrote the reasoning that the conversation holds. @defaultValue `false` */
  readonly continues?: boolean;
}

function lacking({ view, needs, requested, target }: Candidate): string | undefined {
  const { features } = view;
  const { capabilities } = target;
  for (const feature of ['tools', 'images', 'documents'] as const) {
    if (features[feature] && !capabilities[feature]) return `takes no ${feature}`;
  }
  if (needs.mediaInToolResults && !(capabilities.images && capabilities.documents))
    return 'may not take the media in tool results';
  if (features.systemPrompt && !capabilities.systemPrompts) return 'takes no system prompt';
  if (view.streaming && !capabilities.streaming) return 'cannot stream';
  if (needs.schema && !capabilities.structuredOutput) return 'has no structured output';
  if (
    needs.forcedTool &&
    capabilities.thinking === 'always' &&
    requested.capabilities.thinking !== 'always'
  ) {
    return 'always thinks, which a forced tool choice forbids';
  }
  if (features.structuredOutput && !needs.schema && !needs.forcedTool && !capabilities.structuredOutput) {
    return 'has no structured output';
  }
  return undefined;
}

/** What the model is known to answer with an error. */
function refusalObstacle({ view, needs, target }: Candidate): string | undefined {
  const refusals = refusalsOf(target.id);
  if (view.streaming && view.features.tools && refusals.has('streamedTools'))
    return 'takes no tools in a stream';
  if (view.features.images && refusals.has('images')) return 'takes no images';
  if (needs.sampling && refusals.has('sampling')) return 'takes no temperature, top_p or top_k';
  if (needs.samplingPair && refusals.has('samplingPair')) return 'takes temperature or top_p, not both';
  return needs.prefill && refusals.has('prefill') ? 'takes no answer that is begun' : undefined;
}

/** Whose tool results may say how they ended and hold media (the SDK's documentation of `ToolResultBlock`). */
const RICH_TOOL_RESULTS: ReadonlySet<CatalogueModel['dialect']> = new Set(['anthropic', 'nova']);

/** What models of one provider take alike, and others may not. */
function providerObstacle({ needs, requested, target }: Candidate): string | undefined {
  if (target.provider === requested.provider) return undefined;
  if (needs.forcedTool) return 'may not accept a forced tool choice';
  if (needs.prefill) return 'may not go on with an answer that is begun';
  if (needs.providerSpecific !== undefined) return `may not take ${needs.providerSpecific}`;
  if (RICH_TOOL_RESULTS.has(target.dialect)) return undefined;
  if (needs.mediaInToolResults) return 'may not take the media in tool results';
  return needs.statusInToolResults ? 'may not take the status of tool results' : undefined;
}

function unrecorded({ view, needs, continues = false }: Candidate): string | undefined {
  if (needs.modelSpecific !== undefined)
    return `cannot take ${needs.modelSpecific}, which is bound to its model`;
  if (view.features.thinking !== undefined) return 'may not take the thinking setting';
  if (view.features.video || view.features.audio) return 'is not known to take video or audio';
  for (const { kind, role, section } of view.blocks) {
    if (UNRECORDED_KINDS.has(kind) && !(continues && kind === 'reasoning'))
      return `is not known to take ${kind} blocks`;
    if (section === 'messages' && role === 'system')
      return 'is not known to take system messages between the turns';
  }
  return undefined;
}

function tierObstacle({ view, needs, target }: Candidate): string | undefined {
  const { tiers } = target.capabilities;
  const { tier } = view;
  if (tier === 'reserved') return 'has no share in the reservation, which belongs to its model';
  if (
    tier !== undefined &&
    tier !== 'default' &&
    tier !== 'standard' &&
    !tiers.some((known) => known === tier)
  ) {
    return `has no service tier "${tier}"`;
  }
  return needs.latencyOptimized && !tiers.includes('latencyOptimized')
    ? 'has no latency-optimised inference'
    : undefined;
}

/** The smallest thinking budget (Anthropic's documentation). */
const MIN_THINKING_TOKENS = 1_024;

/**
 * A cap that was set for a model that does not think leaves a model that does no room for an answer: thinking
 * counts against it.
 */
const MIN_CAP_WITH_THINKING = MIN_THINKING_TOKENS + DEFAULT_OUTPUT_TOKENS;

const thinksUnasked = ({ capabilities }: CatalogueModel): boolean =>
  capabilities.thinking === 'default' || capabilities.thinking === 'always';

/**
 * Tokens that a model bills for thinking, at the least, where the one that was asked for would not think: what answers of
 * that one have used says nothing about them.
 */
export const addedThinking = (
  view: RequestView,
  requested: CatalogueModel,
  target: CatalogueModel,
): number =>
  view.features.thinking !== false && thinksUnasked(target) && !thinksUnasked(requested)
    ? MIN_THINKING_TOKENS
    : 0;

function sizeObstacle(candidate: Candidate): string | undefined {
  const { view, requested, target, inputTokens, media, requestedMedia } = candidate;
  const { contextWindow, maxOutputTokens } = target;
  if (contextWindow === undefined) return 'has no known context window';
  const cap = view.maxTokens ?? 0;
  const isSmaller = contextWindow < (requested.contextWindow ?? Number.POSITIVE_INFINITY);
  // What the model asked for holds, one with such a window holds too, unless it counts more for it.
  const mediaTokens = isSmaller || media.tokens > requestedMedia.tokens ? media.high : 0;
  const high = Math.ceil(inputTokens * TOKEN_ESTIMATE_MARGIN + mediaTokens) + cap;
  if (high > contextWindow) return `holds ${contextWindow} tokens, the request may need ${high}`;
  if (
    view.maxTokens !== undefined &&
    cap < MIN_CAP_WITH_THINKING &&
    thinksUnasked(target) &&
    !thinksUnasked(requested)
  ) {
    return `thinks before it answers, for which a cap of ${cap} tokens leaves no room`;
  }
  if (media.unknown.length > 0 && isSmaller) {
    return 'has a smaller context window for media of unknown length';
  }
  if (cap > (maxOutputTokens ?? 0))
    return `answers with at most ${maxOutputTokens ?? 'an unknown number of'} tokens, the request allows ${cap}`;
  return undefined;
}

function operationObstacle({ view, target }: Candidate): string | undefined {
  if (target.kind !== 'text') return `is a model for ${target.kind}`;
  if (view.dialect === 'converse')
    return target.capabilities.converse ? undefined : 'is not served by Converse';
  return target.dialect === view.dialect
    ? undefined
    : `takes ${target.dialect} bodies, the request has one for ${view.dialect}`;
}

/**
 * Why a model cannot take a request as it is, or `undefined` when nothing the catalogue knows speaks against it.
 * In doubt a request stays where it is: a route that is not taken costs money, a wrong one an answer.
 */
export function findObstacle(candidate: Candidate): string | undefined {
  const { target, now } = candidate;
  if (hasEnded(target, now)) return `reached its end of life on ${target.lifecycle.endOfLife}`;
  return (
    operationObstacle(candidate) ??
    lacking(candidate) ??
    refusalObstacle(candidate) ??
    providerObstacle(candidate) ??
    unrecorded(candidate) ??
    tierObstacle(candidate) ??
    sizeObstacle(candidate)
  );
}
