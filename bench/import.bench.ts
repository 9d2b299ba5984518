import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { FnReturnedObject } from 'tinybench';
import type { Comparison } from './comparison.js';

const SDK = '@aws-sdk/client-bedrock-runtime';

/** Runs a module in a process of its own, beside the built packages as an application has them. */
function run(script: string): string {
  return execFileSync(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, NODE_OPTIONS: '', AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
  });
}

/** What one import takes, by the clock of the process that makes it: starting that is not measured. */
function timeImport(name: string, before = ''): FnReturnedObject {
  const startedMs = performance.now();
  const durationMs = run(
    `${before} const start = performance.now(); await import('${name}'); console.log(performance.now() - start);`,
  );
  return {
    overriddenDuration: Number(durationMs),
    overriddenIterationCost: performance.now() - startedMs,
  };
}

/**
 * The most that costkit may add to the import of the SDK: 10 ms where the SDK itself takes 42, which is where that bar
 * was set. Machines differ by more than a factor of four.
 */
const SHARE_OF_SDK = 10 / 42;

/** What importing costkit adds to the start of an application that imports the SDK anyway. */
export function comparisons(): readonly Comparison[] {
  return [
    {
      title: 'import',
      baseline: 'the SDK',
      cases: {
        'the SDK': () => timeImport(SDK),
        'costkit, beside the SDK': () => timeImport('costkit', `await import('${SDK}');`),
      },
      limits: [{ case: 'costkit, beside the SDK', atMostRatio: SHARE_OF_SDK }],
    },
    {
      title: 'start Node, import and end',
      baseline: 'the SDK',
      cases: {
        'the SDK': () => run(`import '${SDK}';`),
        'the SDK and costkit': () => run(`import '${SDK}'; import 'costkit';`),
      },
      // Starting Node takes about as long as importing the SDK, and is part of both.
      limits: [{ case: 'the SDK and costkit', atMostRatio: 1 + SHARE_OF_SDK / 2 }],
    },
  ];
}
