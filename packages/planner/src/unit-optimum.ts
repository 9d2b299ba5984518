/** Load of one bucket in units, and what it costs on demand. */
export interface UnitLoad {
  /** Units that would serve all of it, e.g. 1.7. */
  readonly units: number;
  /** Its on-demand cost, in any currency unit. */
  readonly onDemand: number;
}

/** Share of a load that some units serve; the rest is served on demand. */
export function servedShare(load: number, units: number): number {
  return load <= units ? 1 : units / load;
}

/** What is paid on demand beside some units. */
export function overflowCost(loads: readonly UnitLoad[], units: number): number {
  let cost = 0;
  for (const load of loads) cost += load.onDemand * (1 - servedShare(load.units, units));
  return cost;
}

/**
 * The number of units that makes capacity and overflow together cheapest. Each further unit saves less than the one
 * before (what is left above the capacity only shrinks), so the last unit that saves more than it costs is found by
 * bisection.
 *
 * @param unitCost - of one unit over all buckets
 */
export function bestUnits(loads: readonly UnitLoad[], unitCost: number): number {
  let peak = 0;
  for (const { units } of loads) peak = Math.max(peak, units);
  const pays = (unit: number): boolean =>
    overflowCost(loads, unit - 1) - overflowCost(loads, unit) > unitCost;
  let [low, high] = [0, Math.ceil(peak)];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (pays(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** How requests fare that wait for capacity instead of going elsewhere. */
export interface Queue {
  /** Hours that the last request of the worst moment waits; `undefined` when the queue never empties. */
  readonly longestWaitHours: number | undefined;
  /** Share of the time in which something waits. */
  readonly waitingShare: number;
}

/**
 * The queue before a fixed number of units, as a fluid: what exceeds the capacity of a bucket is served in later ones.
 * The cycle is run twice, so that what waits at its end is seen at its start.
 */
export function queueBefore(loads: readonly number[], units: number, bucketHours: number): Queue {
  if (units === 0) return { longestWaitHours: undefined, waitingShare: 1 };
  let mean = 0;
  for (const load of loads) mean += load / loads.length;
  if (mean > units) return { longestWaitHours: undefined, waitingShare: 1 };
  let [backlog, longest, waiting] = [0, 0, 0];
  for (let round = 0; round < 2; round += 1) {
    [longest, waiting] = [0, 0];
    for (const load of loads) {
      backlog = Math.max(0, backlog + (load - units) * bucketHours);
      longest = Math.max(longest, backlog);
      if (backlog > 0) waiting += 1;
    }
  }
  return { longestWaitHours: longest / units, waitingShare: waiting / loads.length };
}

/**
 * Share of the load that exceeds the capacity of its minute, when requests arrive at random within an hour: the load
 * of a minute is taken as normal around its mean, with the variance of a Poisson number of requests of exponential
 * size. Lumpier requests are throttled more, smoother ones less.
 *
 * @param load - mean load in units
 * @param requestsPerMinute - how many requests make it up
 */
export function throttledShare(load: number, units: number, requestsPerMinute: number): number {
  if (load === 0) return 0;
  if (requestsPerMinute === 0) return 1 - servedShare(load, units);
  const deviation = load * Math.sqrt(2 / requestsPerMinute);
  const distance = (units - load) / deviation;
  const density = Math.exp(-(distance ** 2) / 2) / Math.sqrt(2 * Math.PI);
  const excess = deviation * (density - distance * normalTail(distance));
  return Math.min(1, Math.max(0, excess / load));
}

/** Chance that a standard normal lies above; Abramowitz and Stegun 26.2.17, wrong by less than 7.5e-8. */
function normalTail(value: number): number {
  if (value < 0) return 1 - normalTail(-value);
  const t = 1 / (1 + 0.231_641_9 * value);
  const density = Math.exp(-(value ** 2) / 2) / Math.sqrt(2 * Math.PI);
  const polynomial =
    0.319_381_53 + t * (-0.356_563_782 + t * (1.781_477_937 + t * (-1.821_255_978 + t * 1.330_274_429)));
  return density * t * polynomial;
}
