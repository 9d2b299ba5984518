import { asArray, asNumber, asRecord, type Body, type DialectAdapter } from './dialect-adapter.js';
import { textsOnly } from './texts-only.js';

const texts = (...values: readonly unknown[]): readonly string[] =>
  values.filter((value) => typeof value === 'string');

const countOf = (counts: Readonly<Record<string, unknown>>): Readonly<Record<string, number>> =>
  Object.fromEntries(
    Object.entries(counts).flatMap(([unit, value]) => (value === undefined ? [] : [[unit, 1]])),
  );

/** Titan text and image embeddings. */
export const titanEmbed: DialectAdapter = textsOnly({
  textsOf: (body) => texts(body['inputText']),
  usageOf: (body) => ({ input: asNumber(body['inputTextTokenCount']), output: 0 }),
  unitsOf: (body) => countOf({ image: body['inputImage'] }),
});

const partsOf = (body: Body): readonly Body[] =>
  asArray(body['inputs']).flatMap((input) => asArray(asRecord(input)['content']).map(asRecord));

const imagesOfCohere = (body: Body): readonly unknown[] => [
  ...asArray(body['images']),
  ...partsOf(body).flatMap(({ image_url: image }) => image ?? []),
];

/**
 * Cohere Embed: the count is in the response header only, that of images too, whose tokens have a price of their own
 * that no source lists: their unit has no rate.
 */
export const cohereEmbed: DialectAdapter = textsOnly({
  textsOf: (body) => texts(...asArray(body['texts']), ...partsOf(body).map(({ text }) => text)),
  imagesOf: imagesOfCohere,
  unitsOf: (body) => countOf({ image: imagesOfCohere(body)[0] }),
});

/**
 * Nova embeddings: the count is in the response header. Video and audio are billed by the second, which the request
 * does not say: their units have no rate.
 */
export const novaEmbed: DialectAdapter = textsOnly({
  textsOf: (body) => texts(asRecord(asRecord(body['singleEmbeddingParams'])['text'])['value']),
  unitsOf: (body) => {
    const { image, video, audio } = asRecord(body['singleEmbeddingParams']);
    const isDocument = asRecord(image)['detailLevel'] === 'DOCUMENT_IMAGE';
    return countOf({ [isDocument ? 'documentImage' : 'image']: image, video, audio });
  },
});
