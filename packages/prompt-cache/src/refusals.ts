import { SWITCHED_OFF_MS } from './constants.js';

/** Names of the errors with which the service refuses a request for what is in it. */
const ERROR_NAMES: readonly string[] = ['ValidationException', 'AccessDeniedException'];

/**
 * What those errors say when a cache point is the reason. Recorded from the service, but for the last, which is the
 * text for a point behind a document that is no PDF.
 */
const ERROR_TEXTS: readonly RegExp[] = [
  /cache ?point/i,
  /cache_control/i,
  /prompt caching/i,
  /(?:messages|system|tools)\.\d+(?:\.content\.\d+)?\.type: Field required/,
];

/** Whether an error says that the service refuses a cache point. */
export function refusesCachePoints(error: unknown): boolean {
  if (!(error instanceof Error) || !ERROR_NAMES.includes(error.name)) return false;
  return ERROR_TEXTS.some((text) => text.test(error.message));
}

/** Which models refused points, for a while. */
export interface Refusals {
  /** Milliseconds since the epoch. */
  remember(modelId: string, now: number): void;
  has(modelId: string, now: number): boolean;
}

/** Models that are remembered; an application calls a handful. */
const MAX_MODELS = 100;

/** Starts without refusals. */
export function createRefusals(): Refusals {
  const until = new Map<string, number>();
  return {
    remember: (modelId, now) => {
      if (until.size >= MAX_MODELS) until.clear();
      until.set(modelId, now + SWITCHED_OFF_MS);
    },
    has: (modelId, now) => (until.get(modelId) ?? 0) > now,
  };
}
