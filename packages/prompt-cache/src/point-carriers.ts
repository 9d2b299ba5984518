import type { BlockKind } from '@costkit/core';
import type { Dialect } from '@costkit/pricing';

/**
 * The kinds of blocks behind which a model family is known to accept a cache point. An allow-list: what is not
 * known to work (reasoning, video, documents whose format a view does not tell, guard content, citations) may be
 * refused with a 400, and a point elsewhere costs next to nothing.
 *
 * Sources: Amazon Bedrock user guide (prompt caching); recorded refusals of Nova directly behind a tool result and
 * of Claude directly behind reasoning and behind documents that are not PDF.
 */
const POINT_CARRIERS: { readonly [Name in Dialect]?: ReadonlySet<BlockKind> } = {
  anthropic: new Set(['toolSpec', 'text', 'image', 'toolUse', 'toolResult']),
  nova: new Set(['text']),
};

const NO_CARRIERS: ReadonlySet<BlockKind> = new Set();

/** The kinds of blocks that may carry a cache point for models of a dialect. */
export function pointCarriers(dialect: Dialect): ReadonlySet<BlockKind> {
  return POINT_CARRIERS[dialect] ?? NO_CARRIERS;
}
