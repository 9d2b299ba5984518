import type { Call } from '@costkit/core';
import { boundedMap } from './bounded-map.js';

/** How long a model that refused is left alone. */
export const REFUSAL_HOLD_MS = 300_000;
const MAX_REFUSALS = 1_000;

/** Errors that say something about the model for every request. */
const ABOUT_THE_MODEL: ReadonlySet<string> = new Set(['AccessDeniedException', 'ResourceNotFoundException']);

/** Name of an error, which is what the SDK's error types are told apart by. */
export function errorName(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}

/**
 * Whether another model may answer where this error was thrown: Bedrock refused or failed, as the SDK's service
 * errors say (`$fault`). A lost connection, a time limit of the caller or one of our own errors is everyone's.
 */
export function isRecoverable(error: unknown, call: Call): boolean {
  return call.signal?.aborted !== true && typeof error === 'object' && error !== null && '$fault' in error;
}

/** Remembers which model refused what, so that it is not asked again at once. */
export interface Refusals {
  /** Name of the error with which the model lately refused this kind of call. */
  recent(modelId: string, call: Call): string | undefined;
  /** Books a refusal that the caller's own model did not share. */
  note(modelId: string, error: unknown, call: Call): void;
}

interface Refusal {
  readonly error: string;
  readonly until: number;
}

/** Makes an empty memory of refusals. */
export function createRefusals(): Refusals {
  const refusals = boundedMap<string, Refusal>(MAX_REFUSALS);
  const taskKey = (modelId: string, call: Call): string => `${modelId} ${call.tags['task'] ?? ''}`;
  return {
    recent: (modelId, call) => {
      const refusal = refusals.get(modelId) ?? refusals.get(taskKey(modelId, call));
      return refusal !== undefined && refusal.until > call.clock.now() ? refusal.error : undefined;
    },
    note: (modelId, error, call) => {
      const name = errorName(error);
      if (!ABOUT_THE_MODEL.has(name) && name !== 'ValidationException') return;
      const key = ABOUT_THE_MODEL.has(name) ? modelId : taskKey(modelId, call);
      refusals.set(key, { error: name, until: call.clock.now() + REFUSAL_HOLD_MS });
    },
  };
}
