-- Calls and tokens by the hour, and by all that dollars are attributed to. Download the result as CSV, and give it to
-- costkit analyze as a source: prices are put to it there, by the day, Region, tier and length of prompts.
--
-- What is read of a record, and how, is what packages/insights/src/sources/read-invocation-logs.ts reads; a test runs
-- this file on generated logs and compares the attribution to the last digit. Not here: bodies in files of their own,
-- bodies that are a text of JSON, latency, and tasks of untagged calls.
WITH records AS (
  SELECT record,
    json_extract(record, '$.input.inputBodyJson') AS request,
    json_format(json_extract(record, '$.input.inputBodyJson')) AS request_text,
    json_extract(record, '$.output.outputBodyJson') AS answer,
    -- The last event of a stream has the counts.
    json_array_get(json_extract(record, '$.output.outputBodyJson'), -1) AS closing
  FROM bedrock_invocation_log
  WHERE json_extract_scalar(record, '$.schemaType') = 'ModelInvocationLog'
    AND json_extract_scalar(record, '$.modelId') IS NOT NULL
),
looked AS (
  SELECT
    json_extract_scalar(record, '$.requestId') AS request_id,
    json_extract_scalar(record, '$.timestamp') AS called_at,
    json_extract_scalar(record, '$.accountId') AS account,
    json_extract_scalar(record, '$.region') AS region,
    json_extract_scalar(record, '$.operation') AS operation,
    json_extract_scalar(record, '$.modelId') AS model_id,
    regexp_extract(json_extract_scalar(record, '$.identity.arn'), '((?:assumed-role|role|user)/[^/]+)', 1) AS identity,
    json_extract_scalar(record, '$.requestMetadata.feature') AS feature,
    json_extract_scalar(record, '$.requestMetadata.team') AS team,
    json_extract_scalar(record, '$.requestMetadata.task') AS task,
    coalesce(json_format(json_extract(record, '$.requestMetadata')), '{}') <> '{}' AS is_tagged,
    json_extract_scalar(record, '$.errorCode') AS error,
    CASE
      WHEN regexp_like(json_extract_scalar(record, '$.operation'), 'Batch|ModelInvocationJob') THEN 'batch'
      WHEN json_extract_scalar(request, '$.performanceConfig.latency') = 'optimized' THEN 'latencyOptimized'
      ELSE coalesce(nullif(coalesce(json_extract_scalar(answer, '$.serviceTier.type'),
        json_extract_scalar(answer, '$.usage.service_tier'), json_extract_scalar(record, '$.serviceTier'),
        json_extract_scalar(request, '$.serviceTier.type'), json_extract_scalar(request, '$.service_tier')), 'default'), 'standard')
    END AS tier,
    try_cast(coalesce(json_extract_scalar(record, '$.input.inputTokenCount'),
      json_extract_scalar(answer, '$["amazon-bedrock-invocationMetrics"].inputTokenCount'),
      json_extract_scalar(answer, '$.usage.inputTokens'), json_extract_scalar(answer, '$.usage.input_tokens'),
      json_extract_scalar(answer, '$.usage.prompt_tokens'), json_extract_scalar(answer, '$.prompt_token_count'),
      json_extract_scalar(answer, '$.inputTextTokenCount'),
      json_extract_scalar(closing, '$["amazon-bedrock-invocationMetrics"].inputTokenCount'),
      json_extract_scalar(closing, '$.metadata.usage.inputTokens')) AS bigint) AS input,
    try_cast(coalesce(json_extract_scalar(record, '$.output.outputTokenCount'),
      json_extract_scalar(answer, '$["amazon-bedrock-invocationMetrics"].outputTokenCount'),
      json_extract_scalar(answer, '$.usage.outputTokens'), json_extract_scalar(answer, '$.usage.output_tokens'),
      json_extract_scalar(answer, '$.usage.completion_tokens'), json_extract_scalar(answer, '$.generation_token_count'),
      json_extract_scalar(answer, '$.results[0].tokenCount'),
      json_extract_scalar(closing, '$["amazon-bedrock-invocationMetrics"].outputTokenCount'),
      json_extract_scalar(closing, '$.metadata.usage.outputTokens')) AS bigint) AS output,
    try_cast(coalesce(json_extract_scalar(answer, '$.usage.totalTokens'), json_extract_scalar(answer, '$.usage.total_tokens'),
      json_extract_scalar(closing, '$.metadata.usage.totalTokens')) AS bigint) AS total,
    coalesce(try_cast(coalesce(json_extract_scalar(record, '$.input.cacheReadInputTokenCount'),
      json_extract_scalar(answer, '$.usage.cacheReadInputTokens'), json_extract_scalar(answer, '$.usage.cacheReadInputTokenCount'),
      json_extract_scalar(answer, '$.usage.cache_read_input_tokens'),
      json_extract_scalar(closing, '$["amazon-bedrock-invocationMetrics"].cacheReadInputTokenCount'),
      json_extract_scalar(closing, '$.metadata.usage.cacheReadInputTokens')) AS bigint), 0) AS cache_read,
    coalesce(try_cast(coalesce(json_extract_scalar(record, '$.input.cacheWriteInputTokenCount'),
      json_extract_scalar(answer, '$.usage.cacheWriteInputTokens'), json_extract_scalar(answer, '$.usage.cacheWriteInputTokenCount'),
      json_extract_scalar(answer, '$.usage.cache_creation_input_tokens'),
      json_extract_scalar(closing, '$["amazon-bedrock-invocationMetrics"].cacheWriteInputTokenCount'),
      json_extract_scalar(closing, '$.metadata.usage.cacheWriteInputTokens')) AS bigint), 0) AS cache_write,
    try_cast(coalesce(json_extract_scalar(answer, '$.usage.cache_creation.ephemeral_1h_input_tokens'),
      CASE json_extract_scalar(answer, '$.usage.cacheDetails[0].ttl')
        WHEN '1h' THEN json_extract_scalar(answer, '$.usage.cacheDetails[0].inputTokens') WHEN '5m' THEN '0' END) AS bigint) AS split_1h,
    (length(request_text) - length(replace(request_text, '"cachePoint":', ''))) / length('"cachePoint":')
      + (length(request_text) - length(replace(request_text, '"cache_control":', ''))) / length('"cache_control":') AS points,
    (length(request_text) - length(replace(request_text, '"ttl":"1h"', ''))) / length('"ttl":"1h"') AS long_points
  FROM records
),
numbered AS (
  SELECT *, row_number() OVER (PARTITION BY request_id ORDER BY called_at) AS delivery FROM looked
),
counted AS (
  SELECT *,
    least(cache_write, coalesce(split_1h, CASE WHEN long_points > 0 AND long_points = points THEN cache_write END, 0)) AS cache_write_1h,
    -- Rows that are taken apart alike stay together, so that sums can be taken apart as single calls are.
    coalesce(input, 0) >= cache_read + cache_write AS is_whole,
    coalesce(total = coalesce(input, 0) + coalesce(output, 0), false) AS is_sum
  FROM numbered WHERE delivery = 1 OR request_id IS NULL
),
-- Prompts above these lengths have other prices, by the tokens that the model counts: with those of the cache, and
-- where a model counts them twice, without.
classed AS (
  SELECT *,
    CASE WHEN is_whole THEN coalesce(input, 0) ELSE coalesce(input, 0) + cache_read + cache_write END AS gross,
    coalesce(input, 0) + cache_read + cache_write AS net
  FROM counted
)
SELECT date_format(date_trunc('hour', from_iso8601_timestamp(called_at)), '%Y-%m-%dT%H:00:00Z') AS hour,
  account, region, model_id, operation, identity, feature, team, task, is_tagged, tier, error,
  input IS NOT NULL AS is_counted, is_whole, is_sum,
  CASE WHEN gross > 272000 THEN 3 WHEN gross >= 200000 THEN 2 WHEN gross > 100000 THEN 1 ELSE 0 END AS gross_length,
  CASE WHEN net > 272000 THEN 3 WHEN net >= 200000 THEN 2 WHEN net > 100000 THEN 1 ELSE 0 END AS net_length,
  count(*) AS calls, sum(input) AS input, sum(output) AS output,
  CASE WHEN is_sum THEN sum(total) END AS total, sum(cache_read) AS cache_read,
  sum(cache_write) AS cache_write, sum(cache_write_1h) AS cache_write_1h
FROM classed
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17
