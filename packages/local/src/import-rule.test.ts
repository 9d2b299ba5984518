import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const SOURCES = fileURLToPath(new URL('.', import.meta.url));
const ALLOWED = '@costkit/pricing/catalogue';

const sources = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter(
  (path) => path.endsWith('.ts') && !path.endsWith('.test.ts'),
);

const importsOf = (source: string): string[] =>
  [...source.matchAll(/(?:from|import|require)\s*\(?\s*['"]([^'"]+)['"]/g)].map((match) => match[1] ?? '');

describe('the import rule', () => {
  it('sees the sources it judges', () => {
    expect(sources.length).toBeGreaterThan(50);
    expect(sources.flatMap((path) => importsOf(readFileSync(SOURCES + path, 'utf8')))).toContain(ALLOWED);
  });

  it.each(sources)('%s takes nothing of ours but catalogue rows', (path) => {
    const ours = importsOf(readFileSync(SOURCES + path, 'utf8')).filter(
      (name) => name.startsWith('@costkit/') || name === 'costkit' || name.startsWith('costkit/'),
    );
    expect(ours.filter((name) => name !== ALLOWED)).toEqual([]);
  });

  it.each(sources)('%s leaves the package by no relative path', (path) => {
    const depth = path.split('/').length - 1;
    const escapes = importsOf(readFileSync(SOURCES + path, 'utf8')).filter((name) => {
      const ups = name.match(/\.\.\//g)?.length ?? 0;
      return name.startsWith('.') && ups > depth;
    });
    expect(escapes).toEqual([]);
  });
});
