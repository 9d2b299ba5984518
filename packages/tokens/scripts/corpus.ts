/**
 * Text to fit the estimator on and to judge it by. Nothing of it is kept in the repository: it is read from
 * what a checkout has anyway (TypeScript's translated messages, the sources of installed packages), from the
 * evaluation data beside the repository when present, and from any folder given on the command line.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

export type Category = 'english' | 'code' | 'json' | 'cjk' | 'otherLanguages';

export interface Sample {
  readonly category: Category;
  readonly source: string;
  readonly text: string;
}

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const DATA = join(ROOT, '../shared/data');

function jsonLines(path: string): Record<string, unknown>[] {
  const full = join(DATA, path);
  if (!existsSync(full)) return [];
  return gunzipSync(readFileSync(full))
    .toString('utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

const share = (text: string, pattern: RegExp): number =>
  (text.match(pattern)?.length ?? 0) / Math.max(1, text.length);

/** The category of a text, by what it is made of. */
export function categorise(text: string): Category {
  if (share(text, /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/g) > 0.15) return 'cjk';
  if (share(text, /[\u0080-\uffff]/g) > 0.03) return 'otherLanguages';
  if (share(text, /[{}();=<>[\]_]/g) > 0.05) return 'code';
  return 'english';
}

/** Real user prompts, whole: never fitted on in chunks, and the yardstick of the error figures. */
export function chatPrompts(): Sample[] {
  return jsonLines('chat/prompts.jsonl.gz').map((row) => {
    const text = (row['turns'] as string[]).join('\n');
    return { category: categorise(text), source: 'chat', text };
  });
}

function evaluationData(): Sample[] {
  const samples: Sample[] = [];
  const add = (source: string, text: unknown): void => {
    if (typeof text === 'string' && text.length > 0)
      samples.push({ category: categorise(text), source, text });
  };
  for (const row of jsonLines('retrieval/chunkeval_docs.jsonl.gz')) add('chunkeval', row['text']);
  for (const row of jsonLines('retrieval/mtragun_passages.jsonl.gz')) add('passages', row['text']);
  for (const row of jsonLines('retrieval/qmsum_docs.jsonl.gz').slice(0, 30)) {
    add('meetings', (row['turns'] as string[][]).map(([who, said]) => `${who}: ${said}`).join('\n'));
  }
  for (const row of jsonLines('routing/zeroeval.jsonl.gz').slice(0, 700)) {
    for (const answer of Object.values(row['m'] as Record<string, { r: string }>).slice(0, 3))
      add('answers', answer.r);
  }
  for (const row of jsonLines('agent/tau_airline_gpt4o.jsonl.gz').slice(0, 30)) {
    const text = JSON.stringify(row['messages'] ?? row);
    samples.push({ category: 'json', source: 'agent', text });
  }
  return samples;
}

function translatedMessages(): Sample[] {
  const folder = join(ROOT, 'node_modules/typescript/lib');
  const samples: Sample[] = [];
  for (const locale of [
    'cs',
    'de',
    'es',
    'fr',
    'it',
    'ja',
    'ko',
    'pl',
    'pt-br',
    'ru',
    'tr',
    'zh-cn',
    'zh-tw',
  ]) {
    const path = join(folder, locale, 'diagnosticMessages.generated.json');
    if (!existsSync(path)) continue;
    const messages = Object.values(JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>);
    const text = messages.join('\n').slice(0, 120_000);
    samples.push({ category: categorise(text), source: `messages-${locale}`, text });
  }
  return samples;
}

const CODE = new Set([
  '.ts',
  '.js',
  '.mjs',
  '.py',
  '.go',
  '.rs',
  '.java',
  '.c',
  '.h',
  '.cpp',
  '.rb',
  '.sh',
  '.sql',
  '.css',
  '.html',
  '.vue',
  '.tsx',
  '.yaml',
  '.yml',
  '.toml',
]);

/** All readable files of a folder, at most `limit` characters of each and `total` in all. */
export function folder(path: string, source: string, limit = 20_000, total = 3_000_000): Sample[] {
  const samples: Sample[] = [];
  let used = 0;
  const walk = (current: string): void => {
    for (const name of readdirSync(current).sort()) {
      if (used > total) return;
      const full = join(current, name);
      const stat = statSync(full, { throwIfNoEntry: false });
      if (stat === undefined) continue;
      if (stat.isDirectory()) {
        if (name !== '.git') walk(full);
        continue;
      }
      const extension = extname(name);
      if (stat.size > 400_000 || name.includes('.min.') || name.endsWith('.map')) continue;
      const prose = ['.md', '.mdx', '.txt', '.rst'].includes(extension);
      if (!prose && extension !== '.json' && !CODE.has(extension)) continue;
      const text = readFileSync(full, 'utf8').slice(0, limit);
      if (text.length < 40) continue;
      used += text.length;
      samples.push({
        category: extension === '.json' ? 'json' : CODE.has(extension) ? 'code' : categorise(text),
        source,
        text,
      });
    }
  };
  walk(path);
  return samples;
}

function installedSources(): Sample[] {
  const samples: Sample[] = [];
  for (const name of ['fast-check', 'vitest', 'tinybench', 'knip', 'typedoc']) {
    const path = join(ROOT, 'node_modules', name);
    if (existsSync(path)) samples.push(...folder(path, `installed-${name}`, 12_000, 400_000));
  }
  return samples;
}

/** Everything to fit on, cut into pieces of at most `size` characters. */
export function trainingSamples(folders: readonly string[], size = 3000): Sample[] {
  const whole = [
    ...evaluationData(),
    ...translatedMessages(),
    ...installedSources(),
    ...folders.flatMap((path) => folder(path, `folder-${path.split('/').at(-1)}`)),
  ];
  return whole.flatMap((sample) => {
    const pieces: Sample[] = [];
    for (let start = 0; start < sample.text.length; start += size) {
      const text = sample.text.slice(start, start + size);
      if (text.length > 30) pieces.push({ ...sample, text });
    }
    return pieces;
  });
}
