import type { ModelReference } from './types.js';

/** The parts of an ARN that can stand where Bedrock takes a `modelId`. */
export interface ModelArn {
  readonly partition: string;
  /** Absent in ARNs that name none. */
  readonly region?: string;
  readonly reference: ModelReference;
  /** What follows the resource type, e.g. `anthropic.claude-opus-5-5` or `abcdef123456`. */
  readonly resource: string;
}

/**
 * Resource types of the `modelId` pattern in Bedrock's service model (botocore, `bedrock-runtime`).
 */
const REFERENCES: ReadonlyMap<string, ModelReference> = new Map([
  ['foundation-model', 'foundation-model'],
  ['inference-profile', 'inference-profile'],
  ['application-inference-profile', 'application-inference-profile'],
  ['provisioned-model', 'provisioned-model'],
  ['custom-model', 'custom-model'],
  ['custom-model-deployment', 'custom-model-deployment'],
  ['imported-model', 'imported-model'],
  ['prompt-router', 'prompt-router'],
  ['default-prompt-router', 'prompt-router'],
  ['prompt', 'prompt'],
]);

/** Reads an ARN that Bedrock takes as a `modelId`; `undefined` when the text is none. */
export function parseArn(text: string): ModelArn | undefined {
  if (!text.startsWith('arn:')) return undefined;
  const [, partition = '', service = '', region = '', , ...rest] = text.split(':');
  const path = rest.join(':');
  const slash = path.indexOf('/');
  if (slash <= 0 || slash === path.length - 1) return undefined;
  const type = path.slice(0, slash);
  const reference =
    service === 'bedrock'
      ? REFERENCES.get(type)
      : service === 'sagemaker' && type === 'endpoint'
        ? 'marketplace-endpoint'
        : undefined;
  if (reference === undefined) return undefined;
  return { partition, ...(region === '' ? {} : { region }), reference, resource: path.slice(slash + 1) };
}
