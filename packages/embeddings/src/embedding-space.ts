import type { EmbeddingSpace } from './types.js';

/** Writes a space as text: `amazon.titan-embed-text-v2:0/1024`. */
export function spaceKey({ model, dimensions }: EmbeddingSpace): string {
  return `${model}/${dimensions}`;
}

/** Reads what {@link spaceKey} has written. */
export function parseSpaceKey(key: string): EmbeddingSpace {
  const slash = key.lastIndexOf('/');
  return { model: key.slice(0, slash), dimensions: Number(key.slice(slash + 1)) };
}
