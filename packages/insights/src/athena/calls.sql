-- One row a call, without content: counts, lengths, and hashes that tell equal prompts from others. Download the result as
-- CSV, and give it to costkit analyze as a source: all that is found in a log is found in it.
--
-- Made by athena-queries.ts of the expressions that the reader of logs is made of; not to be edited.
-- Not here: bodies in files of their own.
WITH records AS (
  SELECT record,
    -- Bodies are JSON, or a text of it.
    coalesce(json_extract_scalar(record, '$.input.inputBodyJson'), nullif(json_format(json_extract(record, '$.input.inputBodyJson')), 'null')) AS request,
    coalesce(json_extract_scalar(record, '$.output.outputBodyJson'), nullif(json_format(json_extract(record, '$.output.outputBodyJson')), 'null')) AS answer
  FROM bedrock_invocation_log
  WHERE json_extract_scalar(record, '$.schemaType') = 'ModelInvocationLog'
    AND json_extract_scalar(record, '$.modelId') IS NOT NULL
),
parts AS (
  SELECT record, request, answer,
    json_array_get(answer, -1) AS last_event, json_array_get(answer, -2) AS second_last_event,
    json_array_get(answer, -3) AS third_last_event, json_array_get(answer, 0) AS first_event,
    nullif(json_format(json_extract(request, '$.system')), 'null') AS system, coalesce(nullif(json_format(json_extract(request, '$.toolConfig.tools')), 'null'), nullif(json_format(json_extract(request, '$.tools')), 'null')) AS tools,
    nullif(json_format(json_extract(request, '$.messages')), 'null') AS messages
  FROM records
),
opened AS (
  SELECT *,
    CASE WHEN messages IS NULL THEN coalesce(nullif(json_format(json_extract(request, '$.prompt')), 'null'), nullif(json_format(json_extract(request, '$.inputText')), 'null'), nullif(json_format(json_extract(request, '$.texts')), 'null'), nullif(json_format(json_extract(request, '$.inputs')), 'null'), nullif(json_format(json_extract(request, '$.singleEmbeddingParams')), 'null'),
      nullif(concat_ws(',', nullif(json_format(json_extract(request, '$.query')), 'null'), nullif(json_format(json_extract(request, '$.documents')), 'null'), nullif(json_format(json_extract(request, '$.textToImageParams')), 'null')), ''), request) END AS other,
    CASE WHEN strpos(messages, '},{"') > 0 THEN concat(split_part(messages, '},{"', 1), '}]') ELSE messages END AS opening,
    coalesce(json_array_length(messages), 1) AS turns,
    CASE WHEN request IS NOT NULL THEN concat(coalesce(system, ''), coalesce(tools, ''), coalesce(messages, '')) END AS pointed
  FROM parts
),
looked AS (
  SELECT
    json_extract_scalar(record, '$.requestId') AS request_id,
    json_extract_scalar(record, '$.timestamp') AS called_at,
    json_extract_scalar(record, '$.accountId') AS account,
    json_extract_scalar(record, '$.region') AS region,
    json_extract_scalar(record, '$.operation') AS operation,
    json_extract_scalar(record, '$.modelId') AS model_id,
    json_extract_scalar(record, '$.identity.arn') AS identity,
    nullif(json_format(json_extract(record, '$.requestMetadata')), 'null') AS tags,
    json_extract_scalar(record, '$.errorCode') AS error,
    CASE
      WHEN regexp_like(json_extract_scalar(record, '$.operation'), 'Batch|ModelInvocationJob') THEN 'batch'
      WHEN json_extract_scalar(request, '$.performanceConfig.latency') = 'optimized' THEN 'latencyOptimized'
      ELSE coalesce(nullif(coalesce(json_extract_scalar(answer, '$.serviceTier.type'),
      json_extract_scalar(answer, '$.usage.service_tier'),
      json_extract_scalar(last_event, '$.usage.service_tier'),
      json_extract_scalar(second_last_event, '$.usage.service_tier'),
      json_extract_scalar(third_last_event, '$.usage.service_tier'), json_extract_scalar(record, '$.serviceTier'),
        json_extract_scalar(request, '$.serviceTier.type'), json_extract_scalar(request, '$.service_tier')), 'default'), 'standard')
    END AS tier,
    try_cast(coalesce(json_extract_scalar(record, '$.input.inputTokenCount'), json_extract_scalar(answer, '$["amazon-bedrock-invocationMetrics"].inputTokenCount'),
      json_extract_scalar(last_event, '$["amazon-bedrock-invocationMetrics"].inputTokenCount'),
      json_extract_scalar(second_last_event, '$["amazon-bedrock-invocationMetrics"].inputTokenCount'),
      json_extract_scalar(third_last_event, '$["amazon-bedrock-invocationMetrics"].inputTokenCount'),
      json_extract_scalar(answer, '$.usage.inputTokens'),
      json_extract_scalar(last_event, '$.metadata.usage.inputTokens'),
      json_extract_scalar(second_last_event, '$.metadata.usage.inputTokens'),
      json_extract_scalar(third_last_event, '$.metadata.usage.inputTokens'),
      json_extract_scalar(first_event, '$.message.usage.input_tokens'),
      json_extract_scalar(answer, '$.usage.input_tokens'),
      json_extract_scalar(answer, '$.usage.prompt_tokens'),
      json_extract_scalar(answer, '$.prompt_token_count'),
      json_extract_scalar(answer, '$.inputTextTokenCount'), NULL) AS bigint) AS input,
    try_cast(coalesce(json_extract_scalar(record, '$.output.outputTokenCount'), json_extract_scalar(answer, '$["amazon-bedrock-invocationMetrics"].outputTokenCount'),
      json_extract_scalar(last_event, '$["amazon-bedrock-invocationMetrics"].outputTokenCount'),
      json_extract_scalar(second_last_event, '$["amazon-bedrock-invocationMetrics"].outputTokenCount'),
      json_extract_scalar(third_last_event, '$["amazon-bedrock-invocationMetrics"].outputTokenCount'),
      json_extract_scalar(answer, '$.usage.outputTokens'),
      json_extract_scalar(last_event, '$.metadata.usage.outputTokens'),
      json_extract_scalar(second_last_event, '$.metadata.usage.outputTokens'),
      json_extract_scalar(third_last_event, '$.metadata.usage.outputTokens'),
      json_extract_scalar(answer, '$.usage.output_tokens'),
      json_extract_scalar(last_event, '$.usage.output_tokens'),
      json_extract_scalar(second_last_event, '$.usage.output_tokens'),
      json_extract_scalar(third_last_event, '$.usage.output_tokens'),
      json_extract_scalar(answer, '$.usage.completion_tokens'),
      json_extract_scalar(answer, '$.generation_token_count'),
      json_extract_scalar(answer, '$.results[0].tokenCount'), NULL) AS bigint) AS output,
    try_cast(coalesce(json_extract_scalar(answer, '$.usage.totalTokens'),
      json_extract_scalar(last_event, '$.metadata.usage.totalTokens'),
      json_extract_scalar(second_last_event, '$.metadata.usage.totalTokens'),
      json_extract_scalar(third_last_event, '$.metadata.usage.totalTokens'),
      json_extract_scalar(answer, '$.usage.total_tokens'), NULL) AS bigint) AS total,
    try_cast(coalesce(json_extract_scalar(record, '$.input.cacheReadInputTokenCount'), json_extract_scalar(answer, '$["amazon-bedrock-invocationMetrics"].cacheReadInputTokenCount'),
      json_extract_scalar(last_event, '$["amazon-bedrock-invocationMetrics"].cacheReadInputTokenCount'),
      json_extract_scalar(second_last_event, '$["amazon-bedrock-invocationMetrics"].cacheReadInputTokenCount'),
      json_extract_scalar(third_last_event, '$["amazon-bedrock-invocationMetrics"].cacheReadInputTokenCount'),
      json_extract_scalar(answer, '$.usage.cacheReadInputTokens'),
      json_extract_scalar(answer, '$.usage.cacheReadInputTokenCount'),
      json_extract_scalar(last_event, '$.metadata.usage.cacheReadInputTokens'),
      json_extract_scalar(second_last_event, '$.metadata.usage.cacheReadInputTokens'),
      json_extract_scalar(third_last_event, '$.metadata.usage.cacheReadInputTokens'),
      json_extract_scalar(first_event, '$.message.usage.cache_read_input_tokens'),
      json_extract_scalar(answer, '$.usage.cache_read_input_tokens'),
      json_extract_scalar(answer, '$.usage.prompt_tokens_details.cached_tokens'), NULL) AS bigint) AS cache_read,
    try_cast(coalesce(json_extract_scalar(record, '$.input.cacheWriteInputTokenCount'), json_extract_scalar(answer, '$["amazon-bedrock-invocationMetrics"].cacheWriteInputTokenCount'),
      json_extract_scalar(last_event, '$["amazon-bedrock-invocationMetrics"].cacheWriteInputTokenCount'),
      json_extract_scalar(second_last_event, '$["amazon-bedrock-invocationMetrics"].cacheWriteInputTokenCount'),
      json_extract_scalar(third_last_event, '$["amazon-bedrock-invocationMetrics"].cacheWriteInputTokenCount'),
      json_extract_scalar(answer, '$.usage.cacheWriteInputTokens'),
      json_extract_scalar(answer, '$.usage.cacheWriteInputTokenCount'),
      json_extract_scalar(last_event, '$.metadata.usage.cacheWriteInputTokens'),
      json_extract_scalar(second_last_event, '$.metadata.usage.cacheWriteInputTokens'),
      json_extract_scalar(third_last_event, '$.metadata.usage.cacheWriteInputTokens'),
      json_extract_scalar(first_event, '$.message.usage.cache_creation_input_tokens'),
      json_extract_scalar(answer, '$.usage.cache_creation_input_tokens'), NULL) AS bigint) AS cache_write,
    try_cast(coalesce(json_extract_scalar(first_event, '$.message.usage.cache_creation.ephemeral_1h_input_tokens'),
      json_extract_scalar(answer, '$.usage.cache_creation.ephemeral_1h_input_tokens'),
      CASE '1h' WHEN json_extract_scalar(answer, '$.usage.cacheDetails[0].ttl') THEN json_extract_scalar(answer, '$.usage.cacheDetails[0].inputTokens')
        WHEN json_extract_scalar(answer, '$.usage.cacheDetails[1].ttl') THEN json_extract_scalar(answer, '$.usage.cacheDetails[1].inputTokens') END,
      CASE WHEN json_extract_scalar(answer, '$.usage.cacheDetails[0].ttl') IS NOT NULL THEN '0' END) AS bigint) AS split_1h,
    try_cast(coalesce(json_extract_scalar(request, '$.inferenceConfig.maxTokens'), json_extract_scalar(request, '$.max_tokens'), json_extract_scalar(request, '$.inferenceConfig.max_new_tokens'), json_extract_scalar(request, '$.max_completion_tokens'), json_extract_scalar(request, '$.max_gen_len'), json_extract_scalar(request, '$.textGenerationConfig.maxTokenCount')) AS bigint) AS max_tokens,
    try_cast(coalesce(json_extract_scalar(answer, '$.metrics.latencyMs'),
      json_extract_scalar(answer, '$["amazon-bedrock-invocationMetrics"].invocationLatency'),
      json_extract_scalar(last_event, '$["amazon-bedrock-invocationMetrics"].invocationLatency'),
      json_extract_scalar(second_last_event, '$["amazon-bedrock-invocationMetrics"].invocationLatency'),
      json_extract_scalar(third_last_event, '$["amazon-bedrock-invocationMetrics"].invocationLatency'),
      json_extract_scalar(last_event, '$.metadata.metrics.latencyMs'),
      json_extract_scalar(second_last_event, '$.metadata.metrics.latencyMs'),
      json_extract_scalar(third_last_event, '$.metadata.metrics.latencyMs'), NULL) AS bigint) AS latency_ms,
    CASE WHEN request IS NOT NULL THEN coalesce(json_array_length(tools), 0) END AS tools,
    CASE WHEN request IS NOT NULL THEN turns END AS turns,
    (length(pointed) - length(replace(pointed, '"cachePoint":', ''))) / length('"cachePoint":') + (length(pointed) - length(replace(pointed, '"cache_control":', ''))) / length('"cache_control":') AS points,
    (length(pointed) - length(replace(pointed, '"ttl":"1h"', ''))) / length('"ttl":"1h"') AS long_points,
    CASE WHEN request IS NOT NULL THEN substr(lower(to_hex(md5(to_utf8(concat_ws('|', array_join(regexp_split(substr(system, 1, 300), '[0-9]+(?:[a-f0-9-]*[0-9])?'), '#'),
      array_join(array_sort(regexp_extract_all(coalesce(tools, ''), '"name":"([^"]*)"', 1)), ','),
      CASE WHEN turns > 2 THEN 'turns' ELSE 'single' END,
      CASE WHEN system IS NULL AND tools IS NULL THEN array_join(regexp_split(substr(coalesce(nullif(json_format(json_extract(messages, '$[0].content[0].text')), 'null'), nullif(json_format(json_extract(messages, '$[0].content[0]')), 'null'), nullif(json_format(json_extract(messages, '$[0].content')), 'null')), 1, 40), '[0-9]+(?:[a-f0-9-]*[0-9])?'), '#') END))))), 1, 8) END AS fingerprint,
    CASE WHEN request IS NOT NULL THEN to_hex(xxhash64(to_utf8(concat(coalesce(tools, '-'), '|', coalesce(system, '-'))))) END AS prefix,
    CASE WHEN request IS NOT NULL THEN coalesce(length(to_utf8(tools)), 0) + coalesce(length(to_utf8(system)), 0) END AS prefix_chars,
    CASE WHEN request IS NOT NULL THEN to_hex(xxhash64(to_utf8(concat(coalesce(tools, '-'), '|', coalesce(system, '-'), '|', coalesce(opening, '-'))))) END AS opening,
    CASE WHEN request IS NOT NULL THEN coalesce(length(to_utf8(tools)), 0) + coalesce(length(to_utf8(system)), 0) + coalesce(length(to_utf8(opening)), 0) END AS opening_chars,
    CASE WHEN request IS NOT NULL THEN to_hex(xxhash64(to_utf8(concat(coalesce(tools, '-'), '|', coalesce(system, '-'), '|', coalesce(messages, '-'), '|', coalesce(other, '-'))))) END AS prompt,
    CASE WHEN request IS NOT NULL THEN coalesce(length(to_utf8(tools)), 0) + coalesce(length(to_utf8(system)), 0) + coalesce(length(to_utf8(messages)), 0) + coalesce(length(to_utf8(other)), 0) END AS prompt_chars
  FROM opened
),
calls AS (
  SELECT *,
    coalesce(split_1h, CASE WHEN long_points > 0 AND long_points = points THEN cache_write END) AS cache_write_1h
  FROM looked
)
SELECT request_id, called_at, account, region, operation, model_id, identity, tags, tier, error, input, output, total, cache_read, cache_write, cache_write_1h, max_tokens, latency_ms, tools, turns, points, long_points, fingerprint, prefix, prefix_chars, opening, opening_chars, prompt, prompt_chars
FROM calls
