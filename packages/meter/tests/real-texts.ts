import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const TYPESCRIPT = join(ROOT, 'node_modules/typescript/lib');

/**
 * Texts that a checkout has anyway, by kind: English and code of this repository, and the messages of TypeScript, which
 * people have translated into Chinese, Japanese, Korean and other languages.
 */
export function realTexts(): readonly (readonly [kind: string, text: string])[] {
  const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
  const guides = readdirSync(join(ROOT, 'docs/guides')).map((name) => read(`docs/guides/${name}`));
  const code = ['core/src/call-state.ts', 'core/src/slots.ts', 'meter/src/meter.ts'].map((path) =>
    read(`packages/${path}`),
  );
  const translated = ['zh-cn', 'zh-tw', 'ja', 'ko', 'de', 'fr', 'pl', 'ru', 'tr'].flatMap((locale) => {
    const path = join(TYPESCRIPT, locale, 'diagnosticMessages.generated.json');
    if (!existsSync(path)) return [];
    const messages = Object.values(JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>);
    return [[locale, messages.join('\n').slice(0, 60_000)] as const];
  });
  return [['english', guides.join('\n')], ['code', code.join('\n')], ...translated];
}
