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
  /** Tokens have become dearer: another model, tier or scope serves the calls. */
  | 'model';

/** A scope departs from its own baseline for this hour of the week. */
export interface AnomalyAlert {
  readonly kind: 'anomaly';
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
  readonly kind: 'threshold';
  /** Name of the threshold. */
  readonly threshold: string;
  readonly scope: string;
  /** When, on the receipts' clock. */
  readonly at: Date;
  readonly observed: number;
  readonly limit: number;
  /** One sentence with the figures. */
  readonly reason: string;
}

/** What alerts tell: their own, and what a meter hands on. */
export type Alert = AnomalyAlert | ThresholdAlert | MeterAlert;
