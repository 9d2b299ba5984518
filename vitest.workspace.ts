import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { configDefaults, defineConfig } from 'vitest/config';

const conditions = ['@costkit/source'];
// Absolute paths: relative roots break when vitest starts in a package folder.
const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const packages = readdirSync(at('packages'), { withFileTypes: true }).filter((entry) => entry.isDirectory());

// `pnpm test:long` runs these instead of the others.
const LONG = 'tests/**/*.long.test.ts';
const long = process.env['COSTKIT_LONG'] === '1';

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
  setupFiles: [at('tools/vitest/fail-on-console.ts'), at('tools/vitest/fuzz-runs.ts')],
  env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
  // Generous: the check runs on small machines, several steps at once.
  testTimeout: long || process.env['COSTKIT_FUZZ_RUNS'] !== undefined ? 900_000 : 20_000,
};

export default defineConfig({
  resolve: { conditions, alias },
  ssr: { resolve: { conditions } },
  test: {
    // Half the processor time of `forks`.
    pool: 'threads',
    projects: [
      ...packages.map(({ name }) => ({
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
