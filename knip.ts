import { existsSync, readdirSync } from 'node:fs';
import type { KnipConfig } from 'knip';

const folders = (parent: string): string[] =>
  readdirSync(parent, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(`${parent}/${entry.name}/package.json`))
    .map(({ name }) => `${parent}/${name}`);

// A pattern that matches nothing is an error here, so that the configuration cannot rot: only what exists is named.
const packageWorkspaces = folders('packages').map((path) => {
  const scripts = existsSync(`${path}/scripts`);
  const tests = existsSync(`${path}/tests`) && readdirSync(`${path}/tests`).length > 0;
  return [
    path,
    {
      ...(scripts ? { entry: ['scripts/*.ts'] } : {}),
      // Of packages whose modules become part of costkit when it is published.
      ...(path === 'packages/costkit' ? { ignoreDependencies: ['@toon-format/toon', 'p-retry'] } : {}),
      project: ['src/**/*.ts', ...(tests ? ['tests/**/*.ts'] : []), ...(scripts ? ['scripts/**/*.ts'] : [])],
    },
  ] as const;
});

const exampleWorkspaces = folders('examples').map((path) => [path, { entry: ['**/*.ts'] }] as const);

const config: KnipConfig = {
  workspaces: {
    '.': {
      project: ['tools/**/*.ts', '!tools/type-compat/**', '*.{js,ts}'],
      // Started by name, as commands, by the steps of the check.
      entry: ['tools/release/check-tarballs.ts'],
      ignoreDependencies: ['remark-cli'],
    },
    bench: { entry: ['*.ts'] },
    ...Object.fromEntries(packageWorkspaces),
    ...Object.fromEntries(exampleWorkspaces),
  },
};

export default config;
