import { Money, PRICE_VERSION } from '@costkit/pricing';
import { modelOf } from './checks.js';
import { type Crossing, findCrossings } from './find-crossings.js';
import type { Assumption, BreakEven, PlanBasis } from './plan.js';
import { priceAssumptions } from './price-assumptions.js';
import { type LongContextCost, longContextCost, type RetrievalCost, retrievalCost } from './rag-costs.js';
import { checkRag, type MeasuredQuality, type RagVersusLongContextOptions } from './rag-options.js';
import { sensitivityOf } from './sensitivity.js';

/** The answer of {@link ragVersusLongContext}. */
export interface RagVersusLongContext extends PlanBasis<RagVersusLongContextOptions> {
  readonly longContext: LongContextCost;
  readonly retrieval: RetrievalCost;
  /** What is cheaper as asked; `undefined` when one is unknown. */
  readonly cheaper: 'retrieval' | 'long context' | undefined;
  /** Where the lines cross as questions become more; a cached context can win again at high rates. */
  readonly byQuestions: readonly BreakEven[];
  /** Where the lines cross as the corpus grows, within the context window. */
  readonly byCorpus: readonly BreakEven[];
  /** What the evaluation says, or that nobody knows. */
  readonly quality: MeasuredQuality | 'unknown';
  /** Both lines over questions a month, for a chart. */
  readonly curve: readonly {
    readonly questions: number;
    readonly longContext: Money | undefined;
    readonly retrieval: Money | undefined;
  }[];
}

/** Beyond this, nobody asks one model. */
const MOST_QUESTIONS = 1_000_000_000;
/** Where no window is known, corpora are compared up to this size. */
const DEFAULT_WINDOW = 1_000_000;
const CURVE_POINTS = 40;

/**
 * Retrieval against the whole corpus in the prompt: dollars a month and per question, with the prompt cache as the
 * arrivals allow, and the points where the two cost the same, along questions and along corpus size.
 *
 * @throws InvalidOptionError for a malformed option, naming it
 * @throws UnknownModelError for a model that the catalogue does not have
 *
 * @example
 * ```ts
 * import { ragVersusLongContext } from '@costkit/planner';
 *
 * const { cheaper, byQuestions } = ragVersusLongContext({
 *   model: 'us.anthropic.claude-sonnet-4-5-20250929-v1:0',
 *   corpusTokens: 60_000,
 *   questionsPerMonth: 20_000,
 *   questionTokens: 300,
 *   outputTokens: 400,
 *   retrieval: {
 *     embeddingModel: 'amazon.titan-embed-text-v2:0',
 *     chunkTokens: 400,
 *     chunksPerQuestion: 8,
 *     storeUsdPerMonth: 350,
 *   },
 * });
 * ```
 */
export function ragVersusLongContext(options: RagVersusLongContextOptions): RagVersusLongContext {
  checkRag(options);
  const { model, questionsPerMonth, corpusTokens, retrieval, quality } = options;
  const longContext = longContextCost(options);
  const retrieved = retrievalCost(options);
  const signOver = (change: (value: number) => Partial<RagVersusLongContextOptions>) => (value: number) =>
    signOf({ ...options, ...change(value) });
  const window = modelOf(model).model.contextWindow ?? DEFAULT_WINDOW;
  const largestCorpus = window - options.questionTokens - options.outputTokens;
  const isKnown = longContext.uncached.perMonth !== undefined && retrieved.perMonth !== undefined;
  const questions = signOver((value) => ({ questionsPerMonth: value }));
  const corpus = signOver((value) => ({ corpusTokens: value }));
  return {
    inputs: options,
    longContext,
    retrieval: retrieved,
    cheaper: cheaperOf(longContext.perMonth, retrieved.perMonth),
    byQuestions:
      isKnown && longContext.fits !== false
        ? breakEvens('questions a month', findCrossings(questions, 1, MOST_QUESTIONS), questions(1))
        : [],
    byCorpus:
      isKnown && largestCorpus > 1
        ? breakEvens('corpus tokens', findCrossings(corpus, 1, largestCorpus), corpus(1))
        : [],
    quality: quality ?? 'unknown',
    curve: curveOf(options),
    assumptions: assumptionsOf(options, longContext),
    sensitivity: sensitivityOf(
      [
        {
          input: 'questionsPerMonth',
          times: (factor) => ({ ...options, questionsPerMonth: Math.round(questionsPerMonth * factor) }),
        },
        {
          input: 'corpusTokens',
          times: (factor) => ({ ...options, corpusTokens: Math.round(corpusTokens * factor) }),
        },
        {
          input: 'retrieval.chunksPerQuestion',
          times: (factor) => ({
            ...options,
            retrieval: {
              ...retrieval,
              chunksPerQuestion: Math.max(1, Math.round(retrieval.chunksPerQuestion * factor)),
            },
          }),
        },
      ],
      (varied) => differenceOf(varied),
    ),
    missing: missingOf(options, longContext, retrieved),
    priceVersion: PRICE_VERSION,
  };
}

function cheaperOf(
  longContext: Money | undefined,
  retrieval: Money | undefined,
): RagVersusLongContext['cheaper'] {
  if (longContext === undefined || retrieval === undefined) return undefined;
  return longContext.compare(retrieval) < 0 ? 'long context' : 'retrieval';
}

/** What retrieval saves against the long context. */
function differenceOf(options: RagVersusLongContextOptions): Money | undefined {
  const longContext = longContextCost(options).perMonth;
  const retrieval = retrievalCost(options).perMonth;
  return longContext === undefined || retrieval === undefined ? undefined : longContext.minus(retrieval);
}

/** −1 where the long context is cheaper. */
function signOf(options: RagVersusLongContextOptions): -1 | 0 | 1 {
  return differenceOf(options)?.compare(Money.zero) ?? 0;
}

const nameOf = (sign: -1 | 0 | 1): string => (sign === -1 ? 'long context' : 'retrieval');

function breakEvens(quantity: string, crossings: readonly Crossing[], signAtStart: -1 | 0 | 1): BreakEven[] {
  if (crossings.length === 0) return [{ quantity, value: undefined, cheaperBelow: nameOf(signAtStart) }];
  return crossings.map(({ at, signAfter }) => ({
    quantity,
    value: at,
    cheaperBelow: nameOf(signAfter === 1 ? -1 : 1),
    cheaperAbove: nameOf(signAfter),
  }));
}

function curveOf(options: RagVersusLongContextOptions): RagVersusLongContext['curve'] {
  const most = Math.max(10, options.questionsPerMonth * 4);
  const points = new Set([options.questionsPerMonth]);
  for (let step = 0; step <= CURVE_POINTS; step += 1) points.add(Math.round(most ** (step / CURVE_POINTS)));
  return [...points]
    .sort((one, other) => one - other)
    .map((questions) => {
      const varied = { ...options, questionsPerMonth: questions };
      return {
        questions,
        longContext: longContextCost(varied).perMonth,
        retrieval: retrievalCost(varied).perMonth,
      };
    });
}

function assumptionsOf(
  options: RagVersusLongContextOptions,
  { ttl, hitShare }: LongContextCost,
): Assumption[] {
  const { quality, model, retrieval } = options;
  return [
    {
      what: 'cache hits of the long context',
      value: ttl === 'none' ? 'none' : `${(hitShare * 100).toFixed(1)} % with a TTL of ${ttl}`,
      source: 'questions arrive at random: 1 − e^(−rate × TTL)',
      certainty: 'assumed',
    },
    quality === undefined
      ? {
          what: 'quality',
          value: 'unknown: neither way is known to answer as well as the other',
          source: 'run an evaluation of both on your own questions',
          certainty: 'assumed',
        }
      : {
          what: 'quality',
          value: `retrieval ${quality.retrieval}, long context ${quality.longContext}`,
          source: quality.source,
          certainty: 'given',
        },
    ...priceAssumptions([model, retrieval.embeddingModel]),
  ];
}

function missingOf(
  options: RagVersusLongContextOptions,
  { fits, uncached }: LongContextCost,
  { answers, embeddings }: RetrievalCost,
): string[] {
  const missing: string[] = [];
  if (fits === false) missing.push(`room for the corpus in the context window of ${options.model}`);
  if (answers === undefined || (fits !== false && uncached.perMonth === undefined)) {
    missing.push(`the price of ${options.model}`);
  }
  if (embeddings === undefined) missing.push(`the price of ${options.retrieval.embeddingModel}`);
  return missing;
}
