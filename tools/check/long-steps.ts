import { join } from 'node:path';
import { ROOT } from '../workspace.js';
import { installOutside, SDK_FOLDERS, sdkFolder } from './outside.js';
import { commandStep, type Step, type StepResult } from './step.js';
import { BUILD } from './steps/build.js';
import { runTests, type TestRunOptions } from './steps/tests.js';
import { checkTypeCompatibility, TYPESCRIPT_VERSIONS } from './steps/type-compat.js';

const FUZZ_RUNS = '5000';
const LONG_TIMEOUT_MS = 1_800_000;

/** Every step of `pnpm test:long`, what is most likely to find something first. */
export const LONG_STEPS: readonly Step[] = [
  BUILD,
  {
    name: 'long-tests',
    about: 'kill loops, soak and everything else in *.long.test.ts',
    after: ['build'],
    run: () =>
      runTests({ env: { COSTKIT_LONG: '1' }, args: ['--passWithNoTests'], timeoutMs: LONG_TIMEOUT_MS }),
  },
  commandStep(
    { name: 'api-docs', about: 'the pages of the API, in docs/api, have no dead link and no gap' },
    'typedoc',
    ['--logLevel', 'Warn'],
  ),
  ...SDK_FOLDERS.map(
    (name): Step => ({
      name: `sdk-${name}`,
      about: `all tests on the ${name === 'floor' ? 'oldest supported SDK' : 'SDK halfway to the newest'}`,
      after: ['build'],
      run: () => testsWith(`tools/sdk-matrix/${name}`, { env: { COSTKIT_SDK_FOLDER: sdkFolder(name) } }),
    }),
  ),
  {
    name: 'type-compat',
    about: `a consumer compiles under TypeScript ${TYPESCRIPT_VERSIONS.join(', ')} and with each SDK`,
    needs: ['build'],
    run: checkTypeCompatibility,
  },
  {
    name: 'second-node',
    about: 'all tests on another major version of Node',
    after: ['build'],
    run: () => testsWith('tools/second-node', { command: [secondNode(), 'node_modules/vitest/vitest.mjs'] }),
  },
  {
    name: 'fuzz',
    about: `the property tests with ${FUZZ_RUNS} cases each`,
    run: () =>
      runTests({
        env: { COSTKIT_FUZZ_RUNS: FUZZ_RUNS },
        args: ['.property.test.ts'],
        timeoutMs: LONG_TIMEOUT_MS,
      }),
  },
];

async function testsWith(folder: string, options: TestRunOptions): Promise<StepResult> {
  const installed = await installOutside(folder);
  return installed.failed > 0 ? installed : runTests({ ...options, timeoutMs: LONG_TIMEOUT_MS });
}

function secondNode(): string {
  const major = process.versions.node.startsWith('24.') ? '22' : '24';
  return join(ROOT, 'tools/second-node/node_modules', `node-${major}`, 'bin/node');
}
