import { ANSWER_COUNTS, type AnswerCount, METRICS } from '../sources/answer-macros.js';
import {
  MAX_TOKENS,
  PASSAGE_END,
  PROMPT_PARTS,
  PROMPTS,
  TOOL_NAME,
  VARYING,
} from '../sources/request-macros.js';

/*
 * The queries for Athena, made of what the reader of logs is made of, so that the two cannot differ in what they look for.
 * The files beside this one are what these functions answer; a test compares them, and `vitest -u` writes them anew.
 */

/** A path as Athena writes it. */
function pathOf(path: string): string {
  const steps = path.split('.').map((name) => {
    if (name.startsWith('[')) return name;
    return /^[\w[\]]+$/.test(name) ? `.${name}` : `["${name}"]`;
  });
  return `$${steps.join('')}`;
}

const scalar = (from: string, path: string): string => `json_extract_scalar(${from}, '${pathOf(path)}')`;
/** The JSON of a member as text; null is none. */
const json = (from: string, path: string): string =>
  `nullif(json_format(json_extract(${from}, '${pathOf(path)}')), 'null')`;

/** Where streams say it: Anthropic's first event has a message, the last ones metadata, usage or metrics. */
function places(path: string): readonly string[] {
  if (path.startsWith('message.')) return ['first_event'];
  const ends = ['last_event', 'second_last_event', 'third_last_event'];
  if (path.startsWith('metadata.')) return ends;
  return path.startsWith(METRICS) || /^usage\.(?:output_tokens|service_tier)$/.test(path)
    ? ['answer', ...ends]
    : ['answer'];
}

const said = (count: AnswerCount): string =>
  ANSWER_COUNTS[count].flatMap((path) => places(path).map((place) => scalar(place, path))).join(',\n      ');
const counted = (count: AnswerCount, inRecord?: string): string =>
  `try_cast(coalesce(${inRecord === undefined ? '' : `${scalar('record', inRecord)}, `}${said(count)}, NULL) AS bigint)`;

const bytes = (value: string): string => `coalesce(length(to_utf8(${value})), 0)`;
const hash = (...values: readonly string[]): string =>
  `to_hex(xxhash64(to_utf8(concat(${values.map((value) => `coalesce(${value}, '-')`).join(", '|', ")}))))`;
const times = (value: string, part: string): string =>
  `(length(${value}) - length(replace(${value}, '${part}', ''))) / length('${part}')`;
const template = (value: string, most: number): string =>
  `array_join(regexp_split(substr(${value}, 1, ${most}), '${VARYING}'), '#')`;

/** One row a call, of lengths, counts and hashes: no content. In the order in which each step needs the one before. */
const CALLS = `records AS (
  SELECT record,
    -- Bodies are JSON, or a text of it.
    coalesce(json_extract_scalar(record, '$.input.inputBodyJson'), ${json('record', 'input.inputBodyJson')}) AS request,
    coalesce(json_extract_scalar(record, '$.output.outputBodyJson'), ${json('record', 'output.outputBodyJson')}) AS answer
  FROM bedrock_invocation_log
  WHERE json_extract_scalar(record, '$.schemaType') = 'ModelInvocationLog'
    AND json_extract_scalar(record, '$.modelId') IS NOT NULL
),
parts AS (
  SELECT record, request, answer,
    json_array_get(answer, -1) AS last_event, json_array_get(answer, -2) AS second_last_event,
    json_array_get(answer, -3) AS third_last_event, json_array_get(answer, 0) AS first_event,
    ${json('request', 'system')} AS system, coalesce(${json('request', 'toolConfig.tools')}, ${json('request', 'tools')}) AS tools,
    ${json('request', 'messages')} AS messages
  FROM records
),
opened AS (
  SELECT *,
    CASE WHEN messages IS NULL THEN coalesce(${PROMPTS.map((name) => json('request', name)).join(', ')},
      nullif(concat_ws(',', ${PROMPT_PARTS.map((name) => json('request', name)).join(', ')}), ''), request) END AS other,
    CASE WHEN strpos(messages, '${PASSAGE_END}') > 0 THEN concat(split_part(messages, '${PASSAGE_END}', 1), '}]') ELSE messages END AS opening,
    coalesce(json_array_length(messages), 1) AS turns,
    CASE WHEN request IS NOT NULL THEN concat(coalesce(system, ''), coalesce(tools, ''), coalesce(messages, '')) END AS pointed
  FROM parts
),
looked AS (
  SELECT
    ${scalar('record', 'requestId')} AS request_id,
    ${scalar('record', 'timestamp')} AS called_at,
    ${scalar('record', 'accountId')} AS account,
    ${scalar('record', 'region')} AS region,
    ${scalar('record', 'operation')} AS operation,
    ${scalar('record', 'modelId')} AS model_id,
    ${scalar('record', 'identity.arn')} AS identity,
    ${json('record', 'requestMetadata')} AS tags,
    ${scalar('record', 'errorCode')} AS error,
    CASE
      WHEN regexp_like(${scalar('record', 'operation')}, 'Batch|ModelInvocationJob') THEN 'batch'
      WHEN ${scalar('request', 'performanceConfig.latency')} = 'optimized' THEN 'latencyOptimized'
      ELSE coalesce(nullif(coalesce(${said('tier')}, ${scalar('record', 'serviceTier')},
        ${scalar('request', 'serviceTier.type')}, ${scalar('request', 'service_tier')}), 'default'), 'standard')
    END AS tier,
    ${counted('input', 'input.inputTokenCount')} AS input,
    ${counted('output', 'output.outputTokenCount')} AS output,
    ${counted('total')} AS total,
    ${counted('cache_read', 'input.cacheReadInputTokenCount')} AS cache_read,
    ${counted('cache_write', 'input.cacheWriteInputTokenCount')} AS cache_write,
    try_cast(coalesce(${said('split_1h')},
      CASE '1h' WHEN ${scalar('answer', 'usage.cacheDetails[0].ttl')} THEN ${scalar('answer', 'usage.cacheDetails[0].inputTokens')}
        WHEN ${scalar('answer', 'usage.cacheDetails[1].ttl')} THEN ${scalar('answer', 'usage.cacheDetails[1].inputTokens')} END,
      CASE WHEN ${scalar('answer', 'usage.cacheDetails[0].ttl')} IS NOT NULL THEN '0' END) AS bigint) AS split_1h,
    try_cast(coalesce(${MAX_TOKENS.map((path) => scalar('request', path)).join(', ')}) AS bigint) AS max_tokens,
    ${counted('latency_ms')} AS latency_ms,
    CASE WHEN request IS NOT NULL THEN coalesce(json_array_length(tools), 0) END AS tools,
    CASE WHEN request IS NOT NULL THEN turns END AS turns,
    ${times('pointed', '"cachePoint":')} + ${times('pointed', '"cache_control":')} AS points,
    ${times('pointed', '"ttl":"1h"')} AS long_points,
    CASE WHEN request IS NOT NULL THEN substr(lower(to_hex(md5(to_utf8(concat_ws('|', ${template('system', 300)},
      array_join(array_sort(regexp_extract_all(coalesce(tools, ''), '${TOOL_NAME}', 1)), ','),
      CASE WHEN turns > 2 THEN 'turns' ELSE 'single' END,
      CASE WHEN system IS NULL AND tools IS NULL THEN ${template(`coalesce(${json('messages', '[0].content[0].text')}, ${json('messages', '[0].content[0]')}, ${json('messages', '[0].content')})`, 40)} END))))), 1, 8) END AS fingerprint,
    CASE WHEN request IS NOT NULL THEN ${hash('tools', 'system')} END AS prefix,
    CASE WHEN request IS NOT NULL THEN ${bytes('tools')} + ${bytes('system')} END AS prefix_chars,
    CASE WHEN request IS NOT NULL THEN ${hash('tools', 'system', 'opening')} END AS opening,
    CASE WHEN request IS NOT NULL THEN ${bytes('tools')} + ${bytes('system')} + ${bytes('opening')} END AS opening_chars,
    CASE WHEN request IS NOT NULL THEN ${hash('tools', 'system', 'messages', 'other')} END AS prompt,
    CASE WHEN request IS NOT NULL THEN ${bytes('tools')} + ${bytes('system')} + ${bytes('messages')} + ${bytes('other')} END AS prompt_chars
  FROM opened
),
calls AS (
  SELECT *,
    coalesce(split_1h, CASE WHEN long_points > 0 AND long_points = points THEN cache_write END) AS cache_write_1h
  FROM looked
)`;

/** The columns of the result of {@link callsQuery}. */
const CALLS_RESULT = [
  'request_id',
  'called_at',
  'account',
  'region',
  'operation',
  'model_id',
  'identity',
  'tags',
  'tier',
  'error',
  'input',
  'output',
  'total',
  'cache_read',
  'cache_write',
  'cache_write_1h',
  'max_tokens',
  'latency_ms',
  'tools',
  'turns',
  'points',
  'long_points',
  'fingerprint',
  'prefix',
  'prefix_chars',
  'opening',
  'opening_chars',
  'prompt',
  'prompt_chars',
] as const;

const GENERATED = `-- Made by athena-queries.ts of the expressions that the reader of logs is made of; not to be edited.
-- Not here: bodies in files of their own.`;

/** One row a call: everything that is found in logs is found in its result. */
export const callsQuery =
  (): string => `-- One row a call, without content: counts, lengths, and hashes that tell equal prompts from others. Download the result as
-- CSV, and give it to costkit analyze as a source: all that is found in a log is found in it.
--
${GENERATED}
WITH ${CALLS}
SELECT ${CALLS_RESULT.join(', ')}
FROM calls
`;

/** Sums by the hour and by all that prices go by. */
export const attributionQuery =
  (): string => `-- Calls and tokens by the hour, and by all that dollars are attributed to: far fewer rows than calls.sql has, and nothing is
-- found in them that single calls or prompts show. Download the result as CSV, and give it to costkit analyze as a source:
-- prices are put to it there, by the day, Region, tier and length of prompts.
--
${GENERATED.replace('files of their own.', 'files of their own, latency, and tasks of untagged calls.')}
WITH ${CALLS},
counted AS (
  SELECT called_at, account, region, model_id, operation, tier, error, input, output, total,
    regexp_extract(identity, '((?:assumed-role|role|user)/[^/]+)', 1) AS identity,
    ${scalar('tags', 'feature')} AS feature, ${scalar('tags', 'team')} AS team, ${scalar('tags', 'task')} AS task,
    coalesce(tags, '{}') <> '{}' AS is_tagged,
    coalesce(cache_read, 0) AS cache_read, coalesce(cache_write, 0) AS cache_write,
    least(coalesce(cache_write, 0), coalesce(cache_write_1h, 0)) AS cache_write_1h,
    -- Rows that are taken apart alike stay together, so that sums can be taken apart as single calls are.
    coalesce(input, 0) >= coalesce(cache_read, 0) + coalesce(cache_write, 0) AS is_whole,
    coalesce(total = coalesce(input, 0) + coalesce(output, 0), false) AS is_sum
  FROM (SELECT *, row_number() OVER (PARTITION BY request_id ORDER BY called_at) AS delivery FROM calls)
  -- Records that were delivered twice count once.
  WHERE delivery = 1 OR request_id IS NULL
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
`;
