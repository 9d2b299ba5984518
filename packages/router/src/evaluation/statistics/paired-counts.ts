/** Right and wrong answers of two models to the same cases, counted. */
export interface PairedCounts {
  readonly cases: number;
  /** Cases that only the baseline answers right. */
  readonly losses: number;
  /** Cases that only the other model answers right. */
  readonly gains: number;
}

/** The same, seen from the other model. */
export const exchanged = ({ cases, losses, gains }: PairedCounts): PairedCounts => ({
  cases,
  losses: gains,
  gains: losses,
});
