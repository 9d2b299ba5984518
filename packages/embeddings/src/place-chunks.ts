import { estimateTokens } from '@costkit/tokens';
import type { PendingText, TextEmbedder } from './embed-texts.js';
import type { EmbeddingModel } from './embedding-model.js';
import { inParallel } from './in-parallel.js';
import { piecesOf } from './pieces-of.js';
import type { Placement } from './read-workload.js';
import type { EmbeddingIndex, SinkRecord, Vector, VectorSink } from './types.js';

/** Records written at once. */
const WRITE = 100;
/** A text that stands in more places than this is waited for, so that they need not all be held. */
const MOST_WAITING = 1_000;

/** Where chunks are placed, and what makes their vectors. */
export interface Placing {
  readonly sink: VectorSink;
  readonly index: EmbeddingIndex;
  readonly model: EmbeddingModel;
  readonly embedder: TextEmbedder;
  readonly concurrency: number;
  readonly signal: AbortSignal | undefined;
  /** Told how many records were written whose vectors were there. */
  readonly placed: (records: number) => void;
  /** Told how many texts were embedded; what it throws ends the work. */
  readonly embedded: (texts: number) => void;
}

/** Texts of one request, and all places at which they stand. */
interface Group {
  readonly texts: PendingText[];
  readonly places: Map<string, Placement[]>;
  waiting: number;
  /** Resolves when it is embedded and placed, or never will be. */
  readonly done: Promise<void>;
  end(): void;
}

function newGroup(): Group {
  let end = (): void => undefined;
  const done = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { texts: [], places: new Map(), waiting: 0, done, end: () => end() };
}

/**
 * Writes chunks to the sink as they are read: those whose vectors the index holds at once, the others when they are
 * embedded. A text is embedded once, and what is paid is kept before anything else is done with it.
 */
export async function placeChunks(
  chunks: AsyncIterable<readonly Placement[]>,
  placing: Placing,
): Promise<void> {
  const { index, model, embedder, concurrency, embedded } = placing;
  const onTheirWay = new Map<string, Group>();
  const embed = async (group: Group): Promise<void> => {
    try {
      const vectors = await embedder.embed(group.texts, 'document');
      await index.put(model.space, vectors);
      // From here on the index answers for them.
      for (const hash of vectors.keys()) onTheirWay.delete(hash);
      await place(placing.sink, [...group.places.values()].flat(), vectors);
      embedded(vectors.size);
    } finally {
      group.end();
    }
  };
  await inParallel(groupsOf(chunks, placing, onTheirWay), concurrency, embed);
}

/** Places what is known, and hands on what must be embedded. */
async function* groupsOf(
  chunks: AsyncIterable<readonly Placement[]>,
  { sink, index, model, signal, placed }: Placing,
  onTheirWay: Map<string, Group>,
): AsyncGenerator<Group> {
  let group = newGroup();
  for await (const piece of chunks) {
    signal?.throwIfAborted();
    // Whose text is on its way joins it before anything is waited for: later the index may know it, or not yet.
    const others = piece.filter((placement) => !join(onTheirWay.get(placement.hash), placement));
    const hashes = new Set(others.map(({ hash }) => hash));
    const known = hashes.size === 0 ? new Map() : await index.get(model.space, [...hashes]);
    const [there, missing] = [[] as Placement[], [] as Placement[]];
    for (const placement of others) (known.has(placement.hash) ? there : missing).push(placement);
    await place(sink, there, known);
    if (there.length > 0) placed(there.length);
    const full: Group[] = [];
    // All of the piece before any is handed on: one that is embedded meanwhile would be on its way no more.
    for (const placement of missing) {
      if (join(onTheirWay.get(placement.hash), placement)) continue;
      const { hash, text } = placement;
      const { tokens } = estimateTokens(text, { model: model.resolved.model.id });
      group.texts.push({ hash, text, tokens });
      group.places.set(hash, []);
      join(group, placement);
      onTheirWay.set(hash, group);
      if (group.texts.length < model.dialect.mostTexts) continue;
      full.push(group);
      group = newGroup();
    }
    yield* full;
    for (const crowded of crowdedOf(piece, onTheirWay)) {
      if (crowded === group) {
        yield group;
        group = newGroup();
      }
      await crowded.done;
    }
  }
  if (group.texts.length > 0) yield group;
}

function join(group: Group | undefined, placement: Placement): boolean {
  const places = group?.places.get(placement.hash);
  if (group === undefined || places === undefined) return false;
  places.push(placement);
  group.waiting += 1;
  return true;
}

function crowdedOf(piece: readonly Placement[], onTheirWay: ReadonlyMap<string, Group>): Set<Group> {
  const groups = piece.map(({ hash }) => onTheirWay.get(hash)).filter((group) => group !== undefined);
  return new Set(groups.filter(({ waiting }) => waiting >= MOST_WAITING));
}

async function place(
  sink: VectorSink,
  placements: readonly Placement[],
  vectors: ReadonlyMap<string, Vector>,
): Promise<void> {
  for (const piece of piecesOf(placements, WRITE)) {
    await sink.upsert(
      piece.map(
        (placement): SinkRecord => ({
          ...placement,
          vector: vectors.get(placement.hash) as Vector,
        }),
      ),
    );
  }
}
