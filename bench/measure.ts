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

const TIME_MS = 1_000;
const WARM_UP_MS = 300;

/** Measures every case of a comparison. */
export async function measure(comparison: Comparison): Promise<ComparisonResult> {
  const { title, baseline, cases, limits = [] } = comparison;
  const bench = new Bench({ time: TIME_MS, warmupTime: WARM_UP_MS, throws: true });
  for (const [name, run] of Object.entries(cases)) bench.add(name, run);
  try {
    await bench.run();
  } finally {
    await comparison.close?.();
  }
  const medians = new Map<string, { p50Us: number; p99Us: number; samples: number }>();
  for (const task of bench.tasks) {
    const { result } = task;
    if (result.state !== 'completed') throw new Error(`${title}: "${task.name}" ended as ${result.state}`);
    const { latency } = result;
    medians.set(task.name, {
      p50Us: latency.p50 * 1000,
      p99Us: latency.p99 * 1000,
      samples: latency.samplesCount,
    });
  }
  const baselineUs = medians.get(baseline)?.p50Us;
  if (baselineUs === undefined) throw new Error(`${title}: no case is called "${baseline}"`);
  const measurements = [...medians].map(([name, times]) => ({
    name,
    ...times,
    ratio: times.p50Us / baselineUs,
  }));
  const broken = limits.flatMap(({ case: name, atMostUs, aboveBaseline = false }) => {
    const median = medians.get(name)?.p50Us;
    if (median === undefined) throw new Error(`${title}: no case is called "${name}"`);
    const taken = aboveBaseline ? median - baselineUs : median;
    return taken <= atMostUs
      ? []
      : [
          `${title}: "${name}" takes ${taken.toFixed(2)} µs${aboveBaseline ? ' more' : ''}, at most ${atMostUs} µs are allowed`,
        ];
  });
  return { title, measurements, broken };
}
