import type { CatalogueModel } from '@costkit/pricing/catalogue';
import type { LocalContext } from '../contract.js';
import type { JsonObject } from '../json.js';
import { BedrockFault, validation } from '../wire/bedrock-fault.js';
import { createConstraints } from './constraints.js';
import { GEOGRAPHIES } from './geographies.js';

const OUTPUT_MODALITY = {
  text: 'TEXT',
  embedding: 'EMBEDDING',
  image: 'IMAGE',
  video: 'VIDEO',
  speech: 'SPEECH',
  rerank: 'TEXT',
} as const satisfies Record<CatalogueModel['kind'], string>;

const ARN_PREFIX = /^arn:aws[a-z-]*:bedrock:[a-z0-9-]*::foundation-model\//;

/** ListFoundationModels. @throws BedrockFault `ValidationException` */
export const listFoundationModels = (context: LocalContext, query: URLSearchParams): JsonObject => {
  const filter = readFilter(query);
  const modelSummaries = [...context.catalogue.values()]
    .filter((model) => isOffered(model, context))
    .map((model) => describeModel(model, context))
    .filter(
      (details) =>
        (filter.provider === undefined ||
          details.providerName.toLowerCase() === filter.provider.toLowerCase()) &&
        (filter.outputModality === undefined || details.outputModalities.includes(filter.outputModality)) &&
        (filter.inferenceType === undefined ||
          details.inferenceTypesSupported.includes(filter.inferenceType)) &&
        // Which models can be customised is not in the catalogue: none is said to be.
        filter.customizationType === undefined,
    );
  return { modelSummaries };
};

/** GetFoundationModel, by id or ARN. @throws BedrockFault `ValidationException`, `ResourceNotFoundException` */
export const getFoundationModel = (context: LocalContext, identifier: string): JsonObject => {
  const constraints = createConstraints();
  constraints.text('modelIdentifier', identifier, {
    required: true,
    minLength: 1,
    maxLength: 2048,
    pattern: /\S+/,
  });
  constraints.done();
  const model = context.catalogue.get(identifier.replace(ARN_PREFIX, ''));
  if (model === undefined) throw validation('The provided model identifier is invalid.');
  if (!isOffered(model, context)) {
    throw new BedrockFault(
      'ResourceNotFoundException',
      `Could not find the model ${identifier} in this Region.`,
    );
  }
  return { modelDetails: describeModel(model, context) };
};

/**
 * GetFoundationModelAvailability: everything that the Region offers can be called.
 * @throws BedrockFault `ValidationException`, `ResourceNotFoundException`
 */
export const getFoundationModelAvailability = (context: LocalContext, modelId: string): JsonObject => {
  getFoundationModel(context, modelId);
  return {
    modelId,
    agreementAvailability: { status: 'AVAILABLE' },
    authorizationStatus: 'AUTHORIZED',
    entitlementAvailability: 'AVAILABLE',
    regionAvailability: 'AVAILABLE',
  };
};

/** ARN of a foundation model, as seen from a Region; the empty one stands for all. */
export const foundationModelArn = (modelId: string, region: string): string =>
  `arn:aws:bedrock:${region}::foundation-model/${modelId}`;

/** The prefixes of a model's inference profiles that can be called from a Region. */
export const callablePrefixes = (model: CatalogueModel, region: string): string[] =>
  model.profiles.filter((prefix) => GEOGRAPHIES.get(prefix)?.sources.test(region) === true);

interface ModelDetails extends JsonObject {
  readonly providerName: string;
  readonly outputModalities: readonly string[];
  readonly inferenceTypesSupported: readonly string[];
}

const describeModel = (model: CatalogueModel, { region, clock }: LocalContext): ModelDetails => ({
  modelArn: foundationModelArn(model.id, region),
  modelId: model.id,
  modelName: model.name ?? model.id,
  providerName: model.provider,
  inputModalities: model.capabilities.images ? ['TEXT', 'IMAGE'] : ['TEXT'],
  outputModalities: [OUTPUT_MODALITY[model.kind]],
  responseStreamingSupported: model.capabilities.streaming,
  customizationsSupported: [],
  inferenceTypesSupported: inferenceTypes(model, region),
  modelLifecycle: lifecycleOf(model, clock.now()),
});

const inferenceTypes = (model: CatalogueModel, region: string): string[] => [
  ...(isInRegion(model, region) ? ['ON_DEMAND'] : []),
  ...(callablePrefixes(model, region).length > 0 ? ['INFERENCE_PROFILE'] : []),
];

const lifecycleOf = ({ lifecycle }: CatalogueModel, now: number): JsonObject => {
  const { legacyFrom, extendedAccessFrom, endOfLife } = lifecycle;
  const isLegacy = legacyFrom !== undefined && Date.parse(legacyFrom) <= now;
  const time = (date: string): string => new Date(date).toISOString();
  return {
    status: isLegacy ? 'LEGACY' : 'ACTIVE',
    ...(legacyFrom === undefined ? {} : { legacyTime: time(legacyFrom) }),
    ...(extendedAccessFrom === undefined ? {} : { publicExtendedAccessTime: time(extendedAccessFrom) }),
    ...(endOfLife === undefined ? {} : { endOfLifeTime: time(endOfLife) }),
  };
};

const isInRegion = (model: CatalogueModel, region: string): boolean =>
  model.inRegion === undefined || model.inRegion.includes(region);

const isOffered = (model: CatalogueModel, { region, clock }: LocalContext): boolean => {
  const { endOfLife } = model.lifecycle;
  const isOver = endOfLife !== undefined && Date.parse(endOfLife) <= clock.now();
  return !isOver && (isInRegion(model, region) || callablePrefixes(model, region).length > 0);
};

const readFilter = (query: URLSearchParams) => {
  const constraints = createConstraints();
  const text = (
    name: string,
    constraint: { pattern?: RegExp; oneOf?: readonly string[] },
  ): string | undefined => constraints.text(name, query.get(name) ?? undefined, constraint);
  const filter = {
    provider: text('byProvider', { pattern: /[A-Za-z0-9- ]{1,63}/ }),
    outputModality: text('byOutputModality', { oneOf: ['TEXT', 'IMAGE', 'EMBEDDING'] }),
    inferenceType: text('byInferenceType', { oneOf: ['ON_DEMAND', 'PROVISIONED'] }),
    customizationType: text('byCustomizationType', {
      oneOf: ['FINE_TUNING', 'CONTINUED_PRE_TRAINING', 'DISTILLATION'],
    }),
  };
  constraints.done();
  return filter;
};
