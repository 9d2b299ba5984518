import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { packCatalogue } from './pack.js';
import type { ProviderFile, SourcesFile } from './provider-file.js';

const DATA = new URL('../data/', import.meta.url);

/** Where the generated catalogue is kept. */
export const GENERATED_FILE: URL = new URL('../src/catalogue.generated.ts', import.meta.url);

function readJson<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(name, DATA), 'utf8')) as T;
}

/** Every provider file, by file name. */
export function readProviders(): ProviderFile[] {
  return readdirSync(DATA)
    .filter((name) => name.endsWith('.json') && name !== 'sources.json')
    .sort()
    .map((name) => readJson<ProviderFile>(name));
}

/** The text that the generated file has to have. */
export function generate(): string {
  return packCatalogue(readProviders(), readJson<SourcesFile>('sources.json'));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(GENERATED_FILE, generate());
}
