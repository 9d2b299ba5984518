import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { configDefaults, defineConfig } from 'vitest/config';
import { filesThatReplaceModules } from './tools/vitest/module-mocks.ts';

const conditions = ['@costkit/source'];
// Absolute paths: relative roots break when vitest starts in a package folder.
const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const packages = readdirSync(at('packages'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

// `pnpm test:long` runs these instead of the others.
const LONG = 'tests/**/*.long.test.ts';
const long = process.env['COSTKIT_LONG'] === '1';
const sharedModules = !long && process.env['COSTKIT_SHARED_MODULES'] === '1';

// The SDK version matrix replaces the clients by the ones installed in this folder.
const sdk = process.env['COSTKIT_SDK_FOLDER'];
const alias =
  sdk === undefined
    ? []
    : [
        {
          find: /^(@aws-sdk\/(?:client-bedrock|client-bedrock-runtime|client-s3|lib-storage))$/,
          replacement: `${sdk}/node_modules/$1`,
        },
      ];

const common = {
  setupFiles: ['fail-on-console', 'fuzz-runs', 'leave-no-trace'].map((name) => at(`tools/vitest/${name}.ts`)),
  env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
  // Generous: the check runs on small machines, several steps at once.
  testTimeout: long || process.env['COSTKIT_FUZZ_RUNS'] !== undefined ? 900_000 : 20_000,
};

/** While working: a project for each package, and each test file loads its modules for itself. */
function projectPerPackage() {
  return [
    ...packages.map((name) => ({
      extends: true as const,
      test: {
        ...common,
        name,
        root: at(`packages/${name}`),
        include: long ? [LONG] : ['src/**/*.test.ts', 'tests/**/*.test.ts'],
        exclude: long ? configDefaults.exclude : [...configDefaults.exclude, LONG],
      },
    })),
    {
      extends: true as const,
      test: { ...common, name: 'tools', root: at('tools'), include: long ? [] : ['**/*.test.ts'] },
    },
  ];
}

/** In the check: modules are loaded once for all test files, which takes half the processor time. */
function projectsWithSharedModules() {
  const alone = ['packages', 'tools'].flatMap((folder) => filesThatReplaceModules(at(folder)));
  return [
    {
      extends: true as const,
      test: {
        ...common,
        name: 'shared-modules',
        isolate: false,
        root: at('.'),
        include: ['packages/*/{src,tests}/**/*.test.ts', 'tools/**/*.test.ts'],
        exclude: [...configDefaults.exclude, `packages/*/${LONG}`, ...alone],
      },
    },
    {
      extends: true as const,
      test: { ...common, name: 'own-modules', root: at('.'), include: alone },
    },
  ];
}

export default defineConfig({
  resolve: { conditions, alias },
  ssr: { resolve: { conditions } },
  test: {
    // Both cores of a small machine: the default leaves one to the main thread, which has little to do.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // Half the processor time of `forks`.
    pool: 'threads',
    projects: [
      ...(sharedModules ? projectsWithSharedModules() : projectPerPackage()),
      {
        // One project for the type tests of all packages: each project costs one run of the compiler.
        extends: true as const,
        test: {
          name: 'type-tests',
          root: at('.'),
          include: [],
          typecheck: {
            enabled: !long,
            only: true,
            tsconfig: at('tsconfig.type-tests.json'),
            include: ['packages/*/src/**/*.test-d.ts'],
          },
        },
      },
    ],
  },
});
