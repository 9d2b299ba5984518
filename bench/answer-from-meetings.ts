import { type BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { createQueryEmbedder, memoryStore, type SinkMatch, syncEmbeddings } from '@costkit/embeddings';
import type { LocalBedrock } from '@costkit/local';
import { fitChunks } from '@costkit/output-limiter';
import type { Question, Span } from './retrieval.js';

const EMBEDS = 'amazon.titan-embed-text-v2:0';
const ANSWERS = 'us.amazon.nova-2-lite-v1:0';
/** Chunks that are looked for; `fitChunks` chooses among them. */
const FOUND = 60;
const GAP = '\u0000';

/** What answering questions from chunks of so many tokens has cost, and how much of the evidence was sent along. */
export interface FittedAnswers {
  readonly maxTokens: number;
  /** On the bill, in pico-dollars. */
  readonly cost: bigint;
  /** Mean share of the evidence in the chunks. */
  readonly recall: number;
  /** Mean share of it in the beginning of the transcript, as many tokens. */
  readonly recallOfBeginning: number;
  /** Mean tokens of a request. */
  readonly tokens: number;
}

/** What answering questions over meetings has cost, on the bill, in pico-dollars. */
export interface MeetingAnswers {
  /** Vectors of all transcripts, and of the questions. */
  readonly embedding: bigint;
  /** Answers from the chunks. */
  readonly fitted: readonly FittedAnswers[];
  /** Answers from the whole transcripts. */
  readonly whole: { readonly cost: bigint; readonly tokens: number };
}

/** A meeting, and what is asked about it. */
interface Meeting {
  readonly text: string;
  readonly questions: readonly Question[];
}

function meetingsOf(questions: readonly Question[]): Map<string, Meeting> {
  const meetings = new Map<string, Meeting>();
  for (const question of questions) {
    const id = question.pieces[0]?.document ?? '';
    const text = meetings.get(id)?.text ?? question.pieces.map((piece) => piece.text).join('');
    meetings.set(id, { text, questions: [...(meetings.get(id)?.questions ?? []), question] });
  }
  return meetings;
}

/** The parts of a transcript that a fitted chunk still holds: sentences of it, in order. */
function spansOf({ document, start, text }: SinkMatch, transcript: string): Span[] {
  let from = start;
  return text.split(GAP).map((part) => {
    const at = transcript.indexOf(part.trim(), from);
    if (at < 0) throw new Error('a fitted chunk holds what its transcript does not');
    from = at + part.trim().length;
    return { document, start: at, end: from };
  });
}

/** The share of the gold characters that are in spans; spans of one transcript. */
function shareOf(gold: readonly Span[], held: readonly Span[]): number {
  const inOrder = held.toSorted((one, other) => one.start - other.start);
  let [whole, covered] = [0, 0];
  for (const { start, end } of gold) {
    whole += end - start;
    let upTo = start;
    for (const span of inOrder) {
      const [from, to] = [Math.max(span.start, upTo), Math.min(span.end, end)];
      if (to <= from) continue;
      covered += to - from;
      upTo = to;
    }
  }
  return covered / whole;
}

/**
 * Answers questions over the transcripts of meetings, end to end: a sync, a query of the sink, `fitChunks`, Converse; and
 * beside it from the whole transcript. What is paid is read from the bill.
 */
export async function answerFromMeetings(
  questions: readonly Question[],
  {
    bedrock,
    client,
    budgets,
    countTokens,
  }: {
    readonly bedrock: LocalBedrock;
    readonly client: BedrockRuntimeClient;
    /** Most tokens of the chunks of a question; each is tried. */
    readonly budgets: readonly number[];
    readonly countTokens: (text: string) => number;
  },
): Promise<MeetingAnswers> {
  const billed = async <T>(work: () => Promise<T>): Promise<{ result: T; cost: bigint }> => {
    const before = bedrock.bill().total.picoUsd;
    return { result: await work(), cost: bedrock.bill().total.picoUsd - before };
  };
  const ask = (context: string, question: string) =>
    billed(async () => {
      const { usage } = await client.send(
        new ConverseCommand({
          modelId: ANSWERS,
          messages: [{ role: 'user', content: [{ text: `${context}\n\n${question}` }] }],
          inferenceConfig: { maxTokens: 200 },
        }),
      );
      return usage?.inputTokens ?? 0;
    });
  const { embed, space } = createQueryEmbedder({ client, model: EMBEDS });
  const fitted = budgets.map((maxTokens) => ({
    maxTokens,
    cost: 0n,
    recall: 0,
    recallOfBeginning: 0,
    tokens: 0,
  }));
  const whole = { cost: 0n, tokens: 0 };
  let embedding = 0n;
  for (const [id, { text: transcript, questions: own }] of meetingsOf(questions)) {
    const sink = memoryStore();
    const source = [{ id, text: transcript }];
    embedding += (await billed(() => syncEmbeddings({ client, model: EMBEDS, source, sink }))).cost;
    const charactersPerToken = transcript.length / countTokens(transcript);
    for (const { query, evidence } of own) {
      const asked = await billed(() => embed(query));
      embedding += asked.cost;
      const found = await sink.query(asked.result, { space, limit: FOUND });
      for (const sums of fitted) {
        const { maxTokens } = sums;
        const chunks = fitChunks(found, { maxTokens, query, countTokens, gap: GAP });
        const spans = chunks.flatMap((chunk) => spansOf(chunk, transcript));
        const end = Math.round(maxTokens * charactersPerToken);
        const sent = chunks.map(({ text }) => text.replaceAll(GAP, ' […] ')).join('\n\n');
        const answer = await ask(sent, query);
        sums.cost += answer.cost;
        sums.tokens += answer.result / questions.length;
        sums.recall += shareOf(evidence, spans) / questions.length;
        sums.recallOfBeginning += shareOf(evidence, [{ document: id, start: 0, end }]) / questions.length;
      }
      const answer = await ask(transcript, query);
      whole.cost += answer.cost;
      whole.tokens += answer.result / questions.length;
    }
  }
  return { embedding, fitted, whole };
}
