import type { Block } from '../request-view.js';
import { asArray, asText, type DialectAdapter, jsonText, NO_FEATURES } from './dialect-adapter.js';

/** A query of the bill holds up to so many documents (pricing page of Amazon Bedrock, Cohere Rerank). */
const DOCUMENTS_PER_QUERY = 100;

const textBlock = (text: string): Block => ({
  section: 'messages',
  kind: 'text',
  role: 'user',
  messageIndex: 0,
  text,
});

/**
 * Cohere and Amazon Rerank, which are billed by the query. That a document beyond 512 tokens counts as several is not
 * seen: answers do not say how many there were.
 */
export const rerank: DialectAdapter = {
  read: (body) => {
    const documents = asArray(body['documents']);
    return {
      units: { query: Math.ceil(documents.length / DOCUMENTS_PER_QUERY) },
      blocks: [asText(body['query']), ...documents.map(jsonText)].map(textBlock),
      cachePoints: [],
      maxTokens: undefined,
      features: NO_FEATURES,
    };
  },
  readAnswer: (body) => ({
    text: '',
    toolUses: [],
    stopReason: undefined,
    usage: Array.isArray(body['results']) ? { input: 0, output: 0 } : undefined,
  }),
};
