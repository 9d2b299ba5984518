/** Members that hold a prompt where there are no messages, of which a request has one. */
export const PROMPTS = ['prompt', 'inputText', 'texts', 'inputs', 'singleEmbeddingParams'] as const;
/** Members that are one together, of rerankers and of pictures: their JSON, one after the other. */
export const PROMPT_PARTS = ['query', 'documents', 'textToImageParams'] as const;

/**
 * The members of a request that are looked at, as a type of SQL, which DuckDB reads straight from a log. What a member
 * holds instead of these is null, and so is all of a body that is no object. Each more takes time for every record.
 */
export const REQUEST_TYPE: string = `STRUCT(system JSON, tools JSON, toolConfig STRUCT(tools JSON), messages JSON,
  ${[...PROMPTS, ...PROMPT_PARTS].map((name) => `${name} JSON`).join(', ')},
  inferenceConfig STRUCT(maxTokens BIGINT, max_new_tokens BIGINT), max_tokens BIGINT, max_completion_tokens BIGINT,
  max_gen_len BIGINT, textGenerationConfig STRUCT(maxTokenCount BIGINT), serviceTier STRUCT("type" VARCHAR),
  service_tier VARCHAR, performanceConfig STRUCT(latency VARCHAR))`;

/** Where a request caps its answer. */
export const MAX_TOKENS = [
  'inferenceConfig.maxTokens',
  'max_tokens',
  'inferenceConfig.max_new_tokens',
  'max_completion_tokens',
  'max_gen_len',
  'textGenerationConfig.maxTokenCount',
] as const;
/** Numbers, dates and ids: between requests of one task they differ, and the rest of its instructions does not. */
export const VARYING = '[0-9]+(?:[a-f0-9-]*[0-9])?';
/** Names of tools, in the form of every family. */
export const TOOL_NAME = '"name":"([^"]*)"';
/** What ends a passage, so far as it can be seen without opening them: no text has a bare quote in it. */
export const PASSAGE_END = '},{"';

const of = (names: readonly string[]): string => names.map((name) => `body.${name}`).join(', ');

/**
 * What is read of requests, as macros of SQL. Nothing of it is content: lengths, counts and hashes. What is no member of
 * {@link REQUEST_TYPE} is not looked at; a request that has no prompt among them is one as a whole (`whole`).
 *
 * Macros put the text of their arguments in, so each takes columns: `request_members` names what a body holds, and that goes
 * into `request_of`. Texts are chosen by CASE: coalesce copies what it chooses from.
 */
export const REQUEST_MACROS: string = `
CREATE MACRO unwrapped(body) AS CASE WHEN starts_with(body::VARCHAR, '"') THEN try_cast(body->>'$' AS JSON) ELSE body END;
CREATE MACRO members_of(body) AS try_cast(body AS ${REQUEST_TYPE});
-- Is there, and has no prompt: it may be the text of one, or of a family that is not known here.
CREATE MACRO is_closed(body) AS body IS NOT NULL AND ${['messages', ...PROMPTS, ...PROMPT_PARTS].map((name) => `body.${name} IS NULL`).join(' AND ')};

-- One message with one passage, which most are, is seen without opening it: nothing stands between two objects.
CREATE MACRO count_of(messages) AS CASE WHEN starts_with(messages::VARCHAR, '[{') AND NOT contains(messages::VARCHAR, '},{')
  THEN 1 ELSE json_array_length(messages) END;
-- Up to the end of the first passage, and as if nothing followed it.
CREATE MACRO opening_of(messages) AS CASE WHEN contains(messages::VARCHAR, '${PASSAGE_END}')
  THEN split_part(messages::VARCHAR, '${PASSAGE_END}', 1) || '}]' ELSE messages::VARCHAR END;
CREATE MACRO request_members(body, whole) AS {
  system: body.system,
  tools: CASE WHEN body.toolConfig.tools IS NULL THEN body.tools ELSE body.toolConfig.tools END,
  messages: body.messages,
  other: CASE WHEN body.messages IS NULL THEN coalesce(${of(PROMPTS)},
    nullif(concat_ws(',', ${of(PROMPT_PARTS)}), ''), whole)::VARCHAR END,
  opening: opening_of(body.messages),
  turns: count_of(body.messages),
  max_tokens: coalesce(${of(MAX_TOKENS)}),
  tier: coalesce(body.serviceTier."type", body.service_tier),
  latency: body.performanceConfig.latency
};

CREATE MACRO characters(json) AS coalesce(strlen(json::VARCHAR), 0);
-- Most texts have none, which is quick to see.
CREATE MACRO points_in(json) AS CASE WHEN contains(json::VARCHAR, '"cache')
  THEN len(regexp_extract_all(json::VARCHAR, '"(?:cachePoint|cache_control)":')) ELSE 0 END;
CREATE MACRO long_points_in(json) AS CASE WHEN contains(json::VARCHAR, '"ttl":"1h"')
  THEN len(regexp_extract_all(json::VARCHAR, '"ttl":"1h"')) ELSE 0 END;

CREATE MACRO template_of(words, most) AS regexp_replace(left(words, most), '${VARYING}', '#', 'g');
CREATE MACRO first_of(messages) AS coalesce(json_extract(messages, '$[0].content[0].text'),
  json_extract(messages, '$[0].content[0]'), json_extract(messages, '$[0].content'));
CREATE MACRO fingerprint_of(found) AS left(md5(concat_ws('|',
  template_of(found.system::VARCHAR, 300),
  array_to_string(list_sort(regexp_extract_all(coalesce(found.tools::VARCHAR, ''), '${TOOL_NAME}', 1)), ','),
  CASE WHEN coalesce(found.turns, 1) > 2 THEN 'turns' ELSE 'single' END,
  CASE WHEN found.system IS NULL AND found.tools IS NULL THEN template_of(first_of(found.messages)::VARCHAR, 40) END
)), 8);

CREATE MACRO request_of(found, is_untagged) AS {
  max_tokens: found.max_tokens,
  tier: found.tier,
  latency: found.latency,
  tools: coalesce(json_array_length(found.tools), 0)::INTEGER,
  turns: coalesce(found.turns, 1)::INTEGER,
  points: (points_in(found.system) + points_in(found.tools) + points_in(found.messages) + points_in(found.other))::INTEGER,
  long_points: CASE WHEN points_in(found.system) + points_in(found.tools) + points_in(found.messages) + points_in(found.other) > 0
    THEN long_points_in(found.system) + long_points_in(found.tools) + long_points_in(found.messages) + long_points_in(found.other)
    ELSE 0 END::INTEGER,
  prefix: hash(found.tools::VARCHAR, found.system::VARCHAR),
  prefix_chars: characters(found.tools) + characters(found.system),
  opening: hash(hash(found.tools::VARCHAR, found.system::VARCHAR), found.opening),
  opening_chars: characters(found.tools) + characters(found.system) + characters(found.opening),
  prompt: hash(hash(found.tools::VARCHAR, found.system::VARCHAR), found.messages::VARCHAR, found.other),
  prompt_chars: characters(found.tools) + characters(found.system) + characters(found.messages) + characters(found.other),
  fingerprint: CASE WHEN is_untagged THEN fingerprint_of(found) END
}`;
