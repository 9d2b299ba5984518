import type { Block, BlockKind, Media, MediaKind } from '../request-view.js';
import { asArray, asRecord, type Body, jsonText } from './dialect-adapter.js';

/** What a block holds, as members of a block of a view. */
export interface Within {
  readonly text: string;
  readonly media?: readonly Media[];
}

const MEDIA: readonly MediaKind[] = ['image', 'document', 'video', 'audio'];

/** Reads content as media; `undefined` for any other. Converse and Nova name the member, Anthropic the type. */
function mediaOf(raw: unknown): Media | undefined {
  const part = asRecord(raw);
  for (const kind of MEDIA) {
    if (part[kind] !== undefined) return { kind, source: asRecord(part[kind])['source'] };
    if (part['type'] === kind) return { kind, source: part['source'] };
  }
  return undefined;
}

/** Reads a block without text of its own: media, or of a kind that has none. */
export function readTextless(block: Body): Within {
  const media = mediaOf(block);
  return { text: '', ...(media === undefined ? {} : { media: [media] }) };
}

// Conversations bring the same results again with every turn; each is read once.
const known = new WeakMap<object, Within>();

/**
 * Reads a tool result. Bytes of media are no text: read as one, a single screenshot would count as hundreds of thousands
 * of tokens.
 *
 * @param result - its parts, an object that has them as `content` and is counted with them, or a text.
 */
export function readToolResult(result: unknown): Within {
  if (typeof result !== 'object' || result === null) return { text: jsonText(result) };
  let within = known.get(result);
  if (within === undefined) {
    within = readParts(result);
    known.set(result, within);
  }
  return within;
}

function readParts(result: object): Within {
  const isList = Array.isArray(result);
  const parts = isList ? result : asArray(asRecord(result)['content']);
  const found = parts.map(mediaOf);
  const media = found.filter((one) => one !== undefined);
  if (media.length === 0) return { text: JSON.stringify(result) };
  const named = parts.map((part, index) => found[index]?.kind ?? part);
  return { text: JSON.stringify(isList ? named : { ...result, content: named }), media };
}

/** Whether there are blocks of a kind, or such media inside others. */
export const holds = (blocks: readonly Block[], kind: BlockKind): boolean =>
  blocks.some((block) => block.kind === kind || block.media?.some((inner) => inner.kind === kind) === true);
