import { isObject, isPositiveInteger, isShare, isText, type OptionChecks } from '@costkit/core';
import {
  check,
  invalid,
  isCount,
  isIsoDate,
  isPositiveNumber,
  isUsd,
  isWholeCount,
  modelOf,
  requireFields,
} from './checks.js';
import type { Usd } from './plan.js';

/** How retrieval is done. */
export interface RetrievalOptions {
  /** Embedding model. */
  readonly embeddingModel: string;
  /** Tokens of one chunk. */
  readonly chunkTokens: number;
  /** Chunks in one prompt. */
  readonly chunksPerQuestion: number;
  /** Share of a chunk that repeats the one before. @defaultValue 0 */
  readonly overlapShare?: number;
  /** Share of the corpus that changes in a month and is embedded anew. @defaultValue 0 */
  readonly churnPerMonth?: number;
  /** What the vector store costs in a month: see `vectorStoreCost`. */
  readonly storeUsdPerMonth: Usd;
  /** Rerank, knowledge-base retrieval and the like, per thousand questions. @defaultValue 0 */
  readonly usdPerThousandQuestions?: Usd;
}

/** What an evaluation of yours has found. */
export interface MeasuredQuality {
  /** Share of right answers with retrieval. */
  readonly retrieval: number;
  /** Share of right answers with the whole corpus in the prompt. */
  readonly longContext: number;
  /** Where it was measured. */
  readonly source: string;
}

/** What `ragVersusLongContext` is asked. */
export interface RagVersusLongContextOptions {
  /** Model that answers. */
  readonly model: string;
  /** Source Region. @defaultValue the base Region of the price list */
  readonly region?: string;
  /** Prices of that day. @defaultValue the newest rows */
  readonly at?: string;
  /** Tokens of the whole corpus, as it would stand in the prompt. */
  readonly corpusTokens: number;
  /** Questions in a month. */
  readonly questionsPerMonth: number;
  /** Tokens of one question, with its instructions. */
  readonly questionTokens: number;
  /** Tokens of one answer. */
  readonly outputTokens: number;
  /** The retrieval that is compared. */
  readonly retrieval: RetrievalOptions;
  /** Hours of a month in which questions arrive. @defaultValue 730 */
  readonly activeHoursPerMonth?: number;
  /** Different corpora that the questions are spread over, e.g. one for each tenant. @defaultValue 1 */
  readonly corpora?: number;
  /** Result of an evaluation of yours. @defaultValue unknown */
  readonly quality?: MeasuredQuality;
}

const OPTIONS: OptionChecks<RagVersusLongContextOptions> = {
  model: isText,
  region: isText,
  at: isIsoDate,
  corpusTokens: isWholeCount,
  questionsPerMonth: isWholeCount,
  questionTokens: isWholeCount,
  outputTokens: isWholeCount,
  retrieval: isObject,
  activeHoursPerMonth: isPositiveNumber,
  corpora: isPositiveInteger,
  quality: isObject,
};
const RETRIEVAL: OptionChecks<RetrievalOptions> = {
  embeddingModel: isText,
  chunkTokens: isPositiveInteger,
  chunksPerQuestion: isPositiveInteger,
  overlapShare: (value) => isShare(value) ?? ((value as number) < 1 ? undefined : 'must be below 1'),
  churnPerMonth: isCount,
  storeUsdPerMonth: isUsd,
  usdPerThousandQuestions: isUsd,
};
const QUALITY: OptionChecks<MeasuredQuality> = { retrieval: isShare, longContext: isShare, source: isText };

/** @throws InvalidOptionError or UnknownModelError, before anything is computed */
export function checkRag(options: RagVersusLongContextOptions): void {
  check(options, OPTIONS);
  requireFields(options, [
    'model',
    'corpusTokens',
    'questionsPerMonth',
    'questionTokens',
    'outputTokens',
    'retrieval',
  ]);
  check(options.retrieval, RETRIEVAL, 'retrieval.');
  requireFields(
    options.retrieval,
    ['embeddingModel', 'chunkTokens', 'chunksPerQuestion', 'storeUsdPerMonth'],
    'retrieval.',
  );
  if (options.quality !== undefined) {
    check(options.quality, QUALITY, 'quality.');
    requireFields(options.quality, ['retrieval', 'longContext', 'source'], 'quality.');
  }
  modelOf(options.model);
  const { kind } = modelOf(options.retrieval.embeddingModel).model;
  if (kind !== 'embedding')
    throw invalid('retrieval.embeddingModel', `("${options.retrieval.embeddingModel}") embeds nothing`);
}
