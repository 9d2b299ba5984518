import { expect } from 'vitest';

// Property tests try the same cases in every `pnpm test`, so that a red run stays red until somebody mends it.
// `COSTKIT_FUZZ_RUNS` sets how many cases each of them tries instead, and draws new ones every time, unless
// `COSTKIT_FUZZ_SEED` says which: a change must not be refused for what an older one got wrong.
const SEED = 20_261_122;
const TIME_LIMIT_MS = 150_000;

if (expect.getState().testPath?.includes('.property.test.')) {
  const { configureGlobal } = await import('fast-check');
  const { COSTKIT_FUZZ_RUNS: runs, COSTKIT_FUZZ_SEED: seed } = process.env;
  configureGlobal(
    runs === undefined
      ? { seed: SEED }
      : {
          numRuns: Number(runs),
          interruptAfterTimeLimit: TIME_LIMIT_MS,
          ...(seed === undefined ? {} : { seed: Number(seed) }),
        },
  );
} else if (process.env['COSTKIT_SHARED_MODULES'] === '1') {
  const { resetConfigureGlobal } = await import('fast-check');
  resetConfigureGlobal();
}
