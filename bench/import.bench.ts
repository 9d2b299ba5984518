import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Comparison } from './comparison.js';

/** Starts Node, imports the built packages as an application does, and ends. */
function startWith(...packages: readonly string[]): void {
  const script = packages.map((name) => `import '${name}';`).join('');
  execFileSync(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    stdio: 'ignore',
    env: { ...process.env, NODE_OPTIONS: '' },
  });
}

/** What importing costkit adds to the start of an application that imports the SDK anyway. Needs a build. */
export function comparisons(): readonly Comparison[] {
  const sdk = '@aws-sdk/client-bedrock-runtime';
  return [
    {
      title: 'start Node and import',
      baseline: 'the SDK',
      cases: {
        'the SDK': () => startWith(sdk),
        'the SDK and costkit': () => startWith(sdk, 'costkit'),
      },
      limits: [{ case: 'the SDK and costkit', atMostUs: 10_000, aboveBaseline: true }],
    },
  ];
}
