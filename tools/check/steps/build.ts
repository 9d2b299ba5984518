import { runCommand } from '../command.js';
import { resultOf, type Step } from '../step.js';

/** Compiles every package and joins its modules to what is published. */
export const BUILD: Step = {
  name: 'build',
  about: 'every package compiles to what is published',
  run: async () => {
    const compiled = await runCommand('tsc', ['-b']);
    return compiled.exitCode === 0
      ? resultOf(await runCommand('tsx', ['tools/release/bundle.ts']))
      : resultOf(compiled);
  },
};
