import { afterAll, expect, vi } from 'vitest';

// In `pnpm test` the test files share a process: what one of them sets, the next one would find.
const environment = { ...process.env };

afterAll(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  expect({ ...process.env }, 'environment variables after the last test').toEqual(environment);
});
