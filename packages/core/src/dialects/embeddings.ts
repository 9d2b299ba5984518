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
function embedding({
  textsOf,
  usageOf,
  unitsOf,
}: {
  textsOf(body: Body): readonly string[];
  usageOf?(body: Body): ReportedUsage;
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

const texts = (...values: readonly unknown[]): readonly string[] =>
  values.filter((value) => typeof value === 'string');

const countOf = (counts: Readonly<Record<string, unknown>>): Readonly<Record<string, number>> =>
  Object.fromEntries(
    Object.entries(counts).flatMap(([unit, value]) => (value === undefined ? [] : [[unit, 1]])),
  );

/** Titan text and image embeddings. */
export const titanEmbed: DialectAdapter = embedding({
  textsOf: (body) => texts(body['inputText']),
  usageOf: (body) => ({ input: asNumber(body['inputTextTokenCount']), output: 0 }),
  unitsOf: (body) => countOf({ image: body['inputImage'] }),
});

/** Cohere Embed: the count is in the response header only. */
export const cohereEmbed: DialectAdapter = embedding({
  textsOf: (body) => [
    ...texts(...asArray(body['texts'])),
    ...asArray(body['inputs']).flatMap((input) =>
      texts(...asArray(asRecord(input)['content']).map((part) => asRecord(part)['text'])),
    ),
  ],
});

/**
 * Nova embeddings: the count is in the response header. Video and audio are billed by the second, which the request
 * does not say: their units have no rate.
 */
export const novaEmbed: DialectAdapter = embedding({
  textsOf: (body) => texts(asRecord(asRecord(body['singleEmbeddingParams'])['text'])['value']),
  unitsOf: (body) => {
    const { image, video, audio } = asRecord(body['singleEmbeddingParams']);
    const isDocument = asRecord(image)['detailLevel'] === 'DOCUMENT_IMAGE';
    return countOf({ [isDocument ? 'documentImage' : 'image']: image, video, audio });
  },
});
