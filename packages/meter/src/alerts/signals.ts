import { promptTokens, type Receipt } from '@costkit/core';
import type { AnomalyAlert, AnomalyKind } from './alert-types.js';
import type { ModelRate } from './model-rate.js';

/** A figure that every call has: its mean over a slot is watched. */
export interface CallSignal {
  readonly anomaly: Exclude<AnomalyKind, 'spike' | 'drift'>;
  readonly unit: AnomalyAlert['unit'];
  /** The figure, transformed so that a rise is bad and its spread does not depend on its level. */
  read(receipt: Receipt): number | undefined;
  /** The smallest rise worth an alert, in the transformation. */
  readonly leastRise: number;
  /** The figure as people know it. */
  show(value: number): number;
}

const logOf = (value: number | undefined): number | undefined =>
  value === undefined || value <= 0 ? undefined : Math.log(value);

/** Prompts a third larger, a tenth less of them read from the cache, models a fifth dearer. */
export const callSignals = (rateOf: ModelRate): readonly CallSignal[] => [
  {
    anomaly: 'prompt',
    unit: 'tokens per prompt',
    read: ({ usage }) => logOf(promptTokens(usage)),
    leastRise: Math.log(4 / 3),
    show: Math.exp,
  },
  {
    anomaly: 'cache',
    unit: 'share of prompt read',
    read: ({ usage }) => {
      const tokens = promptTokens(usage);
      return tokens > 0 ? -usage.cacheRead / tokens : undefined;
    },
    leastRise: 0.1,
    show: (value) => -value,
  },
  {
    anomaly: 'model',
    unit: 'usd per million tokens',
    read: (receipt) => logOf(rateOf(receipt)),
    leastRise: Math.log(1.2),
    show: Math.exp,
  },
];
