import { commandStep, type Step } from './step.js';
import { BUILD } from './steps/build.js';
import { runExamples } from './steps/examples.js';
import { checkFences, QUIET, runSnippets } from './steps/snippets.js';
import { runTests } from './steps/tests.js';

/** Every step of `pnpm test`: the longest first, because the order of this list is the order of starting. */
export const STEPS: readonly Step[] = [
  BUILD,
  commandStep({ name: 'lint', about: 'format, imports and rules, promise rules included' }, 'biome', [
    'ci',
    '--colors=off',
    '--diagnostic-level=warn',
    '--error-on-warnings',
    '--max-diagnostics=50',
  ]),
  {
    name: 'tests',
    about: 'unit, type, property, contract, integration and shape tests',
    // Tests of the command start the built one.
    after: ['build'],
    run: () => runTests(),
  },
  commandStep(
    { name: 'types', about: 'sources, tests, examples, snippets and tools compile together' },
    'tsc',
    ['-p', 'tsconfig.tests.json'],
  ),
  { name: 'snippets', about: 'every snippet runs on the built packages', needs: ['build'], run: runSnippets },
  commandStep(
    {
      name: 'demo',
      about: 'the main job saves what it promises, and the pages show its figures',
      needs: ['build'],
    },
    'tsx',
    ['tools/docs/demo-pages.ts', '--check'],
    { env: QUIET },
  ),
  { name: 'examples', about: 'every example runs on the built packages', needs: ['build'], run: runExamples },
  commandStep({ name: 'packed', about: 'publint and attw accept every tarball', needs: ['build'] }, 'tsx', [
    'tools/release/check-tarballs.ts',
  ]),
  commandStep(
    {
      name: 'api',
      about: 'what the packages export is documented, and what their reports say',
      needs: ['build'],
    },
    'tsx',
    ['tools/release/update-api-reports.ts', '--check'],
  ),
  commandStep(
    { name: 'size', about: 'the packages stay within their weights', needs: ['build'] },
    'size-limit',
    [],
  ),
  commandStep({ name: 'knip', about: 'no unused file, export or dependency' }, 'knip', [
    '--treat-config-hints-as-errors',
    '--no-progress',
  ]),
  { name: 'fences', about: 'every code block in the documentation is a snippet', run: checkFences },
  commandStep(
    { name: 'links', about: 'every relative link in the documentation leads somewhere' },
    'remark',
    ['.', '--quiet', '--frail', '--no-color', '--no-stdout'],
  ),
];
