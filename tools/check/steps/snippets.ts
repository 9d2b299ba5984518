import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { findFences } from '../../docs/fences.js';
import { markdownPages, SNIPPETS, snippetData, snippetFiles } from '../../docs/pages.js';
import { requireServer } from '../../vitest/servers.js';
import { ROOT } from '../../workspace.js';
import { withBudgetServers } from '../budget-servers.js';
import { runCommand } from '../command.js';
import { forEachLimited } from '../for-each-limited.js';
import { withLocalBedrock } from '../local-bedrock.js';
import { resultOfProblems, type StepResult } from '../step.js';
import { scriptOf, transpile } from '../transpile.js';

const SNIPPET_TIMEOUT_MS = 60_000;
/** Snippets that one process runs. */
const MOST_TOGETHER = 30;
const SERVER = 'serve-local-bedrock.ts';
const IN_TURN = 'for (const file of process.argv.slice(1)) await import(file);';

/** Makes sure that every TypeScript block in the documentation is a snippet, word for word. */
export async function checkFences(): Promise<StepResult> {
  const shown = new Set<string>();
  const problems = markdownPages().flatMap((page) =>
    findFences(readFileSync(join(ROOT, page), 'utf8')).flatMap(({ line, snippet, code }) => {
      const where = `${page}:${line}`;
      if (snippet === undefined)
        return [`${where}: no \`<!-- snippet: <package>/<name>.ts -->\` above this block`];
      shown.add(snippet);
      const path = join(SNIPPETS, snippet);
      if (!existsSync(path)) return [`${where}: examples/snippets/${snippet} does not exist`];
      const same = readFileSync(path, 'utf8') === code;
      return same ? [] : [`${where}: differs from examples/snippets/${snippet}; run \`pnpm docs:sync\``];
    }),
  );
  const unused = snippetFiles().filter((snippet) => !shown.has(snippet));
  return resultOfProblems([
    ...problems,
    ...unused.map((snippet) => `examples/snippets/${snippet}: no page shows it`),
  ]);
}

/**
 * Runs every snippet to its end, on the built packages; each counts as one check. A local Bedrock serves at the
 * endpoint that the environment names, so that a snippet can make its client as an application does.
 */
export async function runSnippets(): Promise<StepResult> {
  Object.assign(process.env, QUIET);
  const all = snippetFiles();
  const redis = requireServer('redis', 'the snippets that share budgets through Redis');
  const snippets = redis === undefined ? all.filter((snippet) => !needsRedis(snippet)) : all;
  const folder = transpile(SNIPPETS, [...snippets, SERVER, ...snippetData()]);
  const failures: string[] = [];
  await withLocalBedrock(join(folder, scriptOf(SERVER)), (bedrock) =>
    withBudgetServers(redis, (servers) =>
      forEachLimited(inGroups(snippets), availableParallelism(), async (group) => {
        const env = { ...QUIET, ...bedrock, ...servers };
        const options = { cwd: folder, timeoutMs: SNIPPET_TIMEOUT_MS, env };
        // One process for many: a start costs more than most of them. Where one fails, each runs alone.
        const files = group.map((snippet) => pathToFileURL(join(folder, scriptOf(snippet))).href);
        const inTurn = ['--input-type=module', '--eval', IN_TURN, ...files];
        if ((await runCommand(process.execPath, inTurn, options)).exitCode === 0) return;
        for (const snippet of group) {
          const { exitCode, output } = await runCommand(process.execPath, [scriptOf(snippet)], options);
          if (exitCode !== 0) failures.push(`examples/snippets/${snippet}:\n${output.trim()}`);
        }
      }),
    ),
  );
  return {
    passed: snippets.length - failures.length,
    failed: failures.length,
    skipped: all.length - snippets.length,
    output: failures.join('\n\n'),
  };
}

/** Some beside each other in the list share a process; those of a package stand together, and load the same modules. */
function inGroups(snippets: readonly string[]): readonly (readonly string[])[] {
  const count = Math.ceil(snippets.length / MOST_TOGETHER);
  const size = Math.ceil(snippets.length / count);
  return Array.from({ length: count }, (_, index) => snippets.slice(index * size, (index + 1) * size));
}

function needsRedis(snippet: string): boolean {
  return readFileSync(join(SNIPPETS, snippet), 'utf8').includes("from 'redis'");
}

/** The SDK announces the end of its support for Node 20 on every start. */
export const QUIET: Readonly<Record<string, string>> = {
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
};
