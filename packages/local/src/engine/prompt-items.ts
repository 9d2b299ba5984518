import type { CacheItem } from '../money/prompt-cache.js';
import type { Tokenizer } from '../money/tokenizer.js';
import type { Prompt, PromptBlock } from '../prompt.js';

/** A prompt's blocks in cache order, counted. Without `cachePoints` none is marked. */
export function promptItems(
  prompt: Prompt,
  modelId: string,
  tokenizer: Tokenizer,
  cachePoints: boolean,
): CacheItem[] {
  const item = (section: CacheItem['section'], block: PromptBlock, role: string): CacheItem => ({
    section,
    canonical: `${role}\u0000${block.canonical}`,
    tokens: tokenizer.count(block.text, modelId) + block.mediaTokens,
    ...(block.cachePoint === undefined || !cachePoints ? {} : { cachePoint: block.cachePoint }),
  });
  return [
    ...prompt.tools.map((block) => item('tools', block, '')),
    ...prompt.system.map((block) => item('system', block, '')),
    ...prompt.messages.flatMap(({ role, blocks }) => blocks.map((block) => item('messages', block, role))),
  ];
}

/** All tokens of some items. */
export function totalTokens(items: readonly CacheItem[]): number {
  return items.reduce((sum, { tokens }) => sum + tokens, 0);
}
