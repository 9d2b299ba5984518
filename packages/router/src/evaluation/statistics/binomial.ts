const LOG_FACTORIALS: number[] = [0];

/** `ln(n!)`, summed once and kept. */
function logFactorial(n: number): number {
  for (let next = LOG_FACTORIALS.length; next <= n; next += 1) {
    LOG_FACTORIALS.push((LOG_FACTORIALS[next - 1] as number) + Math.log(next));
  }
  return LOG_FACTORIALS[n] as number;
}

/** The probability of exactly `hits` in `trials`, for one share of hits. */
export function binomialOf(share: number): (hits: number, trials: number) => number {
  const [logHit, logMiss] = [Math.log(share), Math.log1p(-share)];
  return (hits, trials) => {
    if (hits < 0 || hits > trials) return 0;
    const misses = trials - hits;
    // Nothing of nothing is 0: the logarithm of 0 is not finite.
    return Math.exp(
      logFactorial(trials) -
        logFactorial(hits) -
        logFactorial(misses) +
        (hits === 0 ? 0 : hits * logHit) +
        (misses === 0 ? 0 : misses * logMiss),
    );
  };
}
