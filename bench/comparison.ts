/** Ways of doing one thing, measured in one process, one after another. */
export interface Comparison {
  readonly title: string;
  /** The case that the others are compared with. */
  readonly baseline: string;
  /** What is measured, by name; a promise is awaited. */
  readonly cases: Readonly<Record<string, () => unknown>>;
  /** What must hold; a benchmark that breaks it ends with exit code 1. */
  readonly limits?: readonly Limit[];
  /** Stops what the cases need, after the last one. */
  close?(): Promise<void> | void;
}

/** The most that a case may take at the median: a time where the work is costkit's alone, else a share of the baseline. */
export type Limit = { readonly case: string } & (
  | { readonly atMostUs: number }
  /** Times the baseline's median in the same run. */
  | { readonly atMostRatio: number }
);

/** What `bench/<name>.bench.ts` exports. */
export interface Benchmark {
  readonly comparisons: () => Promise<readonly Comparison[]> | readonly Comparison[];
}
