import type { Find } from './finds/find.js';
import type { Recommendation, RecommendationKind } from './types.js';

/** What is said of a kind of recommendation, whatever the numbers. */
interface KindTexts {
  readonly confidence: Recommendation['confidence'];
  readonly effortDays: number;
  readonly risk: string;
  readonly bestFor: string;
  readonly method: string;
}

/** What a recommendation is worth without doubt is its low end; of an upper bound nothing is. */
export const UPPER_BOUNDS: ReadonlySet<RecommendationKind> = new Set([
  'smaller-model',
  'retrieval',
  'distillation',
]);

/** What is paid beside the tokens of calls: no part of what they cost a month. */
export const BESIDE_TOKENS: ReadonlySet<RecommendationKind> = new Set(['idle-provisioned', 'vector-store']);

const EXACT = 'Exact: the logged tokens at the other price.';
const REPLAYED = 'The logged calls replayed through a prompt cache, prices per token as published.';

const TEXTS: Readonly<Record<RecommendationKind, KindTexts>> = {
  measure: {
    confidence: 'high',
    effortDays: 0.5,
    risk: 'None: no answer changes. A log holds prompts and answers: say who may read it.',
    bestFor: 'Accounts in which several features or teams share models.',
    method: 'Share of the dollars whose calls carry no tag, or are in no log.',
  },
  'runaway-loop': {
    confidence: 'high',
    effortDays: 1,
    risk: 'A breaker that is set too tight stops a user who really asks again.',
    bestFor: 'Agents, retries and crons.',
    method: 'Cost of the calls of each episode beyond its beginning.',
  },
  'prompt-caching': {
    confidence: 'high',
    effortDays: 0.5,
    risk: 'Answers do not change. A write that is never read costs more than plain input.',
    bestFor: 'Long system prompts, tools and documents that are sent more often than every five minutes.',
    method: REPLAYED,
  },
  'cache-lifetime': {
    confidence: 'high',
    effortDays: 0.5,
    risk: 'Answers do not change.',
    bestFor: 'Prefixes whose calls come further apart, or closer, than their cache lives.',
    method: REPLAYED,
  },
  'broken-prefix': {
    confidence: 'medium',
    effortDays: 1,
    risk: 'What moves behind the cache point is read later in the prompt.',
    bestFor: 'Prompts with a date, a name or an id near their beginning.',
    method: REPLAYED,
  },
  'global-profile': {
    confidence: 'high',
    effortDays: 0.25,
    risk: 'Requests may be processed in any commercial Region: ask who owns the data first.',
    bestFor: 'Data that may leave its geography.',
    method: EXACT,
  },
  batch: {
    confidence: 'medium',
    effortDays: 3,
    risk: 'Answers come within hours, not seconds; there is no prompt cache, and no tools.',
    bestFor: 'Nightly jobs, backfills, evaluations.',
    method: EXACT,
  },
  'flex-tier': {
    confidence: 'medium',
    effortDays: 0.5,
    risk: 'Calls may be slower, and refused when the service is full.',
    bestFor: 'Work that waits, too small or too varied for jobs.',
    method: EXACT,
  },
  'output-cap': {
    confidence: 'medium',
    effortDays: 0.5,
    risk: 'An answer that needs the room is cut; the limiter finishes it, or reports it.',
    bestFor: 'Tasks whose answers are short but for a few.',
    method: 'Output tokens above 1.5 times the length that nine of ten answers stay below.',
  },
  'smaller-model': {
    confidence: 'low',
    effortDays: 5,
    risk: 'Quality: earn the downgrade by an evaluation on your own cases.',
    bestFor: 'Labels, extraction, yes or no.',
    method: 'Upper bound: the logged tokens at the other model’s price, as if it wrote as much.',
  },
  'model-lifecycle': {
    confidence: 'medium',
    effortDays: 3,
    risk: 'Answers of another model differ: evaluate before the date comes.',
    bestFor: 'Everything on models that end.',
    method: 'The logged tokens at the successor’s price.',
  },
  're-embedding': {
    confidence: 'high',
    effortDays: 2,
    risk: 'None, while the model and its dimensions stay the same.',
    bestFor: 'Corpora that are embedded again as a whole.',
    method: 'Cost of embedding requests that had been sent before.',
  },
  retrieval: {
    confidence: 'low',
    effortDays: 10,
    risk: 'Quality: what is not retrieved is not known.',
    bestFor: 'Long contexts of which a question needs little.',
    method: 'Upper bound: prompt tokens beyond system prompt, tools and 4,000 retrieved ones.',
  },
  'idle-provisioned': {
    confidence: 'high',
    effortDays: 0.5,
    risk: 'Without it, quotas on demand hold. A term runs to its end.',
    bestFor: 'Capacity that was bought for a launch.',
    method: 'What the hours cost, less the price of the same tokens on demand.',
  },
  distillation: {
    confidence: 'low',
    effortDays: 8,
    risk: 'Quality is unknown until the student is trained and evaluated on your own cases.',
    bestFor: 'One task, asked again and again of a large model, whose answers resemble each other.',
    method:
      'Upper bound: the logged tokens at the base rates of the student (assumed for its deployment), less storage and a twelfth of labels and training.',
  },
  'vector-store': {
    confidence: 'low',
    effortDays: 5,
    risk: 'Queries may be slower, and what is no vector stays behind: see what the store holds, and which filters and hybrid searches it answers.',
    bestFor: 'Vectors that are asked for seldom, in a store that is paid by the hour.',
    method:
      'Upper bound, an estimate: the bill, less what the vectors and questions of the logs cost in the other store by third-party prices, not AWS’s own list, as if the store held nothing else.',
  },
};

/** What an evaluation on the task's own cases changes. */
const MEASURED: Pick<KindTexts, 'confidence' | 'risk' | 'method'> = {
  confidence: 'medium',
  risk: 'Quality is known for the evaluated cases: requests of another kind may be answered worse.',
  method:
    'The logged tokens at the base rates of the student (assumed for its deployment), less storage and a twelfth of labels and training.',
};

/** The texts of a find. */
export const textsOf = ({ kind, isMeasured }: Pick<Find, 'kind' | 'isMeasured'>): KindTexts =>
  isMeasured === true ? { ...TEXTS[kind], ...MEASURED } : TEXTS[kind];

const CACHED: Readonly<Record<string, string>> = {
  stable_5m: 'tools and system prompt, for 5 minutes',
  stable_1h: 'tools and system prompt, for an hour',
  opening_5m: 'up to the first passage, for 5 minutes',
  conversation_5m: 'each conversation, for 5 minutes',
};
const LIVES: Readonly<Record<string, string>> = {
  shorter: 'Cache for 5 minutes instead of an hour',
  longer: 'Cache for an hour instead of 5 minutes',
  none: 'Stop caching what nobody reads',
};

const TITLES: Readonly<Record<RecommendationKind, (find: Find) => string>> = {
  measure: ({ variant, facts }) =>
    variant === 'unlogged'
      ? `Switch on invocation logging: ${facts['share']} % of the dollars are known from metrics alone`
      : `Tag the calls: ${facts['share']} % of the dollars belong to nobody`,
  'runaway-loop': ({ variant, facts }) =>
    variant === 'growing'
      ? `Stop conversations that do not end (${facts['calls']} calls)`
      : `Stop requests that repeat themselves (${facts['calls']} calls)`,
  'prompt-caching': ({ variant }) => `Cache ${CACHED[variant]}`,
  'cache-lifetime': ({ variant }) => LIVES[variant] ?? '',
  'broken-prefix': () => 'Keep what changes out of the cached prefix',
  'global-profile': () => 'Call the global profile, if the data may leave its geography',
  batch: () => 'Send bulk work as batch jobs',
  'flex-tier': () => 'Send bulk work in the flex tier',
  'output-cap': ({ facts }) => `Cap answers at ${facts['cap']} tokens`,
  'smaller-model': ({ facts }) => `Evaluate ${facts['to']} for it`,
  'model-lifecycle': ({ variant, facts }) =>
    variant === 'ending'
      ? `Move to ${facts['to']} before ${facts['until']}`
      : `Move to ${facts['to']}: dearer since ${facts['dearerFrom']}`,
  're-embedding': ({ facts }) => `Embed only what has changed (${facts['repeated']} texts came again)`,
  retrieval: ({ facts }) => `Retrieve ${facts['retrieved']} tokens instead of sending everything`,
  'idle-provisioned': ({ variant, facts }) =>
    variant === 'idle'
      ? `Give back provisioned throughput that nobody calls ($${facts['usdPerHour']} an hour)`
      : `Give back provisioned throughput that is dearer than on demand ($${facts['usdPerHour']} an hour)`,
  distillation: ({ facts }) =>
    `Distil ${facts['student']}: ${facts['once']} for labels and training with ${facts['prompts']} prompts, paid back in ${facts['months']} months`,
  'vector-store': ({ facts }) =>
    `Move ${facts['vectors']} vectors from ${facts['from']} to ${facts['to']}: ${facts['instead']} instead of ${facts['billed']} a month`,
};

/** One line that says what to do. */
export const titleOf = (find: Find): string => TITLES[find.kind](find);
