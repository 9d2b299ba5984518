import { UnknownModelError } from './errors.js';
import { type ModelArn, parseArn } from './parse-arn.js';
import { resolveModel } from './resolve-model.js';
import type { ModelLookup } from './resolve-model-async.js';
import type { Billing, ModelReference, ResolvedModel } from './types.js';

/** An ARN may lead to an ARN: deployment → custom model → base model. */
const MAX_STEPS = 5;
const MAX_REMEMBERED = 1_000;

/** A call through these is not paid by token. */
const BILLING: { readonly [Reference in ModelReference]?: Billing } = {
  'provisioned-model': 'provisioned',
  // Billed by the instance hour of an endpoint that the catalogue does not know.
  'marketplace-endpoint': 'unknown',
  // Cannot be called by itself: only through provisioned throughput or a deployment, which have ARNs of their own.
  'custom-model': 'unknown',
};

const REMEMBERED = new WeakMap<
  (arn: string) => Promise<string | undefined>,
  Map<string, Promise<string | undefined>>
>();

async function ask(lookup: ModelLookup, arn: string): Promise<string | undefined> {
  if (typeof lookup !== 'function') {
    return lookup instanceof Map
      ? lookup.get(arn)
      : Object.hasOwn(lookup, arn)
        ? (lookup as Record<string, string>)[arn]
        : undefined;
  }
  let answers = REMEMBERED.get(lookup);
  if (answers === undefined) {
    answers = new Map();
    REMEMBERED.set(lookup, answers);
  }
  const known = answers.get(arn);
  if (known !== undefined) return known;
  const answer = lookup(arn);
  if (answers.size >= MAX_REMEMBERED) answers.clear();
  answers.set(arn, answer);
  try {
    const target = await answer;
    if (target === undefined) answers.delete(arn);
    return target;
  } catch (error) {
    answers.delete(arn);
    throw error;
  }
}

/** What `resolveModelAsync` does; loaded by its first call, because most applications never make one. */
export async function followLookup(idOrArn: string, lookup: ModelLookup): Promise<ResolvedModel> {
  const passed: ModelArn[] = [];
  let next = idOrArn;
  for (let step = 0; step < MAX_STEPS; step += 1) {
    const resolved = resolveModel(next);
    if (resolved !== undefined) return withPath(resolved, idOrArn, passed);
    const arn = parseArn(next);
    const answer = arn === undefined ? undefined : await ask(lookup, next);
    if (arn === undefined || answer === undefined) throw new UnknownModelError(idOrArn, advice(next, arn));
    passed.push(arn);
    next = answer;
  }
  throw new UnknownModelError(
    idOrArn,
    `The lookup leads from ARN to ARN ${MAX_STEPS} times without reaching a model.`,
  );
}

function advice(text: string, arn: ModelArn | undefined): string {
  if (arn === undefined)
    return 'Pass a foundation-model id, an inference profile or an ARN that Bedrock takes as modelId.';
  if (arn.reference === 'foundation-model' || arn.reference === 'inference-profile') {
    return 'It names a model that the catalogue does not have. Update @costkit/pricing, or add the model to its data.';
  }
  return `"${text}" names an object of type ${arn.reference}, whose ARN does not say its model. Name the model in \`lookup\`, e.g. { "${text}": "us.amazon.nova-lite-v1:0" }, or use bedrockLookup.`;
}

/** What the ARNs on the way to the model say about how a call is paid. */
function withPath(resolved: ResolvedModel, input: string, passed: readonly ModelArn[]): ResolvedModel {
  const [first] = passed;
  if (first === undefined) return resolved;
  const references = passed.map(({ reference }) => reference);
  const isDeployment = references.includes('custom-model-deployment');
  const paid = references.find(
    (reference) => BILLING[reference] !== undefined && !(isDeployment && reference === 'custom-model'),
  );
  const billing = references.includes('provisioned-model')
    ? 'provisioned'
    : paid === undefined
      ? resolved.billing
      : BILLING[paid];
  const region = first.region ?? resolved.region;
  return {
    input,
    reference: first.reference,
    model: resolved.model,
    scope: isDeployment ? 'custom' : resolved.scope,
    ...(region === undefined ? {} : { region }),
    ...(billing === undefined ? {} : { billing }),
  };
}
