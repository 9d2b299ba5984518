import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../workspace.js';
import { type DemoResult, fillDemoBlock } from './demo-block.js';

// `pnpm docs:demo`: runs the demo and writes its figures into the README.
const output = execFileSync(process.execPath, ['packages/cli/dist/bin.js', 'demo', '--json'], {
  cwd: ROOT,
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'inherit'],
});
const readme = join(ROOT, 'README.md');
writeFileSync(readme, fillDemoBlock(readFileSync(readme, 'utf8'), JSON.parse(output) as DemoResult));
