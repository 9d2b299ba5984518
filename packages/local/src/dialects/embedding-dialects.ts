import type { CatalogueModel } from '@costkit/pricing/catalogue';
import { arrayOf, isObject, type JsonObject, objectOf, textOf } from '../json.js';
import { validation } from '../wire/bedrock-fault.js';
import type { EmbeddingDialect, EmbeddingInput } from './embedding-dialect.js';
import { malformed, requiredText } from './plain-prompt.js';

const COHERE_MOST_TEXTS = 96;
const COHERE_V3_MOST_CHARACTERS = 2048;
const COHERE_INPUT_TYPES = ['search_document', 'search_query', 'classification', 'clustering', 'image'];
/**
 * The first Titan text generation has one fixed length and no options; V2 lets the caller choose. The catalogue does
 * not hold vector lengths, so they stand here (model-parameters-titan-embed-text of the user guide).
 */
const TITAN_FIXED_DIMENSIONS: Readonly<Record<string, number>> = {
  'amazon.titan-embed-text-v1': 1536,
  'amazon.titan-embed-g1-text-02': 1536,
};
const TITAN_V2_DIMENSIONS = [1024, 512, 256];
const TITAN_IMAGE_DIMENSIONS = [1024, 384, 256];
const NOVA_DIMENSIONS = [3072, 1024, 384, 256];
/** Embed v4 counts an image by its pixels: pixels / 784 × 4 tokens; a megapixel stands for all (assumed). */
const COHERE_V4_IMAGE_TOKENS = Math.ceil((1_000_000 / 784) * 4);

const titanText: EmbeddingDialect = {
  readRequest: (body, model) => {
    const fixed = TITAN_FIXED_DIMENSIONS[model.id];
    const types = arrayOf(body['embeddingTypes']).map(textOf);
    for (const name of fixed !== undefined ? ['dimensions', 'normalize', 'embeddingTypes'] : []) {
      if (body[name] !== undefined) throw malformed(`#: extraneous key [${name}] is not permitted`);
    }
    return {
      inputs: [{ text: requiredText(body, 'inputText') }],
      dimensions: fixed ?? oneOf(body['dimensions'], TITAN_V2_DIMENSIONS, 'dimensions'),
      units: {},
      ...(model.contextWindow === undefined ? {} : { maxInputTokens: model.contextWindow }),
      types: types.length === 0 ? ['float'] : types,
    };
  },
  responseBody: ({ request, model, vectors, inputTokens }) => {
    const [embedding = []] = vectors;
    if (TITAN_FIXED_DIMENSIONS[model.id] !== undefined)
      return { embedding, inputTextTokenCount: inputTokens };
    // V2 sends `embeddingsByType.float` also when nobody asked for types (recorded exchanges).
    const byType = Object.fromEntries(request.types.map((type) => [type, represent(embedding, type)]));
    return {
      ...(request.types.includes('float') ? { embedding } : {}),
      embeddingsByType: byType,
      inputTextTokenCount: inputTokens,
    };
  },
};

const titanImage: EmbeddingDialect = {
  readRequest: (body, model) => {
    const image = body['inputImage'];
    if (image === undefined && body['inputText'] === undefined) {
      throw validation('Either inputText or inputImage must be provided.');
    }
    const length = objectOf(body['embeddingConfig'])['outputEmbeddingLength'];
    return {
      inputs: [{ text: textOf(body['inputText']), media: mediaKey(image) }],
      dimensions: oneOf(length, TITAN_IMAGE_DIMENSIONS, 'embeddingConfig/outputEmbeddingLength'),
      units: image === undefined ? {} : { image: 1 },
      ...(model.contextWindow === undefined ? {} : { maxInputTokens: model.contextWindow }),
      types: ['float'],
    };
  },
  responseBody: ({ vectors, inputTokens, body }) => ({
    embedding: vectors[0] ?? [],
    inputTextTokenCount: body['inputText'] === undefined ? 0 : inputTokens,
    message: null,
  }),
};

const cohere: EmbeddingDialect = {
  readRequest: (body, model) => {
    const inputType = requiredText(body, 'input_type');
    if (!COHERE_INPUT_TYPES.includes(inputType))
      throw malformed(`#/input_type: ${inputType} is not a valid enum value`);
    const choosesDimension = isCohereV4(model);
    const inputs = cohereInputs(body, choosesDimension);
    if (inputs.length > COHERE_MOST_TEXTS) {
      throw malformed(`#/texts: expected maximum item count: ${COHERE_MOST_TEXTS}, found: ${inputs.length}`);
    }
    const types = arrayOf(body['embedding_types']).map(textOf);
    const truncates =
      body['truncate'] === 'START' ||
      body['truncate'] === 'LEFT' ||
      body['truncate'] === 'END' ||
      body['truncate'] === 'RIGHT';
    if (!choosesDimension && !truncates) {
      const long = inputs.findIndex(({ text }) => text.length > COHERE_V3_MOST_CHARACTERS);
      if (long >= 0) {
        throw malformed(
          `#/texts/${long}: expected maxLength: ${COHERE_V3_MOST_CHARACTERS}, actual: ${inputs[long]?.text.length}`,
        );
      }
    }
    return {
      inputs,
      dimensions: choosesDimension
        ? oneOf(body['output_dimension'], [1536, 1024, 512, 256], 'output_dimension')
        : 1024,
      // Their tokens have a price of their own, which no source lists: a unit without a rate.
      units: inputs.some(({ media = '' }) => media !== '') ? { image: 1 } : {},
      ...(model.contextWindow === undefined ? {} : { maxInputTokens: model.contextWindow }),
      overflow: truncates ? 'cut' : 'error',
      types: types.length === 0 ? ['float'] : types,
    };
  },
  responseBody: ({ request, body, model, vectors, requestId }) => {
    const texts = arrayOf(body['texts']);
    const asked = arrayOf(body['embedding_types']).length > 0;
    const byType = Object.fromEntries(
      request.types.map((type) => [type, vectors.map((vector) => represent(vector, type))]),
    );
    // Only v3 without types answers with the bare array (recorded exchanges).
    const bare = !asked && !isCohereV4(model);
    return {
      id: requestId,
      ...(texts.length === 0 ? {} : { texts }),
      embeddings: bare ? vectors : byType,
      response_type: bare ? 'embeddings_floats' : 'embeddings_by_type',
    };
  },
};

/** The long context is what tells v4 from v3 in the catalogue. */
function isCohereV4(model: CatalogueModel): boolean {
  return (model.contextWindow ?? 0) > 512;
}

function cohereInputs(body: JsonObject, mixed: boolean): EmbeddingInput[] {
  const image = (value: unknown): EmbeddingInput => ({
    text: '',
    media: mediaKey(value),
    mediaTokens: COHERE_V4_IMAGE_TOKENS,
  });
  const texts = arrayOf(body['texts']).map((text): EmbeddingInput => ({ text: textOf(text) }));
  const images = arrayOf(body['images']).map(image);
  const inputs = mixed ? arrayOf(body['inputs']).map((input) => mixedInput(objectOf(input), image)) : [];
  if (texts.length + images.length + inputs.length === 0)
    throw malformed('#: required key [texts] not found');
  return [...texts, ...images, ...inputs];
}

function mixedInput(input: JsonObject, image: (value: unknown) => EmbeddingInput): EmbeddingInput {
  const parts = arrayOf(input['content']).map(objectOf);
  const pictures = parts
    .filter((part) => part['image_url'] !== undefined)
    .map((part) => image(part['image_url']));
  return {
    text: parts.map((part) => textOf(part['text'])).join('\n'),
    media: pictures.map(({ media }) => media).join(' '),
    mediaTokens: pictures.reduce((sum, { mediaTokens = 0 }) => sum + mediaTokens, 0),
  };
}

const nova: EmbeddingDialect = {
  readRequest: (body, model) => {
    const taskType = requiredText(body, 'taskType');
    if (taskType !== 'SINGLE_EMBEDDING') throw malformed(`#/taskType: ${taskType} is not a valid enum value`);
    const parameters = objectOf(body['singleEmbeddingParams']);
    if (parameters['embeddingPurpose'] === undefined) {
      throw malformed('#/singleEmbeddingParams: required key [embeddingPurpose] not found');
    }
    const { text, image, video, audio } = parameters;
    const isPage = objectOf(image)['detailLevel'] === 'DOCUMENT_IMAGE';
    // By the second, which the server does not measure: units without a rate.
    const media = Object.entries({ [isPage ? 'documentImage' : 'image']: image, video, audio }).flatMap(
      ([unit, value]) => (value === undefined ? [] : [[unit, 1] as const]),
    );
    if (!isObject(text) && media.length === 0) {
      throw malformed('#/singleEmbeddingParams: required key [text] not found');
    }
    return {
      inputs: [
        {
          text: textOf(objectOf(text)['value']),
          media: mediaKey(image ?? video ?? audio),
        },
      ],
      dimensions: oneOf(
        parameters['embeddingDimension'],
        NOVA_DIMENSIONS,
        'singleEmbeddingParams/embeddingDimension',
      ),
      units: Object.fromEntries(media),
      ...(model.contextWindow === undefined ? {} : { maxInputTokens: model.contextWindow }),
      overflow: objectOf(text)['truncationMode'] === 'NONE' ? 'error' : 'cut',
      types: ['float'],
    };
  },
  // The token count stands in the header only (recorded exchanges).
  responseBody: ({ body, vectors }) => {
    const { image, video, audio } = objectOf(body['singleEmbeddingParams']);
    const kind =
      image !== undefined ? 'IMAGE' : video !== undefined ? 'VIDEO' : audio !== undefined ? 'AUDIO' : 'TEXT';
    return { embeddings: [{ embeddingType: kind, embedding: vectors[0] ?? [] }] };
  },
};

const DIALECTS: Readonly<Record<string, EmbeddingDialect>> = {
  'titan-embed': titanText,
  'titan-embed-image': titanImage,
  'cohere-embed': cohere,
  'nova-embed': nova,
};

/** The format of an embedding model. @throws {@link BedrockFault} for one that is not spoken. */
export function embeddingDialectOf(model: CatalogueModel): EmbeddingDialect {
  const dialect = DIALECTS[model.dialect];
  if (dialect === undefined)
    throw validation(`The local Bedrock does not know the InvokeModel format of ${model.id}.`);
  return dialect;
}

/** Enough of a payload to tell one from another. */
function mediaKey(media: unknown): string {
  return media === undefined ? '' : JSON.stringify(media).slice(0, 4096);
}

function oneOf(value: unknown, allowed: readonly number[], path: string): number {
  if (value === undefined) return allowed[0] ?? 0;
  if (typeof value === 'number' && allowed.includes(value)) return value;
  throw malformed(`#/${path}: ${String(value)} is not a valid enum value`);
}

/** A vector in another number format, quantised as plainly as possible. */
function represent(vector: readonly number[], type: string): readonly number[] {
  switch (type) {
    case 'int8':
      return vector.map((value) => Math.max(-128, Math.min(127, Math.round(value * 127))));
    case 'uint8':
      return vector.map((value) => Math.max(0, Math.min(255, Math.round(value * 127) + 128)));
    case 'binary':
      return vector.map((value) => (value > 0 ? 1 : 0));
    case 'ubinary':
      return packBits(vector);
    default:
      return vector;
  }
}

function packBits(vector: readonly number[]): number[] {
  const bytes: number[] = [];
  for (let at = 0; at < vector.length; at += 8) {
    let byte = 0;
    for (let bit = 0; bit < 8; bit += 1) byte = (byte << 1) | ((vector[at + bit] ?? 0) > 0 ? 1 : 0);
    bytes.push(byte);
  }
  return bytes;
}
