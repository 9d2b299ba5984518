import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../workspace.js';
import { replaceFences } from './fences.js';
import { markdownPages, SNIPPETS } from './pages.js';

// `pnpm docs:sync`: writes every snippet into the pages that show it.
for (const page of markdownPages()) {
  const before = readFileSync(join(ROOT, page), 'utf8');
  const after = replaceFences(before, (snippet) => readFileSync(join(SNIPPETS, snippet), 'utf8'));
  if (after === before) continue;
  writeFileSync(join(ROOT, page), after);
  process.stdout.write(`${page}\n`);
}
