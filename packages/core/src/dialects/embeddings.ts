import type { Block } from '../request-view.js';
import type { ReportedUsage } from '../usage.js';
import {
  asArray,
  asNumber,
  asRecord,
  type Body,
  type DialectAdapter,
  NO_FEATURES,
} from './dialect-adapter.js';

/** Texts of an embedding request. Nothing of it can be edited: another model's vectors are other vectors. */
function embedding(
  textsOf: (body: Body) => readonly string[],
  usageOf?: (body: Body) => ReportedUsage,
): DialectAdapter {
  return {
    read: (body) => ({
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

const texts = (...values: readonly unknown[]): readonly string[] =>
  values.filter((value) => typeof value === 'string');

/** Titan text and image embeddings. */
export const titanEmbed: DialectAdapter = embedding(
  (body) => texts(body['inputText']),
  (body) => ({ input: asNumber(body['inputTextTokenCount']), output: 0 }),
);

/** Cohere Embed: the count is in the response header only. */
export const cohereEmbed: DialectAdapter = embedding((body) => [
  ...texts(...asArray(body['texts'])),
  ...asArray(body['inputs']).flatMap((input) =>
    texts(...asArray(asRecord(input)['content']).map((part) => asRecord(part)['text'])),
  ),
]);

/** Nova embeddings: the count is in the response header. */
export const novaEmbed: DialectAdapter = embedding((body) =>
  texts(asRecord(asRecord(body['singleEmbeddingParams'])['text'])['value']),
);
