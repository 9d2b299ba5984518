import type { Clock } from '@costkit/core';
import type { StoreAlert } from './alert.js';
import { messageOf } from './errors.js';

/** Tells when the store of the budgets fails, and when it answers again. */
export interface StoreHealth {
  failed(error: unknown): void;
  answered(): void;
}

/** A store that comes and goes is told of this often at most. */
const TOLD_EVERY_MS = 60_000;

/** @param onRecovered - called when the store answers after it has failed. */
export function createStoreHealth(
  clock: Clock,
  onAlert: (alert: StoreAlert) => void,
  onRecovered: () => void,
): StoreHealth {
  let failing = false;
  let told = false;
  let toldAtMs = Number.NEGATIVE_INFINITY;
  return {
    failed: (error) => {
      failing = true;
      if (told || clock.monotonicMs() - toldAtMs < TOLD_EVERY_MS) return;
      told = true;
      toldAtMs = clock.monotonicMs();
      onAlert({ kind: 'store', scope: 'all', reachable: false, reason: messageOf(error) });
    },
    answered: () => {
      if (!failing) return;
      failing = false;
      onRecovered();
      if (!told) return;
      told = false;
      onAlert({ kind: 'store', scope: 'all', reachable: true, reason: 'It answers again.' });
    },
  };
}
