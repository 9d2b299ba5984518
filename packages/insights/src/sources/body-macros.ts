/** Paths of a request's members, by the place they get in the list that one look at a body answers. */
const REQUEST_PATHS = [
  '$.system',
  '$.toolConfig.tools',
  '$.tools',
  '$.messages',
  '$.prompt',
  '$.inputText',
  '$.texts',
  '$.inputs',
  '$.singleEmbeddingParams',
  '$.inferenceConfig.maxTokens',
  '$.max_tokens',
  '$.inferenceConfig.max_new_tokens',
  '$.max_completion_tokens',
  '$.max_gen_len',
  '$.textGenerationConfig.maxTokenCount',
  '$.serviceTier.type',
  '$.service_tier',
  '$.performanceConfig.latency',
  '$.messages[0].content[0]',
  '$.messages[0].content[0].text',
  '$.messages[0].content',
] as const;

/** Arrays of a request whose lengths count. */
const REQUEST_LENGTHS = ['$.messages', '$.toolConfig.tools', '$.tools'] as const;

/** The same of a whole answer: Converse, Anthropic, Nova, OpenAI, Titan, Llama. */
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
  '$.stopReason',
  '$.stop_reason',
  '$.metrics.latencyMs',
  '$.serviceTier.type',
  '$.usage.service_tier',
] as const;

const list = (paths: readonly string[]): string => `[${paths.map((path) => `'${path}'`).join(', ')}]`;

/** The first of these members that is there. */
function pick<const Paths extends readonly string[]>(
  name: string,
  all: Paths,
  ...paths: readonly Paths[number][]
): string {
  const places = paths.map((path) => `${name}[${all.indexOf(path) + 1}]`);
  return places.length === 1 ? (places[0] ?? '') : `coalesce(${places.join(', ')})`;
}

const r = (...paths: readonly (typeof REQUEST_PATHS)[number][]): string =>
  pick('found', REQUEST_PATHS, ...paths);
const a = (...paths: readonly (typeof ANSWER_PATHS)[number][]): string =>
  pick('found', ANSWER_PATHS, ...paths);
const count = (value: string): string => `try_cast(${value} AS BIGINT)`;

/**
 * What is read of the bodies of requests and answers, whatever family they are of, as macros of SQL. Nothing of it is
 * content: lengths, counts and hashes.
 *
 * Macros put the text of their arguments in, so each takes columns: `request_members` and `answer_members` look at a
 * body once, and what they found goes into `request_of` and `answer_of`.
 */
export const BODY_MACROS: string = `
CREATE MACRO unwrapped(body) AS CASE WHEN json_type(body) = 'VARCHAR' THEN try_cast(body->>'$' AS JSON) ELSE body END;
CREATE MACRO request_members(body) AS json_extract(body, ${list(REQUEST_PATHS)});
CREATE MACRO request_lengths(body) AS json_array_length(body, ${list(REQUEST_LENGTHS)});
CREATE MACRO answer_members(body) AS json_extract_string(body, ${list(ANSWER_PATHS)});

CREATE MACRO times_in(haystack, needle) AS CASE WHEN contains(haystack, needle)
  THEN ((strlen(haystack) - strlen(replace(haystack, needle, ''))) // strlen(needle))::INTEGER ELSE 0 END;
CREATE MACRO characters(json) AS coalesce(strlen(json::VARCHAR), 0);

-- Numbers, dates and ids differ between requests of one task; the rest of its instructions does not.
CREATE MACRO template_of(words, most) AS regexp_replace(left(words, most), '[0-9]+(?:[a-f0-9-]*[0-9])?', '#', 'g');

CREATE MACRO described(system, tools, prompt, first, lengths, found, body) AS {
  max_tokens: ${count(`${r('$.inferenceConfig.maxTokens', '$.max_tokens', '$.inferenceConfig.max_new_tokens', '$.max_completion_tokens', '$.max_gen_len', '$.textGenerationConfig.maxTokenCount')}::VARCHAR`)},
  tier: ${r('$.serviceTier.type', '$.service_tier')}->>'$',
  latency: ${r('$.performanceConfig.latency')}->>'$',
  tools: coalesce(lengths[2], lengths[3], 0)::INTEGER,
  turns: coalesce(lengths[1], 1)::INTEGER,
  points: times_in(body::VARCHAR, '"cachePoint":') + times_in(body::VARCHAR, '"cache_control":'),
  long_points: times_in(body::VARCHAR, '"ttl":"1h"'),
  prefix: hash(tools::VARCHAR, system::VARCHAR),
  prefix_chars: characters(tools) + characters(system),
  opening: hash(tools::VARCHAR, system::VARCHAR, first::VARCHAR),
  opening_chars: characters(tools) + characters(system) + characters(first),
  prompt: hash(tools::VARCHAR, system::VARCHAR, prompt::VARCHAR),
  prompt_chars: characters(tools) + characters(system) + characters(prompt),
  fingerprint: left(md5(concat_ws('|',
    template_of(system::VARCHAR, 300),
    array_to_string(list_sort(coalesce(json_extract_string(tools, '$[*].toolSpec.name'), [])
      || coalesce(json_extract_string(tools, '$[*].name'), [])), ','),
    CASE WHEN coalesce(lengths[1], 1) > 2 THEN 'turns' ELSE 'single' END,
    CASE WHEN system IS NULL AND tools IS NULL THEN template_of(${r('$.messages[0].content[0].text', '$.messages[0].content')}::VARCHAR, 40) END
  )), 8)
};

CREATE MACRO request_of(found, lengths, body) AS CASE WHEN body IS NULL THEN NULL ELSE described(
  ${r('$.system')}, ${r('$.toolConfig.tools', '$.tools')},
  ${r('$.messages', '$.prompt', '$.inputText', '$.texts', '$.inputs', '$.singleEmbeddingParams').replace(/\)$/, ', body)')},
  ${r('$.messages[0].content[0]', '$.messages[0].content')}, lengths, found, body) END;

-- The events of a stream: the last word counts.
CREATE MACRO last_number(json, path) AS
  try_cast((list_filter(json_extract_string(json, path), lambda one: one IS NOT NULL))[-1] AS BIGINT);

CREATE MACRO answer_of_events(body) AS {
  input: coalesce(last_number(body, '$[*]."amazon-bedrock-invocationMetrics".inputTokenCount'),
    last_number(body, '$[*].metadata.usage.inputTokens'), last_number(body, '$[*].message.usage.input_tokens')),
  output: coalesce(last_number(body, '$[*]."amazon-bedrock-invocationMetrics".outputTokenCount'),
    last_number(body, '$[*].metadata.usage.outputTokens'), last_number(body, '$[*].usage.output_tokens')),
  total: last_number(body, '$[*].metadata.usage.totalTokens'),
  cache_read: coalesce(last_number(body, '$[*]."amazon-bedrock-invocationMetrics".cacheReadInputTokenCount'),
    last_number(body, '$[*].metadata.usage.cacheReadInputTokens'),
    last_number(body, '$[*].message.usage.cache_read_input_tokens')),
  cache_write: coalesce(last_number(body, '$[*]."amazon-bedrock-invocationMetrics".cacheWriteInputTokenCount'),
    last_number(body, '$[*].metadata.usage.cacheWriteInputTokens'),
    last_number(body, '$[*].message.usage.cache_creation_input_tokens')),
  cache_write_1h: last_number(body, '$[*].message.usage.cache_creation.ephemeral_1h_input_tokens'),
  stop_reason: coalesce(json_extract_string(body, '$[*].delta.stop_reason')[-1],
    json_extract_string(body, '$[*].messageStop.stopReason')[-1]),
  latency_ms: coalesce(last_number(body, '$[*]."amazon-bedrock-invocationMetrics".invocationLatency'),
    last_number(body, '$[*].metadata.metrics.latencyMs')),
  tier: NULL::VARCHAR
};

CREATE MACRO answer_of_object(found) AS {
  input: ${count(a('$."amazon-bedrock-invocationMetrics".inputTokenCount', '$.usage.inputTokens', '$.usage.input_tokens', '$.usage.prompt_tokens', '$.prompt_token_count', '$.inputTextTokenCount'))},
  output: ${count(a('$."amazon-bedrock-invocationMetrics".outputTokenCount', '$.usage.outputTokens', '$.usage.output_tokens', '$.usage.completion_tokens', '$.generation_token_count', '$.results[0].tokenCount'))},
  total: ${count(a('$.usage.totalTokens', '$.usage.total_tokens'))},
  cache_read: ${count(a('$.usage.cacheReadInputTokens', '$.usage.cacheReadInputTokenCount', '$.usage.cache_read_input_tokens'))},
  cache_write: ${count(a('$.usage.cacheWriteInputTokens', '$.usage.cacheWriteInputTokenCount', '$.usage.cache_creation_input_tokens'))},
  cache_write_1h: coalesce(${count(a('$.usage.cache_creation.ephemeral_1h_input_tokens'))},
    CASE ${a('$.usage.cacheDetails[0].ttl')} WHEN '1h' THEN ${count(a('$.usage.cacheDetails[0].inputTokens'))} WHEN '5m' THEN 0 END),
  stop_reason: ${a('$.stopReason', '$.stop_reason')},
  latency_ms: ${count(a('$.metrics.latencyMs', '$."amazon-bedrock-invocationMetrics".invocationLatency'))},
  tier: ${a('$.serviceTier.type', '$.usage.service_tier')}
};

CREATE MACRO answer_of(found, body) AS CASE json_type(body)
  WHEN 'ARRAY' THEN answer_of_events(body) WHEN 'OBJECT' THEN answer_of_object(found) END`;
