import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  verbatimModuleSyntax: true,
};

/**
 * Writes TypeScript files without their types, and other files as they are, to `dist` in their folder. Node then
 * runs them as it runs an application that was built: without a loader, which would take longer than most
 * examples do.
 *
 * @param files - paths below the folder
 * @returns the folder that was written
 */
export function transpile(folder: string, files: readonly string[]): string {
  const output = join(folder, 'dist');
  rmSync(output, { recursive: true, force: true });
  for (const file of files) {
    const from = join(folder, file);
    const to = join(output, scriptOf(file));
    mkdirSync(dirname(to), { recursive: true });
    if (!file.endsWith('.ts')) copyFileSync(from, to);
    else {
      const { outputText } = ts.transpileModule(readFileSync(from, 'utf8'), { compilerOptions: OPTIONS });
      writeFileSync(to, outputText);
    }
  }
  return output;
}

/** What {@link transpile} calls a file. */
export function scriptOf(file: string): string {
  return file.replace(/\.ts$/, '.js');
}
