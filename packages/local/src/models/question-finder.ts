import type { ModelRequest } from './local-model.js';

/** Something that can be found by the text it is about. */
interface Findable {
  readonly core: string;
}

const MEMO_ENTRIES = 2_000;

/** Case, blanks and typographic quotes aside, so that re-wrapped or re-indented text still matches. */
export function normalizeText(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[\u2018\u2019]/g, "'")
    .replace(/[\u201c\u201d]/g, '"')
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .trim();
}

/**
 * Finds the entry whose core stands in the newest user message that has one. Of several the longest wins, since a
 * short core may be part of a longer one.
 */
export function createQuestionFinder<Entry extends Findable>(
  entries: readonly Entry[],
): (request: ModelRequest) => Entry | undefined {
  const byLength = entries
    .map((entry) => ({ entry, core: normalizeText(entry.core) }))
    .filter(({ core }) => core !== '')
    .sort((one, other) => other.core.length - one.core.length);
  const memo = new Map<string, Entry | undefined>();

  const findIn = (text: string): Entry | undefined => {
    if (memo.has(text)) return memo.get(text);
    const normalized = normalizeText(text);
    const found = byLength.find(({ core }) => normalized.includes(core))?.entry;
    if (memo.size >= MEMO_ENTRIES) memo.clear();
    memo.set(text, found);
    return found;
  };

  return ({ prompt }) => {
    for (const message of [...prompt.messages].reverse()) {
      if (message.role !== 'user') continue;
      const found = findIn(message.blocks.map((block) => block.text).join('\n'));
      if (found !== undefined) return found;
    }
    return undefined;
  };
}
