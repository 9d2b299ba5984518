/** Paths of what a whole answer counts, by the place they get in the list that one look at it answers. */
const ANSWER_PATHS = [
  '$.usage.inputTokens',
  '$.usage.outputTokens',
  '$.usage.totalTokens',
  '$.usage.cacheReadInputTokens',
  '$.usage.cacheReadInputTokenCount',
  '$.usage.cacheWriteInputTokens',
  '$.usage.cacheWriteInputTokenCount',
  '$.usage.cacheDetails[0].ttl',
  '$.usage.cacheDetails[0].inputTokens',
  '$.usage.input_tokens',
  '$.usage.output_tokens',
  '$.usage.cache_read_input_tokens',
  '$.usage.cache_creation_input_tokens',
  '$.usage.cache_creation.ephemeral_1h_input_tokens',
  '$.usage.prompt_tokens',
  '$.usage.completion_tokens',
  '$.usage.total_tokens',
  '$.inputTextTokenCount',
  '$.results[0].tokenCount',
  '$.prompt_token_count',
  '$.generation_token_count',
  '$."amazon-bedrock-invocationMetrics".inputTokenCount',
  '$."amazon-bedrock-invocationMetrics".outputTokenCount',
  '$."amazon-bedrock-invocationMetrics".invocationLatency',
  '$.metrics.latencyMs',
  '$.serviceTier.type',
  '$.usage.service_tier',
] as const;

/** The same of an event of a stream. */
const EVENT_PATHS = [
  '"amazon-bedrock-invocationMetrics".inputTokenCount',
  '"amazon-bedrock-invocationMetrics".outputTokenCount',
  '"amazon-bedrock-invocationMetrics".cacheReadInputTokenCount',
  '"amazon-bedrock-invocationMetrics".cacheWriteInputTokenCount',
  '"amazon-bedrock-invocationMetrics".invocationLatency',
  'metadata.usage.inputTokens',
  'metadata.usage.outputTokens',
  'metadata.usage.totalTokens',
  'metadata.usage.cacheReadInputTokens',
  'metadata.usage.cacheWriteInputTokens',
  'metadata.metrics.latencyMs',
  'message.usage.input_tokens',
  'message.usage.cache_read_input_tokens',
  'message.usage.cache_creation_input_tokens',
  'message.usage.cache_creation.ephemeral_1h_input_tokens',
  'usage.output_tokens',
] as const;
type EventPath = (typeof EVENT_PATHS)[number];

/** Where streams say what they used: in their last events and, some of it, in the first. The last word counts. */
const EVENT_PLACES = ['$[#-1]', '$[#-2]', '$[#-3]', '$[0]'] as const;

const list = (paths: readonly string[]): string => `[${paths.map((path) => `'${path}'`).join(', ')}]`;

/** The first of these members that is there. */
function member(...paths: readonly (typeof ANSWER_PATHS)[number][]): string {
  return `coalesce(${paths.map((path) => `found[${ANSWER_PATHS.indexOf(path) + 1}]`).join(', ')}, NULL)`;
}

/** The last of the places that have it, of the first of these paths that is anywhere; an integer. */
function counted(...paths: readonly EventPath[]): string {
  const values = paths.flatMap((path) =>
    EVENT_PLACES.map((_, place) => {
      const index = place * EVENT_PATHS.length + EVENT_PATHS.indexOf(path) + 1;
      return `try_cast(events[${index}] AS BIGINT)`;
    }),
  );
  return `coalesce(${values.join(', ')})`;
}

/** The same of any event, wherever it stands: each path is a look at all events. */
function countedAnywhere(...paths: readonly EventPath[]): string {
  return `coalesce(${paths.map((path) => `last_number(body, '$[*].${path}')`).join(', ')}, NULL)`;
}

const count = (value: string): string => `try_cast(${value} AS BIGINT)`;

/** What an answer of events says, by a way to look a path up. */
const eventCounts = (of: (...paths: readonly EventPath[]) => string) => ({
  input: of(
    '"amazon-bedrock-invocationMetrics".inputTokenCount',
    'metadata.usage.inputTokens',
    'message.usage.input_tokens',
  ),
  output: of(
    '"amazon-bedrock-invocationMetrics".outputTokenCount',
    'metadata.usage.outputTokens',
    'usage.output_tokens',
  ),
  total: of('metadata.usage.totalTokens'),
  cache_read: of(
    '"amazon-bedrock-invocationMetrics".cacheReadInputTokenCount',
    'metadata.usage.cacheReadInputTokens',
    'message.usage.cache_read_input_tokens',
  ),
  cache_write: of(
    '"amazon-bedrock-invocationMetrics".cacheWriteInputTokenCount',
    'metadata.usage.cacheWriteInputTokens',
    'message.usage.cache_creation_input_tokens',
  ),
  cache_write_1h: of('message.usage.cache_creation.ephemeral_1h_input_tokens'),
  latency_ms: of('"amazon-bedrock-invocationMetrics".invocationLatency', 'metadata.metrics.latencyMs'),
});

/** These and no tier, as the fields of a struct. */
const fields = (counts: ReturnType<typeof eventCounts>): string =>
  [...Object.entries(counts).map(([name, value]) => `${name}: ${value}`), 'tier: NULL::VARCHAR'].join(
    ',\n  ',
  );

/**
 * What is read of answers, whatever family they are of, as macros of SQL: counts, times and the tier.
 *
 * Macros put the text of their arguments in, so each takes columns: `answer_members` and `event_members` look at a body
 * once, `answer_of` takes what they found. Where the usual events of a stream have no counts, `answer_of_events` looks at
 * all of them.
 */
export const ANSWER_MACROS: string = `
CREATE MACRO is_events(body) AS starts_with(body::VARCHAR, '[');
-- An answer is either whole or events.
CREATE MACRO answer_members(body) AS CASE WHEN NOT is_events(body) THEN json_extract_string(body, ${list(ANSWER_PATHS)}) END;
CREATE MACRO event_members(body) AS CASE WHEN is_events(body) THEN json_extract_string(body,
  ${list(EVENT_PLACES.flatMap((place) => EVENT_PATHS.map((path) => `${place}.${path}`)))}) END;

CREATE MACRO answer_of(found, events) AS CASE WHEN events IS NOT NULL THEN {
  ${fields(eventCounts(counted))}
} ELSE {
  input: ${count(member('$."amazon-bedrock-invocationMetrics".inputTokenCount', '$.usage.inputTokens', '$.usage.input_tokens', '$.usage.prompt_tokens', '$.prompt_token_count', '$.inputTextTokenCount'))},
  output: ${count(member('$."amazon-bedrock-invocationMetrics".outputTokenCount', '$.usage.outputTokens', '$.usage.output_tokens', '$.usage.completion_tokens', '$.generation_token_count', '$.results[0].tokenCount'))},
  total: ${count(member('$.usage.totalTokens', '$.usage.total_tokens'))},
  cache_read: ${count(member('$.usage.cacheReadInputTokens', '$.usage.cacheReadInputTokenCount', '$.usage.cache_read_input_tokens'))},
  cache_write: ${count(member('$.usage.cacheWriteInputTokens', '$.usage.cacheWriteInputTokenCount', '$.usage.cache_creation_input_tokens'))},
  cache_write_1h: coalesce(${count(member('$.usage.cache_creation.ephemeral_1h_input_tokens'))},
    CASE ${member('$.usage.cacheDetails[0].ttl')} WHEN '1h' THEN ${count(member('$.usage.cacheDetails[0].inputTokens'))} WHEN '5m' THEN 0 END),
  latency_ms: ${count(member('$.metrics.latencyMs', '$."amazon-bedrock-invocationMetrics".invocationLatency'))},
  tier: ${member('$.serviceTier.type', '$.usage.service_tier')}
} END;

CREATE MACRO last_number(json, path) AS
  try_cast((list_filter(json_extract_string(json, path), lambda one: one IS NOT NULL))[-1] AS BIGINT);
CREATE MACRO answer_of_events(body) AS {
  ${fields(eventCounts(countedAnywhere))}
}`;
