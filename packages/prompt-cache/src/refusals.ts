import type { Section } from '@costkit/core';
import { SWITCHED_OFF_MS } from './constants.js';

/** Names of the errors with which the service refuses a request for what is in it. */
const ERROR_NAMES: readonly string[] = ['ValidationException', 'AccessDeniedException'];

/** What of the points a model refuses: all of them, those of a section, or the lifetime of an hour. */
export type Refusal = 'all' | Section | '1h';

/**
 * What those errors say when a cache point is the reason; recorded from the service, the last for a point behind a
 * document that is no PDF. Wording changes: what names a cache point is about one, whatever else it says.
 */
const ERROR_TEXTS: readonly RegExp[] = [
  /cache[ _-]?(?:point|control|checkpoint)/i,
  /prompt[ -]cach/i,
  /(?:messages|system|tools)\.\d+(?:\.content\.\d+)?\.type: Field required/i,
];

/** Which of them is about a part of the points only; the first that fits. Everything else is about all. */
const PARTS: readonly (readonly [part: Refusal, text: RegExp])[] = [
  ['1h', /\bttl\b|extended ttl|1h\b/i],
  ['tools', /toolConfig|\btools[./[]\d/i],
  ['system', /\bsystem[./[]\d/i],
  ['messages', /\bmessages[./[]\d|reasoning block/i],
];

/** What of the cache points an error refuses; `undefined`: it is about something else. */
export function refusedPart(error: unknown): Refusal | undefined {
  if (!(error instanceof Error) || !ERROR_NAMES.includes(error.name)) return undefined;
  const { message } = error;
  if (!ERROR_TEXTS.some((text) => text.test(message))) return undefined;
  return PARTS.find(([, text]) => text.test(message))?.[0] ?? 'all';
}

/** What each model refused, for a while. */
export interface Refusals {
  /** @param now - milliseconds since the epoch */
  remember(modelId: string, refusal: Refusal, now: number): void;
  of(modelId: string, now: number): ReadonlySet<Refusal>;
}

/** Models that are remembered; an application calls a handful. */
const MAX_MODELS = 100;

const NOTHING: ReadonlySet<Refusal> = new Set();

/** Starts without refusals. */
export function createRefusals(): Refusals {
  const byModel = new Map<string, { readonly parts: ReadonlySet<Refusal>; readonly until: number }>();
  const partsOf = (modelId: string, now: number): ReadonlySet<Refusal> => {
    const known = byModel.get(modelId);
    return known === undefined || known.until <= now ? NOTHING : known.parts;
  };
  return {
    remember: (modelId, refusal, now) => {
      if (byModel.size >= MAX_MODELS) byModel.clear();
      byModel.set(modelId, {
        parts: new Set([...partsOf(modelId, now), refusal]),
        until: now + SWITCHED_OFF_MS,
      });
    },
    of: partsOf,
  };
}
