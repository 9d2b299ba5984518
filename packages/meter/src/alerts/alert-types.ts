import type { MeterAlert } from '../alert.js';

/** What has changed in a scope. */
export type AnomalyKind =
  /** Five minutes cost several times what they should. */
  | 'spike'
  /** Spending has risen, and stays so. */
  | 'drift'
  /** Prompts have grown. */
  | 'prompt'
  /** Less of the prompts is read from the cache. */
  | 'cache'
  /** Calls go to dearer models, by their list prices. */
  | 'model';

/** A scope departs from its own baseline for this hour of the week. */
export interface AnomalyAlert {
  /** Tells it from other alerts. */
  readonly kind: 'anomaly';
  /** What has changed. */
  readonly anomaly: AnomalyKind;
  /** Whose calls these are, e.g. `feature=chat`. */
  readonly scope: string;
  /** When it was noticed, on the receipts' clock. */
  readonly at: Date;
  /** When it began, as far as the receipts say. */
  readonly since: Date;
  /** What was seen since then, in `unit`. */
  readonly observed: number;
  /** What the baseline expects, in `unit`. */
  readonly expected: number;
  /** What `observed` and `expected` count; of `model`, input tokens with a quarter as many output tokens. */
  readonly unit: 'usd in 5 minutes' | 'tokens per prompt' | 'share of prompt read' | 'usd per million tokens';
  /** Dollars that the scope has spent since then. */
  readonly spentUsd: number;
  /** The dearest model of the latest minutes; with `model` only. */
  readonly model?: string;
  /** One sentence with the figures. */
  readonly reason: string;
}

/** A figure has crossed a limit of yours. */
export interface ThresholdAlert {
  /** Tells it from other alerts. */
  readonly kind: 'threshold';
  /** Name of the threshold. */
  readonly threshold: string;
  /** Whose calls these are, e.g. `feature=chat`. */
  readonly scope: string;
  /** When, on the receipts' clock. */
  readonly at: Date;
  /** The figure in its window. */
  readonly observed: number;
  /** The threshold's `above` or `below`. */
  readonly limit: number;
  /** One sentence with the figures. */
  readonly reason: string;
}

/** What alerts tell: their own, and what a meter hands on. */
export type Alert = AnomalyAlert | ThresholdAlert | MeterAlert;
