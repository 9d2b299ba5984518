import { type AccountState, type Fields, Refusal } from './account-state.js';

/** An operation's name, and what it answers. */
export type RestOperation = readonly [name: string, answer: () => Fields | undefined];

/** The part of Bedrock's control plane that alerts and doctor speak with. */
export function bedrockOperation(
  account: AccountState,
  method: string,
  path: string,
  body: string,
  region: string,
): RestOperation {
  const operations: Record<string, RestOperation> = {
    'GET /logging/modelinvocations': [
      'GetModelInvocationLoggingConfiguration',
      () => account.logging.get(region) ?? {},
    ],
    'PUT /logging/modelinvocations': [
      'PutModelInvocationLoggingConfiguration',
      () => void account.logging.set(region, JSON.parse(body) as Fields),
    ],
    'DELETE /logging/modelinvocations': [
      'DeleteModelInvocationLoggingConfiguration',
      () => void account.logging.delete(region),
    ],
    'GET /foundation-models': [
      'ListFoundationModels',
      () => ({
        modelSummaries: [
          {
            modelId: 'amazon.nova-lite-v1:0',
            modelArn: 'arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0',
          },
        ],
      }),
    ],
    'GET /inference-profiles': ['ListInferenceProfiles', () => ({ inferenceProfileSummaries: [] })],
  };
  const known = operations[`${method} ${path}`];
  if (known !== undefined) return known;
  const modelId = /^\/foundation-model-availability\/(.+)$/.exec(path)?.[1];
  if (modelId === undefined) throw new Refusal('UnknownOperationException', path, 404);
  return [
    'GetFoundationModelAvailability',
    () => ({
      modelId: decodeURIComponent(modelId),
      agreementAvailability: { status: 'AVAILABLE' },
      authorizationStatus: 'AUTHORIZED',
      entitlementAvailability: 'AVAILABLE',
      regionAvailability: 'AVAILABLE',
    }),
  ];
}
