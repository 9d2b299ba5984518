import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

const FOLDER = new URL('../../shared/data/retrieval/', import.meta.url);
const PIECE_CHARACTERS = 800;
const TURNS_PER_PIECE = 4;

/** A passage with the place of its first character. */
export interface Piece {
  readonly document: string;
  readonly position: number;
  readonly text: string;
}

/** Evidence: from one character of a document to another. */
export interface Span {
  readonly document: string;
  readonly start: number;
  readonly end: number;
}

/** A question, what may be sent along, and where the answer stands. */
export interface Question {
  readonly query: string;
  readonly pieces: readonly Piece[];
  readonly evidence: readonly Span[];
  readonly textOf: (span: Span) => string;
}

/** Whether the sets are beside the repository. */
export const hasRetrievalSets = (): boolean => existsSync(FOLDER);

function rowsOf<Row>(name: string): Row[] {
  return gunzipSync(readFileSync(new URL(`${name}.jsonl.gz`, FOLDER)))
    .toString('utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Row);
}

/** One of the five corpora of chunk evaluation. */
export interface ChunkEvalDocument {
  readonly doc_id: string;
  readonly text: string;
}

/** The five corpora, whole. */
export const chunkEvalDocuments = (): ChunkEvalDocument[] => rowsOf('chunkeval_docs');

/** Questions over them, and where their answers stand. */
export const chunkEvalQueries = (): {
  readonly doc_id: string;
  readonly query: string;
  readonly refs: readonly { readonly start: number; readonly end: number }[];
}[] => rowsOf('chunkeval_queries');

/** Questions over five corpora, cut into pieces of 800 characters that a search has yet to be made in. */
export function chunkEval(): readonly Question[] {
  const documents = chunkEvalDocuments();
  const texts = new Map(documents.map(({ doc_id, text }) => [doc_id, text]));
  const textOf = ({ document, start, end }: Span): string => (texts.get(document) ?? '').slice(start, end);
  const pieces = documents.flatMap(({ doc_id, text }) =>
    Array.from(
      { length: Math.ceil(text.length / PIECE_CHARACTERS) },
      (_, index): Piece => ({
        document: doc_id,
        position: index * PIECE_CHARACTERS,
        text: text.slice(index * PIECE_CHARACTERS, (index + 1) * PIECE_CHARACTERS),
      }),
    ),
  );
  return chunkEvalQueries().map(({ doc_id, query, refs }) => ({
    query,
    pieces,
    textOf,
    evidence: refs.map(({ start, end }) => ({ document: doc_id, start, end })),
  }));
}

/** Questions over the transcript of a meeting, four turns a piece. */
export function meetings(): readonly Question[] {
  const transcripts = new Map(
    rowsOf<{ doc_id: string; turns: [speaker: string, text: string][] }>('qmsum_docs').map(
      ({ doc_id, turns }) => {
        let position = 0;
        const placed = turns.map(([speaker, text]) => {
          const turn = { position, text: `${speaker}: ${text}\n` };
          position += turn.text.length;
          return turn;
        });
        const pieces = Array.from(
          { length: Math.ceil(turns.length / TURNS_PER_PIECE) },
          (_, index): Piece => {
            const own = placed.slice(index * TURNS_PER_PIECE, (index + 1) * TURNS_PER_PIECE);
            return {
              document: doc_id,
              position: own[0]?.position ?? 0,
              text: own.map(({ text }) => text).join(''),
            };
          },
        );
        return [doc_id, { placed, pieces }];
      },
    ),
  );
  return rowsOf<{ doc_id: string; query: string; spans: [number, number][] }>('qmsum_queries').map(
    ({ doc_id, query, spans }) => {
      const { placed = [], pieces = [] } = transcripts.get(doc_id) ?? {};
      return {
        query,
        pieces,
        textOf: ({ start, end }) =>
          placed
            .map(({ text }) => text)
            .join('')
            .slice(start, end),
        evidence: spans.map(([first, last]) => {
          const end = placed[last] ?? placed.at(-1);
          return {
            document: doc_id,
            start: placed[first]?.position ?? 0,
            end: (end?.position ?? 0) + (end?.text.length ?? 0),
          };
        }),
      };
    },
  );
}

/** A passage of MTRAG-UN. */
export interface MtragPassage {
  readonly doc_id: string;
  readonly text: string;
}

/** A turn of a conversation of MTRAG-UN, with the passages that answer it. */
export interface MtragTask {
  readonly messages: readonly (readonly [speaker: string, text: string])[];
  readonly context_ids: readonly string[];
}

/** Passages of MTRAG-UN: the union of all that answer something. */
export const mtragPassages = (): MtragPassage[] => rowsOf('mtragun_passages');

/** Its conversations. */
export const mtragTasks = (): MtragTask[] => rowsOf('mtragun_tasks');
