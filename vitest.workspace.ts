import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const conditions = ['@costkit/source'];
// Absolute paths: relative roots break when vitest starts in a package folder.
const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const packages = readdirSync(at('packages'), { withFileTypes: true }).filter((entry) => entry.isDirectory());

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    projects: packages.map(({ name }) => ({
      extends: true as const,
      test: {
        name,
        root: at(`packages/${name}`),
        include: ['src/**/*.test.ts', 'tests/**/*.test.ts'],
        setupFiles: [at('tools/vitest/fail-on-console.ts')],
        env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
        typecheck: { enabled: true, tsconfig: at('tsconfig.tests.json'), include: ['src/**/*.test-d.ts'] },
      },
    })),
  },
});
