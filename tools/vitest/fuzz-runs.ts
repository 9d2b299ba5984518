import { expect } from 'vitest';

// Property tests try the same cases in every `pnpm test`, so that a red run stays red until somebody mends it.
// `COSTKIT_FUZZ_RUNS` sets how many cases each of them tries instead, and draws new ones every time.
const SEED = 20_261_122;
const TIME_LIMIT_MS = 300_000;

if (expect.getState().testPath?.includes('.property.test.')) {
  const { configureGlobal } = await import('fast-check');
  const runs = process.env['COSTKIT_FUZZ_RUNS'];
  configureGlobal(
    runs === undefined ? { seed: SEED } : { numRuns: Number(runs), interruptAfterTimeLimit: TIME_LIMIT_MS },
  );
}
