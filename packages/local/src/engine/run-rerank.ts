import type { JsonObject } from '../json.js';
import { arrayOf, isObject, textOf } from '../json.js';
import { embedText } from '../models/embed-text.js';
import type { BillLine } from '../money/ledger.js';
import { validation } from '../wire/bedrock-fault.js';
import { readCallMode } from './call-mode.js';
import { type EngineParts, type InferenceCall, lineHead } from './engine-parts.js';
import type { ServedModel } from './resolve-model.js';

const MOST_DOCUMENTS = 1_000;
const DOCUMENTS_PER_QUERY = 100;
const DIMENSIONS = 256;

/** A finished rerank call. */
export interface RerankResult {
  readonly body: JsonObject;
  readonly line: BillLine;
}

/**
 * Orders documents by their likeness to a query and bills one query for every hundred documents begun. That longer
 * documents count as several is not modelled.
 *
 * @throws {@link BedrockFault} when the service would refuse the body.
 */
export function runRerank(
  parts: EngineParts,
  call: InferenceCall,
  served: ServedModel,
  body: JsonObject,
): RerankResult {
  const { model, scope, billing } = served;
  const mode = call.mode ?? readCallMode(call.requestedMode, model, parts.reservedModels);
  const query = textOf(body['query']);
  const documents = arrayOf(body['documents']).map((document) =>
    typeof document === 'string' ? document : JSON.stringify(isObject(document) ? document : ''),
  );
  if (query === '') throw validation('Malformed input request: #: required key [query] not found');
  if (documents.length === 0 || documents.length > MOST_DOCUMENTS) {
    throw validation(`Malformed input request: #/documents: expected 1 to ${MOST_DOCUMENTS} items`);
  }
  const line = parts.ledger.book({
    ...lineHead(call),
    model,
    scope,
    mode,
    billing,
    tokens: { input: 0, output: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, cacheWrite30m: 0 },
    units: { query: Math.ceil(documents.length / DOCUMENTS_PER_QUERY) },
    answerComplete: true,
  });
  const most = typeof body['top_n'] === 'number' ? body['top_n'] : documents.length;
  const wanted = embedText(query, DIMENSIONS);
  const results = documents
    .map((text, index) => ({ index, relevance_score: likeness(wanted, embedText(text, DIMENSIONS)) }))
    .sort((one, other) => other.relevance_score - one.relevance_score || one.index - other.index)
    .slice(0, most);
  return { body: { results }, line };
}

/** 0 to 1, for vectors of length 1. */
function likeness(one: readonly number[], other: readonly number[]): number {
  const cosine = one.reduce((sum, value, index) => sum + value * (other[index] ?? 0), 0);
  return Math.min(1, Math.max(0, (1 + cosine) / 2));
}
