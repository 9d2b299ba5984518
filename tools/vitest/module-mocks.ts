import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const REPLACES_MODULES = /\bvi\.(?:mock|doMock|resetModules)\(/;
const NOT_OURS: readonly string[] = ['node_modules', 'dist'];

/** Paths of the test files below a folder that replace modules or load them again. */
export function filesThatReplaceModules(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return NOT_OURS.includes(entry.name) ? [] : filesThatReplaceModules(path);
    return entry.name.endsWith('.test.ts') && REPLACES_MODULES.test(readFileSync(path, 'utf8')) ? [path] : [];
  });
}
