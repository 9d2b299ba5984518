import type { Dialect } from '@costkit/pricing';
import { anthropic } from './anthropic.js';
import type { Body, DialectAdapter } from './dialect-adapter.js';
import { cohereEmbed, novaEmbed, titanEmbed } from './embeddings.js';
import { nova } from './nova.js';
import { openai } from './openai.js';
import { ai21, cohereCommand, cohereCommandR, llama, mistral, titanText } from './prompt-bodies.js';
import { rerank } from './rerank.js';

const ADAPTERS: Readonly<Partial<Record<Dialect, DialectAdapter>>> = {
  anthropic,
  nova,
  openai,
  llama,
  mistral,
  ai21,
  'titan-text': titanText,
  'cohere-command': cohereCommand,
  'titan-embed': titanEmbed,
  'titan-embed-image': titanEmbed,
  'cohere-embed': cohereEmbed,
  'nova-embed': novaEmbed,
  rerank,
};

/** Bodies that say themselves what they are: needed for ARNs that do not name their model. */
function dialectOfBody(body: Body): Dialect {
  if (body['anthropic_version'] !== undefined) return 'anthropic';
  if (body['inferenceConfig'] !== undefined || body['schemaVersion'] !== undefined) return 'nova';
  if (body['max_gen_len'] !== undefined) return 'llama';
  if (body['textGenerationConfig'] !== undefined) return 'titan-text';
  return 'unknown';
}

/**
 * The dialect of a body and how to read it. Several families answer to two body shapes (Mistral and AI21 also
 * take OpenAI-style messages), so the body has a say. `undefined`: no view knows it.
 */
export function findDialect(
  dialect: Dialect | undefined,
  body: Body,
): { readonly dialect: Dialect; readonly adapter: DialectAdapter } | undefined {
  const named = dialect === undefined || dialect === 'unknown' ? dialectOfBody(body) : dialect;
  const chat = Array.isArray(body['messages']);
  if (chat && (named === 'mistral' || named === 'ai21' || named === 'llama'))
    return { dialect: named, adapter: openai };
  // A text completion, say: read as a conversation it would count as empty.
  if (!chat && named === 'openai') return undefined;
  if (named === 'cohere-command' && body['message'] !== undefined)
    return { dialect: named, adapter: cohereCommandR };
  const adapter = ADAPTERS[named];
  return adapter === undefined ? undefined : { dialect: named, adapter };
}
