import type { MeasuredRecall, RecallQuery } from '@costkit/planner';
import { CliUsageError } from '../cli-error.js';
import { readQueries } from '../embed/read-queries.js';
import { readVectors } from './read-vectors.js';

/** A sample of the user's own vectors, and what is asked of them. */
export interface RecallSample {
  /** JSON lines or Parquet of vectors, or a store of `costkit embed` (`.db`). */
  readonly sample: string;
  /** JSON lines or Parquet of vectors; of a store the questions of `costkit embed --queries`. @defaultValue the sample's own */
  readonly questions?: string;
}

/** What was measured. */
export interface RecallOfSample {
  readonly recall: readonly MeasuredRecall[];
  /** Components of the sample's vectors. */
  readonly dimensions: number;
  /** Where it was measured, for people. */
  readonly source: string;
}

interface Sample {
  readonly ids: readonly string[];
  readonly vectors: readonly ArrayLike<number>[];
  /** Embeds a question with the model of the sample. */
  readonly embed?: (query: string) => Promise<ArrayLike<number>>;
}

/** Without questions so many vectors are asked for their neighbours. */
const OWN_QUESTIONS = 200;
/** Every question is compared with every vector, in twelve shapes. */
const MOST_VECTORS = 20_000;
const STORE = /\.(?:db|sqlite)$/;

async function storeSample(file: string): Promise<Sample> {
  const { createQueryEmbedder, libsqlStore, parseSpaceKey, storedVectors } = await import(
    '@costkit/embeddings'
  );
  const store = libsqlStore({ file });
  try {
    const { space, vectors } = await storedVectors(store);
    const embed = async (query: string): Promise<ArrayLike<number>> => {
      const { BedrockRuntimeClient } = await import('@aws-sdk/client-bedrock-runtime');
      embedder ??= createQueryEmbedder({ client: new BedrockRuntimeClient({}), ...parseSpaceKey(space) });
      return embedder.embed(query);
    };
    let embedder: ReturnType<typeof createQueryEmbedder> | undefined;
    return { ids: [...vectors.keys()], vectors: [...vectors.values()], embed };
  } finally {
    store.close();
  }
}

async function fileSample(file: string): Promise<Sample> {
  const rows = await readVectors(file);
  return { ids: rows.map(({ id }) => id), vectors: rows.map(({ vector }) => vector) };
}

/** Every so-many-th vector as a question; it is not its own neighbour, so it is no vector of the sample. */
function ownQuestions({ vectors }: Sample): {
  readonly vectors: readonly ArrayLike<number>[];
  readonly queries: RecallQuery[];
} {
  const step = Math.max(2, Math.ceil(vectors.length / OWN_QUESTIONS));
  const isAsked = (index: number): boolean => index % step === 0;
  return {
    vectors: vectors.filter((_, index) => !isAsked(index)),
    queries: vectors.filter((_, index) => isAsked(index)).map((vector) => ({ vector })),
  };
}

async function queriesOf({ ids, embed }: Sample, file: string): Promise<RecallQuery[]> {
  if (embed !== undefined) {
    const queries: RecallQuery[] = [];
    for (const { query } of await readQueries(file)) queries.push({ vector: await embed(query) });
    return queries;
  }
  const places = new Map(ids.map((id, index) => [id, index]));
  return (await readVectors(file)).map(({ id, vector, relevant }) => {
    const unknown = relevant?.find((one) => !places.has(one));
    if (unknown !== undefined) {
      throw new CliUsageError(
        `question "${id}" of "${file}" names "${unknown}", which is no vector of the sample. Name their ids`,
        'COSTKIT_INVALID_OPTION',
      );
    }
    return relevant === undefined
      ? { vector }
      : { vector, relevant: relevant.map((one) => places.get(one) as number) };
  });
}

/**
 * Measures what smaller vectors miss on the user's own.
 *
 * @throws `CliUsageError` for files that cannot be used, and more vectors than are compared.
 */
export async function recallOfSample({ sample: file, questions }: RecallSample): Promise<RecallOfSample> {
  const [{ measureRecall }, sample] = await Promise.all([
    import('@costkit/planner'),
    STORE.test(file) ? storeSample(file) : fileSample(file),
  ]);
  if (sample.vectors.length > MOST_VECTORS) {
    throw new CliUsageError(
      `"${file}" holds ${sample.vectors.length} vectors, and each is compared with every question. Give a sample of at most ${MOST_VECTORS}`,
      'COSTKIT_INVALID_OPTION',
    );
  }
  const { vectors, queries } =
    questions === undefined
      ? ownQuestions(sample)
      : { vectors: sample.vectors, queries: await queriesOf(sample, questions) };
  const asked =
    questions === undefined
      ? `${queries.length} of them as questions`
      : `${queries.length} questions of ${questions}`;
  const source = `${vectors.length} vectors of ${file}, ${asked}`;
  const recall = measureRecall({ vectors, queries, source });
  return { recall, dimensions: sample.vectors[0]?.length ?? 0, source };
}
