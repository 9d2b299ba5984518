import { estimateTokens } from '@costkit/tokens';
import { chunkText, type TextChunk } from './chunk-text.js';
import { contentHash } from './content-hash.js';
import type { PendingText } from './embed-texts.js';
import { EmbeddingError } from './errors.js';
import { piecesOf } from './pieces-of.js';
import type { CheckedSync } from './sync-options.js';
import type { DocumentSource, EmbeddingIndex, SinkRecord, SourceDocument, VectorSink } from './types.js';

/** A record that still needs its vector. */
export type Placement = Omit<SinkRecord, 'vector'>;

/** What stands between the source and the sink. */
export interface Workload {
  readonly documents: number;
  readonly chunks: number;
  readonly unchanged: number;
  /** Records that the sink does not hold as they are. */
  readonly placements: readonly Placement[];
  /** Texts without a vector, each once. */
  readonly pending: readonly (PendingText & { readonly highTokens: number })[];
  /** Placements whose vectors the index holds. */
  readonly reused: number;
  /** Ids that the sink holds and the source does not. */
  readonly stale: readonly string[];
  /** Records of the sink by space, of other spaces only. */
  readonly otherSpaces: ReadonlyMap<string, number>;
  /** Tokens of all texts of the corpus, each counted once, estimated. */
  readonly allTokens: number;
}

/** Records looked up at once. */
const PIECE = 500;

async function* documentsOf(source: DocumentSource): AsyncGenerator<SourceDocument> {
  yield* typeof source === 'function' ? source() : source;
}

function checkDocument(document: SourceDocument, seen: Set<string>): void {
  const { id, text, metadata } = (document ?? {}) as Partial<SourceDocument>;
  const problem =
    typeof id !== 'string' || id === ''
      ? 'a document has no id. Give each one'
      : typeof text !== 'string'
        ? `document "${id}" has no text. Give it one, if only an empty one`
        : metadata !== undefined && (typeof metadata !== 'object' || metadata === null)
          ? `the metadata of document "${id}" is no object. Give texts, numbers or booleans by name`
          : seen.has(id)
            ? `two documents are called "${id}". Give each its own id`
            : undefined;
  if (problem !== undefined) throw new EmbeddingError('COSTKIT_EMBEDDINGS_SOURCE_INVALID', problem);
  seen.add(id as string);
}

/** The records of a document, in order; chunks of nothing but blanks are none. */
function placementsOf(
  { id: document, text, metadata }: SourceDocument,
  { model, chunk }: CheckedSync,
): Placement[] {
  const occurrences = new Map<string, number>();
  return chunkText(text, chunk)
    .map(
      (part): TextChunk => ({
        ...part,
        text: part.text.trim(),
        start: part.start + leadingBlanks(part.text),
      }),
    )
    .filter((part) => part.text !== '')
    .map((part, position) => {
      const hash = contentHash(part.text);
      const occurrence = occurrences.get(hash) ?? 0;
      occurrences.set(hash, occurrence + 1);
      return {
        id: contentHash(model.space, document, hash, String(occurrence)),
        space: model.space,
        document,
        position,
        start: part.start,
        hash,
        revision: contentHash(String(position), String(part.start), JSON.stringify(metadata ?? {})),
        text: part.text,
        ...(metadata === undefined ? {} : { metadata }),
      };
    });
}

const leadingBlanks = (text: string): number => text.length - text.trimStart().length;

/**
 * Reads the sink's entries and the source, and compares them. Texts are kept only of what has changed.
 *
 * @param read - told how many documents have been read.
 * @throws {@link EmbeddingError} `COSTKIT_EMBEDDINGS_SOURCE_INVALID` for a document that cannot be used.
 */
export async function readWorkload(
  {
    source,
    sink,
    index,
    read,
  }: {
    readonly source: DocumentSource;
    readonly sink: VectorSink;
    readonly index: EmbeddingIndex;
    readonly read: (documents: number) => void;
  },
  checked: CheckedSync,
): Promise<Workload> {
  const { space, resolved } = checked.model;
  const held = new Map<string, string>();
  const otherSpaces = new Map<string, number>();
  for await (const entry of sink.list()) {
    held.set(entry.id, entry.revision);
    if (entry.space !== space) otherSpaces.set(entry.space, (otherSpaces.get(entry.space) ?? 0) + 1);
  }
  const seen = new Set<string>();
  const texts = new Set<string>();
  const placements: Placement[] = [];
  let [chunks, unchanged, allTokens] = [0, 0, 0];
  for await (const document of documentsOf(source)) {
    checkDocument(document, seen);
    for (const placement of placementsOf(document, checked)) {
      chunks += 1;
      if (!texts.has(placement.hash)) {
        texts.add(placement.hash);
        allTokens += estimateTokens(placement.text, { model: resolved.model.id }).tokens;
      }
      if (held.get(placement.id) === placement.revision) unchanged += 1;
      else placements.push(placement);
      held.delete(placement.id);
    }
    read(seen.size);
  }
  return {
    documents: seen.size,
    chunks,
    unchanged,
    placements,
    ...(await missingOf(placements, index, space, resolved.model.id)),
    stale: [...held.keys()],
    otherSpaces,
    allTokens,
  };
}

async function missingOf(
  placements: readonly Placement[],
  index: EmbeddingIndex,
  space: string,
  model: string,
): Promise<Pick<Workload, 'pending' | 'reused'>> {
  const byHash = new Map(placements.map(({ hash, text }) => [hash, text]));
  const pending: (PendingText & { readonly highTokens: number })[] = [];
  const known = new Set<string>();
  for (const piece of piecesOf([...byHash.keys()], PIECE)) {
    const there = await index.has(space, piece);
    for (const hash of piece) {
      if (there.has(hash)) {
        known.add(hash);
        continue;
      }
      const text = byHash.get(hash) ?? '';
      const { tokens, high } = estimateTokens(text, { model });
      pending.push({ hash, text, tokens, highTokens: high });
    }
  }
  return { pending, reused: placements.filter(({ hash }) => known.has(hash)).length };
}
