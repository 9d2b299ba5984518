import type { SourceDocument } from './types.js';

/** Stands for what cannot be kept: as long as it, so that offsets stay. */
const REPLACEMENT = '\uFFFD';

const storableText = (text: string): string =>
  text.replaceAll('\u0000', REPLACEMENT).replace(/\p{Surrogate}/gu, REPLACEMENT);

/**
 * A document as every store can keep it, with U+FFFD for null characters and halves of surrogate pairs, as texts out of PDF files
 * have them: PostgreSQL refuses both, and SQLite ends a text at the first.
 */
export function storableDocument({ id, text, metadata }: SourceDocument): SourceDocument {
  const document = { id: storableText(id), text: storableText(text) };
  if (metadata === undefined) return document;
  const entries = Object.entries(metadata).map(([name, value]) => [
    storableText(name),
    typeof value === 'string' ? storableText(value) : value,
  ]);
  return { ...document, metadata: Object.fromEntries(entries) as NonNullable<SourceDocument['metadata']> };
}
