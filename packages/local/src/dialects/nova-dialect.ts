import type { CatalogueModel } from '@costkit/pricing/catalogue';
import { arrayOf, isObject, type JsonObject, objectOf } from '../json.js';
import type { Prompt } from '../prompt.js';
import { readConverseRequest } from './converse-request.js';
import { converseBody, createConverseEventWriter, MESSAGE_START } from './converse-response.js';
import type { FinishedAnswer } from './finished-answer.js';
import type { InvokeDialect } from './invoke-dialect.js';
import { malformed } from './plain-prompt.js';
import { cacheCountsSent, cacheWriteOf, reportedInput } from './usage-members.js';

/**
 * Nova's own format: Converse's shape, with a cache point as a member of the block it follows. Lengthening it to
 * Converse's form and reading that keeps the two in step.
 */
export const novaDialect: InvokeDialect = {
  readRequest,
  responseBody: (answer) => {
    const { output, stopReason } = converseBody(answer, {});
    return { output, stopReason, usage: usage(answer, true) };
  },
  createChunkWriter: ({ requestId }) => {
    const write = createConverseEventWriter(requestId);
    return {
      start: () => [{ [MESSAGE_START.type]: MESSAGE_START.payload }],
      event: (event) => write(event).map(({ type, payload }) => ({ [type]: payload })),
      end: (answer, metrics) => [
        {
          metadata: { usage: usage(answer, false), metrics: {}, trace: {} },
          'amazon-bedrock-invocationMetrics': metrics,
        },
      ],
    };
  },
};

function readRequest(body: JsonObject, model: CatalogueModel): Prompt {
  if (body['messages'] === undefined) throw malformed('#: required key [messages] not found');
  const inference = objectOf(body['inferenceConfig']);
  // Older examples spell the cap max_new_tokens; the service takes both.
  const { max_new_tokens: olderName, topK: _topK, ...known } = inference;
  return readConverseRequest(
    {
      ...body,
      inferenceConfig: { ...known, ...(olderName === undefined ? {} : { maxTokens: olderName }) },
      system: lengthen(arrayOf(body['system'])),
      messages: arrayOf(body['messages']).map((message) =>
        isObject(message) ? { ...message, content: lengthen(arrayOf(message['content'])) } : message,
      ),
    },
    model,
  );
}

/** Moves a cache point out of the block it is a member of, to behind it. */
function lengthen(blocks: readonly unknown[]): unknown[] {
  return blocks.flatMap((block) => {
    if (!isObject(block) || block['cachePoint'] === undefined) return [block];
    const { cachePoint, ...rest } = block;
    return Object.keys(rest).length === 0 ? [block] : [rest, { cachePoint }];
  });
}

function usage(answer: FinishedAnswer, withTotal: boolean): JsonObject {
  const { model } = answer;
  const { split, outputTokens } = answer.usage;
  const inputTokens = reportedInput(model, split);
  return {
    inputTokens,
    outputTokens,
    // Streams lack it (recorded exchanges).
    ...(withTotal ? { totalTokens: split.input + split.cacheRead + cacheWriteOf(split) + outputTokens } : {}),
    ...(cacheCountsSent(model, answer.usage)
      ? { cacheReadInputTokenCount: split.cacheRead, cacheWriteInputTokenCount: cacheWriteOf(split) }
      : {}),
  };
}
