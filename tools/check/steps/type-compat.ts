import { join } from 'node:path';
import { ROOT } from '../../workspace.js';
import { type CommandResult, runCommand } from '../command.js';
import { installOutside, SDK_FOLDERS } from '../outside.js';
import { resultOf, type StepResult } from '../step.js';

/** The versions of TypeScript for which the published declarations must compile. */
export const TYPESCRIPT_VERSIONS: readonly string[] = ['5.4', '5.9', '6.0', '7.0'];

const CONSUMER = join(ROOT, 'tools/type-compat');

/** Compiles the consumer with every version of TypeScript, and with the newest against every SDK. */
export async function checkTypeCompatibility(): Promise<StepResult> {
  const installed = await installOutside(
    'tools/type-compat',
    ...SDK_FOLDERS.map((name) => `tools/sdk-matrix/${name}`),
  );
  if (installed.failed > 0) return installed;
  const results: CommandResult[] = [];
  for (const version of TYPESCRIPT_VERSIONS) {
    results.push(await compile(version, 'tsconfig.json'), await compile(version, 'tsconfig.no-skip.json'));
  }
  for (const folder of SDK_FOLDERS) results.push(await compile('6.0', `tsconfig.sdk-${folder}.json`));
  return resultOf(...results);
}

async function compile(version: string, project: string): Promise<CommandResult> {
  const compiler = join(CONSUMER, 'node_modules', `typescript-${version}`, 'bin/tsc');
  const result = await runCommand(process.execPath, [compiler, '-p', project], { cwd: CONSUMER });
  return { ...result, output: `TypeScript ${version}, ${project}:\n${result.output}` };
}
