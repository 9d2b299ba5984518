import type { LoggedCall } from './log-record.js';
import { arrivals, dayStarts, HOUR_MS, MINUTE_MS, type Plant, usd } from './plant.js';
import { converse, turn, words } from './prompts.js';

const DAYS_PER_MONTH = 30.4375;

/** Reports of a form, by a teacher of 405 billion parameters; a student of 70 billion costs a third. */
export const distillation: Plant = (span, random) => {
  const [feature, modelId] = ['reports', 'us.meta.llama3-1-405b-instruct-v1:0'];
  // Pico-dollars a token, as the price list has them, and as training is priced.
  const [teacher, student, training] = [2_400_000, 720_000, 7_990_000];
  let tokens = 0;
  const calls = arrivals(span, random, 60, 6 * MINUTE_MS).map((at): LoggedCall => {
    const [input, output] = [random.whole(9_000, 14_000), random.whole(300, 500)];
    tokens += input + output;
    // The log counts; the text stands for it at a tenth of its length.
    const body = converse({ messages: [turn(words(input / 10, random))], maxTokens: 700 });
    return { at, modelId, feature, body, input, output, region: 'us-west-2' };
  });
  const once = tokens * training + tokens * teacher;
  const monthly = once / 12 + 1.95e12;
  const waste = tokens * (teacher - student) - (monthly * span.days) / DAYS_PER_MONTH;
  return { kind: 'distillation', feature, calls, usd: usd(waste) };
};

/** A few thousand vectors in a store of two units that never sleeps. */
export const vectorStore: Plant = (span, random) => {
  const [feature, modelId] = ['search', 'cohere.embed-v4:0'];
  const embed = (at: number, texts: readonly string[], input_type: string): LoggedCall => ({
    at,
    modelId,
    feature: input_type === 'search_query' ? 'questions' : feature,
    operation: 'InvokeModel',
    body: { texts, input_type, output_dimension: 1_024 },
    input: texts.length * 200,
    output: 0,
  });
  const documents = dayStarts(span).flatMap((day) =>
    Array.from({ length: 3 }, (_, index) =>
      embed(
        day + 4 * HOUR_MS + index * 7 * MINUTE_MS,
        Array.from({ length: 32 }, () => words(20, random)),
        'search_document',
      ),
    ),
  );
  const questions = arrivals(span, random, 30, 12 * MINUTE_MS).map((at) =>
    embed(at, [words(15, random)], 'search_query'),
  );
  const units = random.whole(2, 4);
  const bill = dayStarts(span).flatMap((day) =>
    (['USE1-SearchOCU', 'USE1-IndexingOCU'] as const).map((usageType) => ({
      day: new Date(day).toISOString().slice(0, 10),
      usageType,
      service: 'Amazon OpenSearch Service',
      usd: (units / 2) * 24 * 0.24,
    })),
  );
  // In S3 Vectors: gigabytes of components and 200 bytes beside, and what each question reads of them.
  const vectors = documents.length * 32;
  const bytes = vectors * (1_024 * 4 + 200);
  const asked = (questions.length * DAYS_PER_MONTH) / span.days;
  const instead = (bytes / 1024 ** 3) * 0.06 + (asked / 1e6) * 2.5 + ((asked * bytes) / 1024 ** 4) * 0.004;
  const waste = span.days * units * 24 * 0.24 - (instead * span.days) / DAYS_PER_MONTH;
  return { kind: 'vector-store', feature: '*', calls: [...documents, ...questions], usd: waste, bill };
};
