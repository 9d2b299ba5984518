import type { Block } from '../request-view.js';
import type { ReportedUsage } from '../usage.js';
import { type Body, type DialectAdapter, NO_FEATURES } from './dialect-adapter.js';

/**
 * A request of texts that numbers answer, as of embeddings or reranking. Nothing of it can be edited: another
 * model's numbers are other numbers.
 */
export function textsOnly({
  textsOf,
  usageOf,
  unitsOf,
}: {
  textsOf(body: Body): readonly string[];
  usageOf?(body: Body): ReportedUsage | undefined;
  unitsOf?(body: Body): Readonly<Record<string, number>>;
}): DialectAdapter {
  return {
    read: (body) => ({
      ...(unitsOf === undefined ? {} : { units: unitsOf(body) }),
      blocks: textsOf(body).map(
        (text): Block => ({ section: 'messages', kind: 'text', role: 'user', messageIndex: 0, text }),
      ),
      cachePoints: [],
      maxTokens: undefined,
      features: NO_FEATURES,
    }),
    readAnswer: (body) => ({ text: '', toolUses: [], stopReason: undefined, usage: usageOf?.(body) }),
  };
}
