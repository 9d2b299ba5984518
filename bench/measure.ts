import { Bench } from 'tinybench';
import type { Comparison } from './comparison.js';

/** One row of a result: times of one case, in microseconds. */
export interface Measurement {
  readonly name: string;
  readonly p50Us: number;
  readonly p99Us: number;
  readonly samples: number;
  /** Median divided by the baseline's in the same round, of all rounds the middle one: the machine is faster in some of them. */
  readonly ratio: number;
}

/** A comparison with its measurements. */
export interface ComparisonResult {
  readonly title: string;
  readonly measurements: readonly Measurement[];
  /** Limits that were broken, as sentences. */
  readonly broken: readonly string[];
}

const ROUNDS = 20;
const ROUND_MS = 200;
const WARM_UP_MS = 5_000;

/**
 * Measures every case of a comparison. The cases take turns, round by round, so that whatever else the machine
 * does falls on all of them alike.
 */
export async function measure(comparison: Comparison): Promise<ComparisonResult> {
  const { title, baseline, cases, limits = [] } = comparison;
  /** Of each case, the samples of each round. */
  const rounds = new Map<string, Float64Array[]>(Object.keys(cases).map((name) => [name, []]));
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      const bench = new Bench({
        time: ROUND_MS,
        // A case that takes long is measured a few times in each round, not 64 times.
        iterations: 2,
        warmupIterations: 2,
        warmup: round === 0,
        warmupTime: WARM_UP_MS,
        retainSamples: true,
        throws: true,
      });
      for (const [name, run] of Object.entries(cases)) bench.add(name, run);
      await bench.run();
      for (const { name, result } of bench.tasks) {
        if (result.state !== 'completed') throw new Error(`${title}: "${name}" ended as ${result.state}`);
        rounds.get(name)?.push(Float64Array.from(result.latency.samples ?? []));
      }
    }
  } finally {
    await comparison.close?.();
  }
  const baselineRounds = rounds.get(baseline);
  if (baselineRounds === undefined) throw new Error(`${title}: no case is called "${baseline}"`);
  const measurements = [...rounds].map(([name, ofRounds]): Measurement => {
    const all = ofRounds.flatMap((samples) => [...samples]);
    const ratios = ofRounds.map(
      (samples, round) => quantile(samples, 0.5) / quantile(baselineRounds[round] ?? [], 0.5),
    );
    return {
      name,
      p50Us: quantile(all, 0.5) * 1_000,
      p99Us: quantile(all, 0.99) * 1_000,
      samples: all.length,
      ratio: quantile(ratios, 0.5),
    };
  });
  const broken = limits.flatMap((limit) => {
    const measured = measurements.find(({ name }) => name === limit.case);
    if (measured === undefined) throw new Error(`${title}: no case is called "${limit.case}"`);
    const { p50Us, ratio } = measured;
    const takes = `${title}: "${limit.case}" takes`;
    if ('atMostUs' in limit) {
      return p50Us <= limit.atMostUs
        ? []
        : [`${takes} ${p50Us.toFixed(2)} µs, at most ${limit.atMostUs} µs are allowed`];
    }
    return ratio <= limit.atMostRatio
      ? []
      : [`${takes} × ${ratio.toFixed(3)}, at most × ${limit.atMostRatio} is allowed`];
  });
  return { title, measurements, broken };
}

function quantile(samples: Iterable<number>, share: number): number {
  const sorted = Float64Array.from(samples).sort();
  return sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN;
}
