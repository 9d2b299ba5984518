// `COSTKIT_FUZZ_RUNS` sets how many cases every property test tries; a test that sets its own number keeps it.
const runs = process.env['COSTKIT_FUZZ_RUNS'];
if (runs !== undefined) {
  const { configureGlobal } = await import('fast-check');
  configureGlobal({ numRuns: Number(runs), interruptAfterTimeLimit: 600_000 });
}
