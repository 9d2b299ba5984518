import { Money } from '@costkit/core';
import type { Interval, TierComparison } from '@costkit/router/evaluation';

/** Dollars for people, as on receipts. */
export const usdOrUnknown = (usd: number | null): string =>
  usd === null ? 'unknown' : Money.fromUsd(usd).toString();

/** A share in percent. */
export const percentOf = (share: number, digits: number = 0): string => `${(100 * share).toFixed(digits)} %`;

/** A saving as a change: 0.8 is shown as −80.0 %. */
export const savedText = (share: number | null): string =>
  share === null ? 'unknown' : `${share >= 0 ? '−' : '+'}${percentOf(Math.abs(share), 1)}`;

export const secondsText = (ms: number | null): string => (ms === null ? '' : `${(ms / 1_000).toFixed(2)} s`);

/** `93–98 %` */
export const intervalText = ({ low, high }: Interval): string =>
  `${(100 * low).toFixed(0)}–${percentOf(high)}`;

/** What so many cases can show at all. */
export const powerText = ({ powerForFivePoints, powerIfEqual }: TierComparison): string =>
  `With these cases a loss of five points shows in ${percentOf(powerForFivePoints)} of evaluations, and a model that is as good is accepted in ${percentOf(powerIfEqual)}.`;
