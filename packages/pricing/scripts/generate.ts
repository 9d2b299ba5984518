import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { checkData, unexplained } from './check-data.js';
import { packCapacity, packCatalogue, packNames, packRefusals } from './pack.js';
import type { ExceptionsFile, ProviderFile, SourcesFile } from './provider-file.js';

const DATA = new URL('../data/', import.meta.url);

function readJson<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(name, DATA), 'utf8')) as T;
}

/** Every provider file, by file name. */
export function readProviders(): ProviderFile[] {
  return readdirSync(DATA)
    .filter((name) => name.endsWith('.json') && name !== 'sources.json' && name !== 'exceptions.json')
    .sort()
    .map((name) => readJson<ProviderFile>(name));
}

/** What source keys stand for. */
export function readSources(): SourcesFile {
  return readJson<SourcesFile>('sources.json');
}

/** Rows that break a rule rightly. */
export function readExceptions(): ExceptionsFile {
  return readJson<ExceptionsFile>('exceptions.json');
}

/** A file that the script writes. */
export interface GeneratedFile {
  readonly url: URL;
  readonly text: string;
}

/**
 * The files that have to stand in `src`.
 *
 * @throws Error when a row breaks a rule of `check-data.ts` without an exception, or an exception is stale.
 */
export function generate(): readonly GeneratedFile[] {
  const providers = readProviders();
  const sources = readSources();
  const { findings, stale } = unexplained(checkData(providers, sources), readExceptions());
  if (findings.length > 0 || stale.length > 0) {
    throw new Error(
      [
        'The price data break rules. Correct them, or add a line with the reason to data/exceptions.json.',
        ...findings.map(
          ({ model, check, where, problem }) => `- ${model}, ${where}: not so: ${check}; ${problem}`,
        ),
        ...stale.map(
          ({ model, check, where }) => `- ${model}, ${where}: exception no longer needed: ${check}`,
        ),
      ].join('\n'),
    );
  }
  const inSource = (name: string): URL => new URL(`../src/${name}`, import.meta.url);
  return [
    { url: inSource('catalogue.generated.ts'), text: packCatalogue(providers, sources) },
    { url: inSource('names.generated.ts'), text: packNames(providers) },
    { url: inSource('capacity.generated.ts'), text: packCapacity(providers) },
    { url: inSource('refusals.generated.ts'), text: packRefusals(providers) },
  ];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const { url, text } of generate()) writeFileSync(url, text);
}
