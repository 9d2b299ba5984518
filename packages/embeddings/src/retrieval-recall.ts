import type { SinkMatch } from './types.js';

/** Where an answer stands. */
export interface Evidence {
  /** Id of the document. */
  readonly document: string;
  /** Offset of its first character. @defaultValue 0 */
  readonly start?: number;
  /** Offset behind its last character. @defaultValue any chunk of the document will do */
  readonly end?: number;
}

/** A question, and where its answer stands. */
export interface EvidenceQuery {
  /** The question. */
  readonly query: string;
  /** All places that belong to the answer. */
  readonly evidence: readonly Evidence[];
}

type Found = Pick<SinkMatch, 'document' | 'start' | 'text'>;

/** The share of the evidence that chunks hold, 0 to 1: by characters, or by documents where no end is given. */
export function recallOf(evidence: readonly Evidence[], found: readonly Found[]): number {
  let [whole, held] = [0, 0];
  for (const { document, start = 0, end } of evidence) {
    const own = found
      .filter((chunk) => chunk.document === document)
      .sort((one, other) => one.start - other.start);
    if (end === undefined) {
      whole += 1;
      held += own.length > 0 ? 1 : 0;
      continue;
    }
    whole += end - start;
    let upTo = start;
    for (const chunk of own) {
      const [from, to] = [Math.max(chunk.start, upTo), Math.min(chunk.start + chunk.text.length, end)];
      if (to <= from) continue;
      held += to - from;
      upTo = to;
    }
  }
  return whole === 0 ? 0 : held / whole;
}
