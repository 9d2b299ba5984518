import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DemoResult, fillDemoBlock } from '../../docs/demo-block.js';
import { ROOT } from '../../workspace.js';
import { runCommand } from '../command.js';
import { resultOf, resultOfProblems, type StepResult } from '../step.js';
import { QUIET } from './snippets.js';

/** The saving that the playbook claims, which the demo has to reach. */
const PLAYBOOK_PERCENT = 81;

/** Runs the main job and holds it to what the project promises, and the README to what it printed. */
export async function checkDemo(): Promise<StepResult> {
  const run = await runCommand(process.execPath, ['packages/cli/dist/bin.js', 'demo', '--json'], {
    env: QUIET,
  });
  if (run.exitCode !== 0) return resultOf(run);
  const demo = JSON.parse(run.stdout) as DemoResult;
  const { savedPercent, quality, receiptsMatchBill } = demo;
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
  return resultOfProblems([
    ...(receiptsMatchBill ? [] : ['the receipts do not match the bill']),
    ...(savedPercent >= PLAYBOOK_PERCENT
      ? []
      : [`the demo saves ${savedPercent} %, less than ${PLAYBOOK_PERCENT} %`]),
    ...(quality.final >= quality.baseline
      ? []
      : [`right answers fell from ${quality.baseline} to ${quality.final}`]),
    ...(fillDemoBlock(readme, demo) === readme
      ? []
      : ['README.md shows other figures; run `pnpm docs:demo`']),
  ]);
}
