/** A fenced block of TypeScript in a markdown file. */
export interface Fence {
  /** Line number of the opening fence, counted from 1. */
  readonly line: number;
  /** Path below `examples/snippets` that the comment above the fence names; absent where there is none. */
  readonly snippet?: string;
  /** What stands between the fences, with a final newline. */
  readonly code: string;
}

const SNIPPET_COMMENT = /^<!-- snippet: (\S+\.ts) -->$/;
const OPENING = /^(`{3,})(\w*)/;
const TYPESCRIPT: readonly string[] = ['ts', 'typescript'];

/** Finds every fenced block of TypeScript. */
export function findFences(markdown: string): Fence[] {
  const fences: Fence[] = [];
  scan(markdown, (fence) => {
    fences.push(fence);
    return fence.code;
  });
  return fences;
}

/** Replaces the code of every fence that names a snippet by what `codeOf` returns for it. */
export function replaceFences(markdown: string, codeOf: (snippet: string) => string): string {
  return scan(markdown, ({ snippet, code }) => (snippet === undefined ? code : codeOf(snippet)));
}

function scan(markdown: string, rewrite: (fence: Fence) => string): string {
  const lines = markdown.split('\n');
  const result: string[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    const opening = lines[index] ?? '';
    result.push(opening);
    const [, ticks, language = ''] = OPENING.exec(opening) ?? [];
    if (ticks === undefined) continue;
    const end = lines.findIndex((line, position) => position > index && line === ticks);
    if (end === -1) continue;
    if (!TYPESCRIPT.includes(language)) {
      // A block may show markdown that has blocks of its own.
      result.push(...lines.slice(index + 1, end + 1));
      index = end;
      continue;
    }
    const above = lines.slice(0, index).findLast((line) => line.trim() !== '');
    const snippet = SNIPPET_COMMENT.exec(above?.trim() ?? '')?.[1];
    const code = `${lines.slice(index + 1, end).join('\n')}\n`;
    const rewritten = rewrite({ line: index + 1, code, ...(snippet === undefined ? {} : { snippet }) });
    result.push(...rewritten.trimEnd().split('\n'), ticks);
    index = end;
  }
  return result.join('\n');
}
