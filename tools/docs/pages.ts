import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../workspace.js';

/** Folder of the code blocks that the pages show. */
export const SNIPPETS: string = join(ROOT, 'examples/snippets');

/** Every markdown file that people write, committed or about to be, as a path below the repository's root. */
export function markdownPages(): string[] {
  return gitFiles('*.md').filter((path) => !path.endsWith('.api.md'));
}

/** Every snippet, as a path below {@link SNIPPETS}. */
export function snippetFiles(): string[] {
  return gitFiles('examples/snippets/*/*.ts').map((path) => path.slice('examples/snippets/'.length));
}

/** What snippets read, as paths below {@link SNIPPETS}. */
export function snippetData(): string[] {
  return gitFiles('examples/snippets/*/*.json*').map((path) => path.slice('examples/snippets/'.length));
}

function gitFiles(pattern: string): string[] {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard', '-z', '--', pattern];
  return execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' })
    .split('\0')
    .filter((path) => path !== '' && existsSync(join(ROOT, path)))
    .sort();
}
