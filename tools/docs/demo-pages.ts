import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { listModels, PRICES_AS_OF } from '@costkit/pricing';
import { ROOT } from '../workspace.js';
import { brokenPromises, type DemoResult, fillDemoBlock } from './demo-block.js';
import { renderPlaybook } from './playbook.js';

// `pnpm docs:demo`: runs the demo, holds it to what the project promises, and writes its figures into the pages
// that show them. With `--check` it only says which pages show others.
const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
const output = execFileSync(process.execPath, ['packages/cli/bin.js', 'demo', '--json'], {
  cwd: ROOT,
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'inherit'],
});
const demo = JSON.parse(output) as DemoResult;
const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
const pages = {
  'README.md': fillDemoBlock(readme, demo),
  'docs/playbook.md': renderPlaybook({ demo, models: listModels(), pricesAsOf: PRICES_AS_OF }),
};
const problems = brokenPromises(demo);
for (const [page, text] of Object.entries(pages)) {
  const path = join(ROOT, page);
  if (existsSync(path) && readFileSync(path, 'utf8') === text) continue;
  if (values.check) problems.push(`${page} shows other figures; run \`pnpm docs:demo\``);
  else writeFileSync(path, text);
}
for (const problem of problems) process.stdout.write(`${problem}\n`);
process.exitCode = problems.length > 0 ? 1 : 0;
