import { LocalBedrockError } from '../errors.js';
import type { LocalModel, ModelAnswer, ModelRequest } from './local-model.js';
import { createQuestionFinder } from './question-finder.js';

/** A real answer to replay. */
export interface RecordedAnswer {
  /** The part of the request that tells the question; found anywhere in the user's text, case and blanks aside. */
  readonly core: string;
  /** The answer as it was given. */
  readonly text: string;
  /** Thinking that came before it. */
  readonly thinking?: string;
  /** Output tokens as they were billed, thinking included. @defaultValue the tokenizer's count of the text */
  readonly outputTokens?: number;
}

/** Options of {@link recordedModel}. */
export interface RecordedModelOptions {
  /** Answers what was not recorded. @defaultValue none: such a request fails with `ModelErrorException` */
  readonly otherwise?: LocalModel;
}

/**
 * A model that replays real answers, matched on the core question.
 *
 * @throws {@link LocalBedrockError} when a record has no core.
 *
 * @example
 * ```ts
 * const model = recordedModel([{ core: 'What is the capital of France?', text: 'Paris.', outputTokens: 3 }]);
 * ```
 */
export function recordedModel(
  records: readonly RecordedAnswer[],
  options: RecordedModelOptions = {},
): LocalModel {
  const blank = records.findIndex(({ core }) => core.trim() === '');
  if (blank >= 0) {
    throw new LocalBedrockError(
      'COSTKIT_INVALID_OPTION',
      `record ${blank} has no core question. Give each record one.`,
    );
  }
  const find = createQuestionFinder(records);
  return {
    kind: 'recorded',
    answer(request: ModelRequest): ModelAnswer | Promise<ModelAnswer> {
      const record = find(request);
      if (record !== undefined) {
        return {
          parts: [
            ...(record.thinking === undefined ? [] : [{ type: 'thinking' as const, text: record.thinking }]),
            { type: 'text', text: record.text },
          ],
          ...(record.outputTokens === undefined ? {} : { outputTokens: record.outputTokens }),
        };
      }
      if (options.otherwise !== undefined) return options.otherwise.answer(request);
      throw new LocalBedrockError(
        'COSTKIT_UPSTREAM_MODEL_FAILED',
        'no recorded answer matches the request. Record it, or give recordedModel an "otherwise" model.',
      );
    },
  };
}
