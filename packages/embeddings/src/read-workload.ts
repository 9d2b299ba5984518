import { estimateTokens } from '@costkit/tokens';
import { chunkText, type TextChunk } from './chunk-text.js';
import { contentHash } from './content-hash.js';
import { type DigestSet, digestMap, digestSet } from './digest-table.js';
import { EmbeddingError } from './errors.js';
import { storableDocument } from './storable-document.js';
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
  readonly changed: number;
  /** Texts without a vector, each counted once; tokens are estimated. */
  readonly pending: { readonly texts: number; readonly tokens: number; readonly highTokens: number };
  /** Changed records whose vectors the index holds. */
  readonly reused: number;
  /** What the sink holds and the source does not. */
  readonly stale: { readonly size: number; rest(): Iterable<string> };
  /** Records of the sink by space, of other spaces only. */
  readonly otherSpaces: ReadonlyMap<string, number>;
  /** Tokens of all texts of the corpus, each counted once, estimated. */
  readonly allTokens: number;
}

/** Records looked up at once. */
const PIECE = 100;

async function* documentsOf(source: DocumentSource): AsyncGenerator<SourceDocument> {
  yield* typeof source === 'function' ? source() : source;
}

function checkDocument(document: SourceDocument, seen: DigestSet): void {
  const { id, text, metadata } = (document ?? {}) as Partial<SourceDocument>;
  const problem =
    typeof id !== 'string' || id === ''
      ? 'a document has no id. Give each one'
      : typeof text !== 'string'
        ? `document "${id}" has no text. Give it one, if only an empty one`
        : metadata !== undefined && (typeof metadata !== 'object' || metadata === null)
          ? `the metadata of document "${id}" is no object. Give texts, numbers or booleans by name`
          : seen.add(contentHash(id))
            ? undefined
            : `two documents are called "${id}". Give each its own id`;
  if (problem !== undefined) throw new EmbeddingError('COSTKIT_EMBEDDINGS_SOURCE_INVALID', problem);
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
 * Reads the sink's entries and the source, and compares them. No text is kept: of each chunk one or two hundred bytes are, of each
 * that has changed some more.
 *
 * @throws {@link EmbeddingError} `COSTKIT_EMBEDDINGS_SOURCE_INVALID` for a document that cannot be used.
 */
export async function readWorkload(
  {
    source,
    sink,
    index,
    read,
    changed,
  }: {
    readonly source: DocumentSource;
    readonly sink: VectorSink;
    readonly index: EmbeddingIndex;
    /** Told how many documents have been read. */
    readonly read: (documents: number) => void;
    /** Takes what the sink does not hold as it is, in the order of the source. */
    readonly changed: (piece: readonly Placement[]) => Promise<void>;
  },
  checked: CheckedSync,
): Promise<Workload> {
  const { space, resolved } = checked.model;
  const model = resolved.model.id;
  const held = digestMap();
  const otherSpaces = new Map<string, number>();
  for await (const entry of sink.list()) {
    held.set(entry.id, entry.revision);
    if (entry.space !== space) otherSpaces.set(entry.space, (otherSpaces.get(entry.space) ?? 0) + 1);
  }
  const documents = digestSet();
  const texts = digestSet();
  const counts = countChanged(index, space, model);
  let piece: Placement[] = [];
  let [chunks, unchanged, allTokens] = [0, 0, 0];
  const handOn = async (): Promise<void> => {
    await counts.take(piece);
    await changed(piece);
    piece = [];
  };
  for await (const document of documentsOf(source)) {
    checkDocument(document, documents);
    for (const placement of placementsOf(storableDocument(document), checked)) {
      chunks += 1;
      if (texts.add(placement.hash)) allTokens += estimateTokens(placement.text, { model }).tokens;
      if (held.take(placement.id) === placement.revision) unchanged += 1;
      else piece.push(placement);
      if (piece.length === PIECE) await handOn();
    }
    read(documents.size);
  }
  if (piece.length > 0) await handOn();
  return {
    documents: documents.size,
    chunks,
    unchanged,
    ...counts.result(),
    stale: held,
    otherSpaces,
    allTokens,
  };
}

/** Counts which changed records have vectors, and what the others will take. */
function countChanged(index: EmbeddingIndex, space: string, model: string) {
  const [known, pending] = [digestSet(), digestSet()];
  let [changed, reused, tokens, highTokens] = [0, 0, 0, 0];
  return {
    take: async (piece: readonly Placement[]): Promise<void> => {
      const asked = piece.map(({ hash }) => hash).filter((hash) => !known.has(hash) && !pending.has(hash));
      const there = await index.has(space, [...new Set(asked)]);
      changed += piece.length;
      for (const { hash, text } of piece) {
        if (there.has(hash)) known.add(hash);
        if (known.has(hash)) reused += 1;
        else if (pending.add(hash)) {
          const estimate = estimateTokens(text, { model });
          tokens += estimate.tokens;
          highTokens += estimate.high;
        }
      }
    },
    result: (): Pick<Workload, 'changed' | 'pending' | 'reused'> => ({
      changed,
      reused,
      pending: { texts: pending.size, tokens, highTokens },
    }),
  };
}
