import { estimateText } from './estimate-text.js';
import type { ConverseLikeRequest } from './types.js';

/** What a request adds up to, before the model's own factor. @internal */
export interface RequestTokens {
  tokens: number;
  readonly unknown: Set<string>;
}

/** Tokens that each message costs besides its content: role and separators. */
const MESSAGE_OVERHEAD_TOKENS = 4;

/** Adds up a Converse-like request in o200k tokens. @internal */
export function estimateRequest(request: ConverseLikeRequest): RequestTokens {
  const sum: RequestTokens = { tokens: 0, unknown: new Set() };
  for (const block of request.system ?? []) addBlock(block, sum);
  for (const message of request.messages ?? []) {
    sum.tokens += MESSAGE_OVERHEAD_TOKENS;
    for (const block of message.content ?? []) addBlock(block, sum);
  }
  if (request.toolConfig !== undefined) sum.tokens += estimateText(JSON.stringify(request.toolConfig));
  if (request.outputConfig !== undefined) sum.tokens += estimateText(JSON.stringify(request.outputConfig));
  return sum;
}

const MEDIA = ['image', 'document', 'video', 'audio'];

function addBlock(block: object, sum: RequestTokens): void {
  for (const [kind, value] of Object.entries(block)) {
    if (value === undefined || kind === 'cachePoint') continue;
    if (kind === 'text') sum.tokens += estimateText(String(value));
    else if (MEDIA.includes(kind)) sum.unknown.add(kind);
    else sum.tokens += estimateText(JSON.stringify(value));
  }
}
