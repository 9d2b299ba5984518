import { asArray, asText, type DialectAdapter, jsonText } from './dialect-adapter.js';
import { textsOnly } from './texts-only.js';

/** A query of the bill holds up to so many documents (pricing page of Amazon Bedrock, Cohere Rerank). */
const DOCUMENTS_PER_QUERY = 100;

/**
 * Cohere and Amazon Rerank, which are billed by the query. That a document beyond 512 tokens counts as several is not
 * seen: answers do not say how many there were.
 */
export const rerank: DialectAdapter = textsOnly({
  textsOf: (body) => [asText(body['query']), ...asArray(body['documents']).map(jsonText)],
  unitsOf: (body) => ({ query: Math.ceil(asArray(body['documents']).length / DOCUMENTS_PER_QUERY) }),
  usageOf: (body) => (Array.isArray(body['results']) ? { input: 0, output: 0 } : undefined),
});
