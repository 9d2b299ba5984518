/** Bets of different sizes: large ones see large losses soon, small ones see small losses at all. */
const BET_SHARES = [0.05, 0.1, 0.2, 0.4, 0.8] as const;

/** What a detector has seen, for another process to go on with. */
export interface DriftState {
  /** How many losses were seen. */
  readonly count: number;
  readonly sum: number;
  /** What each bet has come to. */
  readonly wealth: readonly number[];
}

/** Watches losses one after the other for a mean above what is allowed. */
export interface DriftDetector {
  /** How many losses were seen. */
  readonly count: number;
  readonly mean: number;
  state(): DriftState;
  /** @returns whether the losses have drifted above what is allowed. */
  add(loss: number): boolean;
}

/**
 * Looks at every loss as it comes, as often as it likes: an e-detector (J. Shin, A. Ramdas, A. Rinaldo, 2024). It bets
 * against "the mean is `maxLoss` at most"; while that is true, the mean number of losses before a false alarm is
 * `lossesPerFalseAlarm` at least. It begins anew whenever it has lost its stakes, so that good months do not hide a bad week.
 *
 * @param maxLoss - the mean that is allowed, of losses from −1 to 1.
 * @param seen - where another detector has stopped.
 */
export function createDriftDetector(
  maxLoss: number,
  lossesPerFalseAlarm: number,
  seen: DriftState = { count: 0, sum: 0, wealth: [] },
): DriftDetector {
  // A bet may lose all of its stake and no more.
  const largest = 1 / (1 + maxLoss);
  const wealth = BET_SHARES.map((_, at) => seen.wealth[at] ?? 1);
  let { count, sum } = seen;
  return {
    get count() {
      return count;
    },
    get mean() {
      return count === 0 ? 0 : sum / count;
    },
    state: () => ({ count, sum, wealth: [...wealth] }),
    add: (loss) => {
      const bounded = Math.max(-1, Math.min(1, loss));
      count += 1;
      sum += bounded;
      let total = 0;
      BET_SHARES.forEach((share, at) => {
        wealth[at] = Math.max(1, wealth[at] as number) * (1 + share * largest * (bounded - maxLoss));
        total += wealth[at] as number;
      });
      return total / BET_SHARES.length >= lossesPerFalseAlarm;
    },
  };
}
