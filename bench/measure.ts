import { Bench } from 'tinybench';
import type { Comparison } from './comparison.js';

/** One row of a result: times of one case, in microseconds. */
export interface Measurement {
  readonly name: string;
  readonly p50Us: number;
  readonly p99Us: number;
  readonly samples: number;
  /** Median divided by the baseline's. */
  readonly ratio: number;
}

/** A comparison with its measurements. */
export interface ComparisonResult {
  readonly title: string;
  readonly measurements: readonly Measurement[];
  /** Limits that were broken, as sentences. */
  readonly broken: readonly string[];
}

const ROUNDS = 12;
const ROUND_MS = 200;
const WARM_UP_MS = 1_000;

/**
 * Measures every case of a comparison. The cases take turns, round by round, so that whatever else the machine
 * does falls on all of them alike.
 */
export async function measure(comparison: Comparison): Promise<ComparisonResult> {
  const { title, baseline, cases, limits = [] } = comparison;
  const samplesMs = new Map<string, number[]>(Object.keys(cases).map((name) => [name, []]));
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
        const samples = samplesMs.get(name);
        for (const sample of result.latency.samples ?? []) samples?.push(sample);
      }
    }
  } finally {
    await comparison.close?.();
  }
  const medians = new Map(
    [...samplesMs].map(([name, samples]) => {
      const sorted = Float64Array.from(samples).sort();
      const quantileUs = (share: number): number =>
        (sorted[Math.floor(share * (sorted.length - 1))] ?? 0) * 1000;
      return [name, { p50Us: quantileUs(0.5), p99Us: quantileUs(0.99), samples: sorted.length }] as const;
    }),
  );
  const baselineUs = medians.get(baseline)?.p50Us;
  if (baselineUs === undefined) throw new Error(`${title}: no case is called "${baseline}"`);
  const measurements = [...medians].map(([name, times]) => ({
    name,
    ...times,
    ratio: times.p50Us / baselineUs,
  }));
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
