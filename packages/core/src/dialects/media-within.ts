import type { MediaKind } from '../request-view.js';
import { asArray, asRecord, type Body, jsonText } from './dialect-adapter.js';

/** What a block around other content holds, as members of a block of a view. */
export interface Within {
  readonly text: string;
  readonly media?: readonly MediaKind[];
}

const MEDIA: readonly MediaKind[] = ['image', 'document', 'video', 'audio'];

/** Converse and Nova name the member, Anthropic the type. */
function mediaKindOf(part: unknown): MediaKind | undefined {
  const fields = asRecord(part);
  return MEDIA.find((kind) => fields[kind] !== undefined || fields['type'] === kind);
}

/** The parts of a tool result with the kinds of media in place of media; `undefined` where there are none. */
function withoutMedia(
  content: unknown,
): { parts: readonly unknown[]; media: readonly MediaKind[] } | undefined {
  const parts = asArray(content);
  const kinds = parts.map(mediaKindOf);
  const media = kinds.filter((kind) => kind !== undefined);
  return media.length === 0 ? undefined : { parts: parts.map((part, index) => kinds[index] ?? part), media };
}

/**
 * Reads the content of a tool result. Bytes of media are no text: read as one, a single screenshot would count as
 * hundreds of thousands of tokens.
 *
 * @param content - the parts, or a text.
 * @param result - what is around them and is counted with them.
 */
export function readToolResult(content: unknown, result?: Body): Within {
  const found = withoutMedia(content);
  if (found === undefined) return { text: jsonText(result ?? content) };
  const { parts, media } = found;
  return { text: JSON.stringify(result === undefined ? parts : { ...result, content: parts }), media };
}
