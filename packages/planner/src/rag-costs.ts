import { Money, type ResolvedModel } from '@costkit/pricing';
import { bestCache, HOURS_PER_MONTH, hitShareOf } from './cached-request-cost.js';
import { modelOf, moneyOf } from './checks.js';
import type { RagVersusLongContextOptions } from './rag-options.js';
import { type PriceContext, requestCost } from './request-cost.js';
import { divideMoney, scaleMoney } from './scale-money.js';

/** One way to answer, in dollars. */
export interface AnswerCost {
  /** `undefined` when a price is unknown, or the prompt does not fit. */
  readonly perMonth: Money | undefined;
  readonly perQuestion: Money | undefined;
}

/** The whole corpus in every prompt. */
export interface LongContextCost extends AnswerCost {
  /** How it is cheapest to cache. */
  readonly ttl: 'none' | '5m' | '1h';
  /** Share of the questions that read the cache. */
  readonly hitShare: number;
  /** The same without any cache. */
  readonly uncached: AnswerCost;
  /** Whether the prompt fits into the model's context window; `undefined` when its size is unknown. */
  readonly fits: boolean | undefined;
}

/** Retrieval, part by part. */
export interface RetrievalCost extends AnswerCost {
  /** The model's part. */
  readonly answers: Money | undefined;
  /** Embedding of questions and of what changed in the corpus. */
  readonly embeddings: Money | undefined;
  readonly store: Money;
  readonly fees: Money;
  /** What embedding the corpus costs once; not in `perMonth`. */
  readonly firstIndex: Money | undefined;
}

function contextOf({ region, at }: RagVersusLongContextOptions): PriceContext {
  return { ...(region === undefined ? {} : { region }), ...(at === undefined ? {} : { at: new Date(at) }) };
}

function perQuestion(amount: Money | undefined, questions: number): Money | undefined {
  return amount === undefined || questions === 0 ? undefined : divideMoney(amount, questions);
}

/** The whole corpus in every prompt. */
export function longContextCost(options: RagVersusLongContextOptions): LongContextCost {
  const { corpusTokens, questionTokens, outputTokens, questionsPerMonth } = options;
  const { activeHoursPerMonth = HOURS_PER_MONTH, corpora = 1 } = options;
  const model = modelOf(options.model);
  const context = contextOf(options);
  const inputTokens = corpusTokens + questionTokens;
  const fits = fitsInto(model, inputTokens + outputTokens);
  const perHour = questionsPerMonth / (corpora * activeHoursPerMonth);
  const request = { model, mode: 'standard', inputTokens, outputTokens, prefixTokens: corpusTokens } as const;
  const best = bestCache(request, (ttl) => hitShareOf(perHour, ttl), context);
  const plain = requestCost(model, 'standard', { input: inputTokens, output: outputTokens }, context).cost;
  const monthOf = (cost: Money | undefined): AnswerCost => {
    const perMonth = fits === false ? undefined : cost?.times(questionsPerMonth);
    return { perMonth, perQuestion: fits === false ? undefined : cost };
  };
  return { ...monthOf(best.cost), ttl: best.ttl, hitShare: best.hitShare, uncached: monthOf(plain), fits };
}

function fitsInto({ model }: ResolvedModel, tokens: number): boolean | undefined {
  return model.contextWindow === undefined ? undefined : tokens <= model.contextWindow;
}

/** Retrieval of a few chunks for every prompt. */
export function retrievalCost(options: RagVersusLongContextOptions): RetrievalCost {
  const { corpusTokens, questionsPerMonth, questionTokens, outputTokens, retrieval } = options;
  const {
    chunkTokens,
    chunksPerQuestion,
    overlapShare = 0,
    churnPerMonth = 0,
    usdPerThousandQuestions = 0,
  } = retrieval;
  const context = contextOf(options);
  const embedder = modelOf(retrieval.embeddingModel);
  // More chunks than the corpus has tokens for cannot be retrieved.
  const input = questionTokens + Math.min(corpusTokens, chunkTokens * chunksPerQuestion);
  const answer = requestCost(
    modelOf(options.model),
    'standard',
    { input, output: outputTokens },
    context,
  ).cost;
  const question = requestCost(embedder, 'standard', { input: questionTokens }, context).cost;
  const perToken = requestCost(embedder, 'standard', { input: 1 }, context).cost;
  const indexedTokens = corpusTokens / (1 - overlapShare);
  const firstIndex = perToken === undefined ? undefined : scaleMoney(perToken, indexedTokens);
  const churn = firstIndex === undefined ? undefined : scaleMoney(firstIndex, churnPerMonth);
  const answers = answer?.times(questionsPerMonth);
  const embeddings =
    question === undefined || churn === undefined ? undefined : question.times(questionsPerMonth).plus(churn);
  const store = moneyOf(retrieval.storeUsdPerMonth);
  const fees = scaleMoney(moneyOf(usdPerThousandQuestions), questionsPerMonth / 1_000);
  const perMonth =
    answers === undefined || embeddings === undefined
      ? undefined
      : Money.sum([answers, embeddings, store, fees]);
  return {
    perMonth,
    perQuestion: perQuestion(perMonth, questionsPerMonth),
    answers,
    embeddings,
    store,
    fees,
    firstIndex,
  };
}
