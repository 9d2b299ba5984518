import { type Call, estimatedTokens, type RequestView } from '@costkit/core';
import { type ConverseLikeRequest, estimateTokens } from '@costkit/tokens';

/** What a request's media add to the tokens of its text, on one model. */
export interface MediaTokens {
  /** The best estimate of what can be counted: pictures by their size, documents by their text or pages. */
  readonly tokens: number;
  /** At most so many, in all but rare cases. */
  readonly high: number;
  /** Kinds that nobody can count, and that are in no number. */
  readonly unknown: readonly string[];
}

const NONE: MediaTokens = { tokens: 0, high: 0, unknown: [] };
const KINDS = { image: 'images', document: 'documents', video: 'video', audio: 'audio' } as const;

// Several tiers ask, and the rules: bytes are looked through once for each model.
const known = new WeakMap<RequestView['blocks'], Map<string, MediaTokens>>();

function countMedia(view: RequestView, call: Call, modelId: string): MediaTokens {
  const kinds = (Object.keys(KINDS) as (keyof typeof KINDS)[]).filter((kind) => view.features[KINDS[kind]]);
  if (view.dialect !== 'converse') return { ...NONE, unknown: kinds };
  const { calibration } = call;
  const whole = estimateTokens(view.input as ConverseLikeRequest, { model: modelId, calibration });
  const text = estimatedTokens(view, call, modelId);
  return {
    tokens: Math.max(0, whole.tokens - text.total),
    high: Math.max(0, whole.high - text.high),
    unknown: kinds.filter((kind) => whole.unknown.includes(kind)),
  };
}

/** Counts the media of a request, which no text says; nothing where it has none. */
export function mediaTokens(view: RequestView, call: Call, modelId: string): MediaTokens {
  const { images, documents, video, audio } = view.features;
  if (!images && !documents && !video && !audio) return NONE;
  const byModel = known.get(view.blocks) ?? new Map<string, MediaTokens>();
  known.set(view.blocks, byModel);
  const counted = byModel.get(modelId) ?? countMedia(view, call, modelId);
  byModel.set(modelId, counted);
  return counted;
}
