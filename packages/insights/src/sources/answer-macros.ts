/** Counts of Converse's usage. */
const USAGE = ['inputTokens', 'outputTokens', 'totalTokens', 'cacheReadInputTokens', 'cacheWriteInputTokens'];
/** The same of Anthropic's. */
const ANTHROPIC_USAGE = [
  'input_tokens',
  'output_tokens',
  'cache_read_input_tokens',
  'cache_creation_input_tokens',
];

const counts = (names: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(names.map((name) => [name, 'BIGINT']));

/** What Bedrock adds to the last event of a stream of InvokeModel. */
export const METRICS = 'amazon-bedrock-invocationMetrics';
const SPLIT = { cache_creation: counts(['ephemeral_1h_input_tokens']) };

/**
 * What is read of an answer, whatever family it is of: of a whole one, or of the events of a stream laid over one another.
 * What a member holds instead of these is null.
 */
const MEMBERS = {
  usage: {
    ...counts([...USAGE, 'cacheReadInputTokenCount', 'cacheWriteInputTokenCount', ...ANTHROPIC_USAGE]),
    ...counts(['prompt_tokens', 'completion_tokens', 'total_tokens']),
    prompt_tokens_details: counts(['cached_tokens']),
    ...SPLIT,
    cacheDetails: [{ ttl: 'VARCHAR', inputTokens: 'BIGINT' }],
    service_tier: 'VARCHAR',
  },
  metrics: counts(['latencyMs']),
  metadata: { usage: counts(USAGE), metrics: counts(['latencyMs']) },
  message: { usage: { ...counts(ANTHROPIC_USAGE), ...SPLIT } },
  [METRICS]: counts([
    'inputTokenCount',
    'outputTokenCount',
    'cacheReadInputTokenCount',
    'cacheWriteInputTokenCount',
    'invocationLatency',
  ]),
  serviceTier: { type: 'VARCHAR' },
  ...counts(['inputTextTokenCount', 'prompt_token_count', 'generation_token_count']),
  results: [counts(['tokenCount'])],
};

/** What is read of an answer. */
export type AnswerCount =
  | 'input'
  | 'output'
  | 'total'
  | 'cache_read'
  | 'cache_write'
  | 'split_1h'
  | 'latency_ms'
  | 'tier';

/** Where an answer says it: the first of these members that is there. Paths of JSON; the queries for Athena have the same. */
export const ANSWER_COUNTS: Readonly<Record<AnswerCount, readonly string[]>> = {
  input: [
    `${METRICS}.inputTokenCount`,
    'usage.inputTokens',
    'metadata.usage.inputTokens',
    'message.usage.input_tokens',
    'usage.input_tokens',
    'usage.prompt_tokens',
    'prompt_token_count',
    'inputTextTokenCount',
  ],
  output: [
    `${METRICS}.outputTokenCount`,
    'usage.outputTokens',
    'metadata.usage.outputTokens',
    'usage.output_tokens',
    'usage.completion_tokens',
    'generation_token_count',
    'results[0].tokenCount',
  ],
  total: ['usage.totalTokens', 'metadata.usage.totalTokens', 'usage.total_tokens'],
  cache_read: [
    `${METRICS}.cacheReadInputTokenCount`,
    'usage.cacheReadInputTokens',
    'usage.cacheReadInputTokenCount',
    'metadata.usage.cacheReadInputTokens',
    'message.usage.cache_read_input_tokens',
    'usage.cache_read_input_tokens',
    'usage.prompt_tokens_details.cached_tokens',
  ],
  cache_write: [
    `${METRICS}.cacheWriteInputTokenCount`,
    'usage.cacheWriteInputTokens',
    'usage.cacheWriteInputTokenCount',
    'metadata.usage.cacheWriteInputTokens',
    'message.usage.cache_creation_input_tokens',
    'usage.cache_creation_input_tokens',
  ],
  split_1h: [
    'message.usage.cache_creation.ephemeral_1h_input_tokens',
    'usage.cache_creation.ephemeral_1h_input_tokens',
  ],
  latency_ms: ['metrics.latencyMs', `${METRICS}.invocationLatency`, 'metadata.metrics.latencyMs'],
  tier: ['serviceTier.type', 'usage.service_tier'],
};

/** The first that is there; DuckDB counts members of a list from 1. */
const first = (count: AnswerCount): string =>
  `coalesce(${ANSWER_COUNTS[count].map((path) => `found.${path.replace(METRICS, `"${METRICS}"`).replace('[0]', '[1]')}`).join(', ')})`;

/** Where streams say what they used: in their first event and, mostly, in the last ones. */
const ENDS = "['$[0]', '$[#-3]', '$[#-2]', '$[#-1]']";

/**
 * What is read of answers, as macros of SQL: counts, times and the tier.
 *
 * Events are laid over one another, so that the last word counts. `answer_members` looks at the ends of a stream alone, and
 * `all_answer_members` at all of it.
 */
export const ANSWER_MACROS: string = `
CREATE MACRO is_events(body) AS starts_with(body::VARCHAR, '[');
CREATE MACRO laid_over(events) AS list_reduce(list_filter(events, lambda event: json_type(event) = 'OBJECT'),
  lambda below, above: json_merge_patch(below, above), '{}'::JSON);
CREATE MACRO members_of_answer(body) AS from_json(body, '${JSON.stringify(MEMBERS)}');
CREATE MACRO answer_members(body) AS members_of_answer(CASE WHEN is_events(body) THEN laid_over(json_extract(body, ${ENDS})) ELSE body END);
CREATE MACRO all_answer_members(body) AS members_of_answer(CASE WHEN is_events(body) THEN laid_over(json_extract(body, '$[*]')) ELSE body END);

CREATE MACRO answer_of(found) AS {
  input: ${first('input')},
  output: ${first('output')},
  total: ${first('total')},
  cache_read: ${first('cache_read')},
  cache_write: ${first('cache_write')},
  cache_write_1h: coalesce(${first('split_1h')},
    CASE WHEN len(found.usage.cacheDetails) > 0 THEN list_sum(list_transform(found.usage.cacheDetails,
      lambda written: CASE WHEN written.ttl = '1h' THEN coalesce(written.inputTokens, 0) ELSE 0 END))::BIGINT END),
  latency_ms: ${first('latency_ms')},
  tier: ${first('tier')}
}`;
