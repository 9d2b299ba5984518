import type { Calibration } from '@costkit/core';

/**
 * Decides which bound on its input a call reserves: what the model's own responses have taught, or the wide one that
 * holds before. A call that turns out dearer than its reservation sends its model back to the wide one for a while.
 */
export interface ReservationTrust {
  /** Whether the calibration is to be followed for the next call of a model. */
  follows(model: string, calibration: Calibration | undefined): boolean;
  /** A call of the model has cost more than was reserved for it. */
  exceeded(model: string): void;
}

/** Responses of a model after which its estimates are followed. */
const ENOUGH_RESPONSES = 20;
/** Calls that reserve the wide bound after one that exceeded its own. */
const WIDE_CALLS = 100;
/** Models that are remembered; then remembering starts anew. */
const MAX_MODELS = 1_000;

export function createReservationTrust(): ReservationTrust {
  const wideCalls = new Map<string, number>();
  return {
    follows: (model, calibration) => {
      const left = wideCalls.get(model);
      if (left !== undefined) {
        if (left > 1) wideCalls.set(model, left - 1);
        else wideCalls.delete(model);
        return false;
      }
      return calibration !== undefined && calibration.observations(model) >= ENOUGH_RESPONSES;
    },
    exceeded: (model) => {
      if (wideCalls.size >= MAX_MODELS) wideCalls.clear();
      wideCalls.set(model, WIDE_CALLS);
    },
  };
}
