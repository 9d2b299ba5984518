/** Members that hold a prompt where there are no messages; a body with none of them is a prompt as a whole. */
const PROMPTS = ['prompt', 'inputText', 'texts', 'inputs', 'singleEmbeddingParams'] as const;

const text = (member: string, path: string): string => `json_extract_string(body['${member}'], '${path}')`;

/**
 * What is read of requests, whatever family they are of, as macros of SQL. Nothing of it is content: lengths, counts and
 * hashes. A body is a map of its members' JSON: what is not looked for is not looked at.
 *
 * Macros put the text of their arguments in, so each takes columns: `request_members` opens a body, and what it found goes
 * into `request_of`.
 */
export const REQUEST_MACROS: string = `
CREATE MACRO unwrapped(body) AS CASE WHEN starts_with(body::VARCHAR, '"') THEN try_cast(body->>'$' AS JSON) ELSE body END;
CREATE MACRO members_of(body) AS try_cast(body AS MAP(VARCHAR, JSON));

-- One message with one passage, which most are, is seen without opening it: nothing stands between two objects.
CREATE MACRO count_of(messages) AS CASE WHEN starts_with(messages::VARCHAR, '[{') AND NOT contains(messages::VARCHAR, '},{')
  THEN 1 ELSE json_array_length(messages) END;
CREATE MACRO request_members(body) AS {
  system: body['system'],
  tools: coalesce(json_extract(body['toolConfig'], '$.tools'), body['tools']),
  messages: body['messages'],
  other: CASE WHEN body['messages'] IS NULL THEN coalesce(${PROMPTS.map((name) => `body['${name}']`).join(', ')}, to_json(body)) END,
  turns: count_of(body['messages']),
  first: json_extract(body['messages'], ['$[0].content[0]', '$[0].content']),
  max_tokens: try_cast(coalesce(${text('inferenceConfig', '$.maxTokens')}, body['max_tokens']::VARCHAR,
    ${text('inferenceConfig', '$.max_new_tokens')}, body['max_completion_tokens']::VARCHAR, body['max_gen_len']::VARCHAR,
    ${text('textGenerationConfig', '$.maxTokenCount')}) AS BIGINT),
  tier: coalesce(${text('serviceTier', '$.type')}, body['service_tier']->>'$'),
  latency: ${text('performanceConfig', '$.latency')}
};

CREATE MACRO characters(json) AS coalesce(strlen(json::VARCHAR), 0);
-- Most texts have none, which is quick to see.
CREATE MACRO points_in(json) AS CASE WHEN contains(json::VARCHAR, '"cache')
  THEN len(regexp_extract_all(json::VARCHAR, '"(?:cachePoint|cache_control)":')) ELSE 0 END;
CREATE MACRO long_points_in(json) AS CASE WHEN contains(json::VARCHAR, '"ttl":"1h"')
  THEN len(regexp_extract_all(json::VARCHAR, '"ttl":"1h"')) ELSE 0 END;

-- Numbers, dates and ids differ between requests of one task; the rest of its instructions does not.
CREATE MACRO template_of(words, most) AS regexp_replace(left(words, most), '[0-9]+(?:[a-f0-9-]*[0-9])?', '#', 'g');
-- The first passage of a conversation. Not coalesce, which copies the texts that it chooses from.
CREATE MACRO first_of(found) AS CASE WHEN found.first[1] IS NULL THEN found.first[2] ELSE found.first[1] END;
CREATE MACRO fingerprint_of(found) AS left(md5(concat_ws('|',
  template_of(found.system::VARCHAR, 300),
  array_to_string(list_sort(coalesce(json_extract_string(found.tools, '$[*].toolSpec.name'), [])
    || coalesce(json_extract_string(found.tools, '$[*].name'), [])), ','),
  CASE WHEN coalesce(found.turns, 1) > 2 THEN 'turns' ELSE 'single' END,
  CASE WHEN found.system IS NULL AND found.tools IS NULL
    THEN template_of(coalesce(json_extract(first_of(found), '$.text'), first_of(found))::VARCHAR, 40) END
)), 8);

CREATE MACRO request_of(found, is_untagged) AS {
  max_tokens: found.max_tokens,
  tier: found.tier,
  latency: found.latency,
  tools: coalesce(json_array_length(found.tools), 0)::INTEGER,
  turns: coalesce(found.turns, 1)::INTEGER,
  points: (points_in(found.system) + points_in(found.tools) + points_in(found.messages) + points_in(found.other))::INTEGER,
  long_points: (long_points_in(found.system) + long_points_in(found.tools) + long_points_in(found.messages) + long_points_in(found.other))::INTEGER,
  prefix: hash(found.tools::VARCHAR, found.system::VARCHAR),
  prefix_chars: characters(found.tools) + characters(found.system),
  opening: hash(hash(found.tools::VARCHAR, found.system::VARCHAR), first_of(found)::VARCHAR),
  opening_chars: characters(found.tools) + characters(found.system) + characters(first_of(found)),
  prompt: hash(hash(found.tools::VARCHAR, found.system::VARCHAR), found.messages::VARCHAR, found.other::VARCHAR),
  prompt_chars: characters(found.tools) + characters(found.system) + characters(found.messages) + characters(found.other),
  fingerprint: CASE WHEN is_untagged THEN fingerprint_of(found) END
}`;
