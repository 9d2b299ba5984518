/** A passage that a search has found. */
export interface Chunk {
  readonly text: string;
  /** The search's own score; higher is better. All chunks have one, or none counts. */
  readonly score?: number | undefined;
  /** Which document it is from. Chunks of one document are put together, in the order of `position`. */
  readonly document?: string | undefined;
  /** Where it stands in its document: the number of the chunk, or the offset of its first character. */
  readonly position?: number | undefined;
}

/** Chunks of one document together, in the order in which they stand in it. */
export function byPlace(one: Chunk, other: Chunk): number {
  const [first = '', second = ''] = [one.document, other.document];
  if (first !== second) return first < second ? -1 : 1;
  return (one.position ?? 0) - (other.position ?? 0);
}
