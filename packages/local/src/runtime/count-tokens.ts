import type { HttpResponse } from '../contract.js';
import { readConverseRequest } from '../dialects/converse-request.js';
import { invokeDialectOf } from '../dialects/invoke-dialects.js';
import type { RuntimeEngine } from '../engine/inference-engine.js';
import { isObject, objectOf } from '../json.js';
import { validation } from '../wire/bedrock-fault.js';
import type { RuntimeCall } from './runtime-call.js';

/** Answers CountTokens, which is free and takes the bare model id only. */
export function countTokens(call: RuntimeCall, engine: RuntimeEngine): HttpResponse {
  const found = engine.resolve(call.modelId);
  if (found === undefined) throw validation('The provided model identifier is invalid.');
  const { model, scope } = found;
  const bare = scope === 'inRegion' || (scope === 'govcloud' && !call.modelId.startsWith('us-gov.'));
  if (!bare || !model.capabilities.countTokens) {
    throw validation("The provided model doesn't support counting tokens.");
  }
  const { invokeModel, converse } = objectOf(call.body['input']);
  if (isObject(invokeModel) === isObject(converse)) {
    throw validation(
      'CountTokensInput object at input must set one of the following keys: invokeModel, converse.',
    );
  }
  const body = isObject(converse) ? converse : decodedBody(objectOf(invokeModel)['body']);
  const prompt = isObject(converse)
    ? readConverseRequest(body, model)
    : invokeDialectOf(model, body).readRequest(body, model);
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ inputTokens: engine.countInput(prompt, model.id) }),
  };
}

function decodedBody(base64: unknown): Readonly<Record<string, unknown>> {
  try {
    return objectOf(JSON.parse(Buffer.from(String(base64), 'base64').toString('utf8')));
  } catch {
    throw validation('Malformed input request, please reformat your input and try again.');
  }
}
