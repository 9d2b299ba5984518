/**
 * Whether everything was built before the tests: in the check and in `test:long`. Processes that tests start then run what is
 * published, compiled, which starts four times as fast.
 */
export const IS_BUILT: boolean =
  process.env['COSTKIT_SHARED_MODULES'] === '1' || process.env['COSTKIT_LONG'] === '1';
