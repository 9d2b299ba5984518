import type { Block, Media } from '../request-view.js';
import type { ReportedUsage } from '../usage.js';
import { type Body, type DialectAdapter, NO_FEATURES } from './dialect-adapter.js';

/**
 * A request of texts that numbers answer, as of embeddings or reranking. Nothing of it can be edited: another
 * model's numbers are other numbers.
 */
export function textsOnly({
  textsOf,
  imagesOf = () => [],
  usageOf,
  unitsOf,
}: {
  textsOf(body: Body): readonly string[];
  /** Pictures that are billed by the token. */
  imagesOf?(body: Body): readonly unknown[];
  usageOf?(body: Body): ReportedUsage | undefined;
  unitsOf?(body: Body): Readonly<Record<string, number>>;
}): DialectAdapter {
  return {
    read: (body) => {
      const block = (text: string, media?: readonly Media[]): Block => ({
        section: 'messages',
        kind: media === undefined ? 'text' : 'image',
        role: 'user',
        messageIndex: 0,
        text,
        ...(media === undefined ? {} : { media }),
      });
      const images = imagesOf(body);
      return {
        ...(unitsOf === undefined ? {} : { units: unitsOf(body) }),
        blocks: [
          ...textsOf(body).map((text) => block(text)),
          ...images.map((source) => block('', [{ kind: 'image', source }])),
        ],
        cachePoints: [],
        maxTokens: undefined,
        features: images.length === 0 ? NO_FEATURES : { ...NO_FEATURES, images: true },
      };
    },
    readAnswer: (body) => ({ text: '', toolUses: [], stopReason: undefined, usage: usageOf?.(body) }),
  };
}
