import type { BulkAnswer, BulkInvoker, BulkRecord, BulkWork } from '@costkit/core';
import { digestSet } from './digest-table.js';
import { book, type Spending, vectorsOf } from './embed-texts.js';
import type { EmbeddingModel } from './embedding-model.js';
import { EmbeddingError } from './errors.js';
import { piecesOf } from './pieces-of.js';
import type { Placement } from './read-workload.js';
import type { Spool } from './spool.js';
import type { EmbeddingIndex, Vector } from './types.js';

/** Vectors kept at once. */
const KEEP = 500;

/** Batch jobs that embed, and where their answers are kept. */
export interface Bulk {
  readonly invoker: BulkInvoker;
  readonly work: BulkWork;
  readonly index: EmbeddingIndex;
  readonly model: EmbeddingModel;
  readonly spending: Spending;
  /** Told how many texts were embedded so far. */
  readonly answered: (phase: 'resume' | 'bulk', texts: number) => void;
}

/** Keeps what jobs have answered that an earlier sync began. @returns how many texts */
export const resumeBulk = (bulk: Bulk): Promise<number> =>
  keepAnswers(bulk, 'resume', bulk.invoker.resume(bulk.work));

/** Embeds the texts that the index does not hold by batch jobs. Those that no job has answered are left. */
export async function embedInBulk(bulk: Bulk, chunks: Pick<Spool<Placement>, 'read'>): Promise<void> {
  await keepAnswers(bulk, 'bulk', bulk.invoker.invoke(bulk.work, recordsOf(bulk, chunks)));
}

async function* recordsOf(
  { index, model }: Bulk,
  chunks: Pick<Spool<Placement>, 'read'>,
): AsyncGenerator<BulkRecord> {
  const asked = digestSet();
  for await (const piece of chunks.read()) {
    const texts = piece.filter(({ hash }) => asked.add(hash));
    const there = await index.has(
      model.space,
      texts.map(({ hash }) => hash),
    );
    for (const { hash, text } of texts) {
      if (there.has(hash)) continue;
      yield {
        id: hash,
        body: JSON.stringify(model.dialect.body([text], 'document', model.askedDimensions)),
      };
    }
  }
}

async function keepAnswers(
  { index, model, spending, answered }: Bulk,
  phase: 'resume' | 'bulk',
  answers: AsyncIterable<readonly BulkAnswer[]>,
): Promise<number> {
  let texts = 0;
  for await (const group of answers) {
    for (const piece of piecesOf(group, KEEP)) {
      const vectors = new Map<string, Vector>();
      for (const answer of piece) {
        if (!answer.ok) continue;
        book(spending, { ...answer, tokens: answer.usage.input });
        const vector = vectorOf(answer, model);
        if (vector !== undefined) vectors.set(answer.id, vector);
      }
      if (vectors.size === 0) continue;
      await index.put(model.space, vectors);
      texts += vectors.size;
      answered(phase, texts);
    }
  }
  return texts;
}

/** `undefined` for an answer that is no vector: to be stopped by it would stop every sync from then on. */
function vectorOf(
  { id, body }: Extract<BulkAnswer, { ok: true }>,
  model: EmbeddingModel,
): Vector | undefined {
  try {
    return vectorsOf(body, [{ hash: id }], model).get(id);
  } catch (error) {
    if (error instanceof SyntaxError || EmbeddingError.isInstance(error)) return undefined;
    throw error;
  }
}
