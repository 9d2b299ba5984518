import { arrayOf, type JsonObject, objectOf, textOf } from '../json.js';
import type { FinishedAnswer } from './finished-answer.js';
import { answerText } from './finished-text.js';
import type { InvokeDialect } from './invoke-dialect.js';
import { malformed, plainPrompt, readCap, requiredText } from './plain-prompt.js';
import { reportedInput } from './usage-members.js';

const ended = (answer: FinishedAnswer, names: { readonly end: string; readonly length: string }): string =>
  answer.stopReason === 'max_tokens' ? names.length : names.end;

/** A writer whose chunks are pieces of text, with the reason and the metrics in the last. */
function textChunks(options: {
  piece(text: string): JsonObject;
  last(answer: FinishedAnswer): JsonObject;
}): InvokeDialect['createChunkWriter'] {
  return () => ({
    start: () => [],
    event: (event) => (event.type === 'delta' && event.text !== '' ? [options.piece(event.text)] : []),
    end: (answer, metrics) => [{ ...options.last(answer), 'amazon-bedrock-invocationMetrics': metrics }],
  });
}

/** Titan Text: `inputText` in, `results` out. */
export const titanTextDialect: InvokeDialect = {
  readRequest: (body, model) => {
    const config = objectOf(body['textGenerationConfig']);
    return plainPrompt({
      messages: [{ role: 'user', text: requiredText(body, 'inputText') }],
      maxTokens: readCap(config['maxTokenCount'], 'textGenerationConfig/maxTokenCount', model),
      stopSequences: arrayOf(config['stopSequences']).map(textOf),
    });
  },
  responseBody: (answer) => ({
    inputTextTokenCount: reportedInput(answer.model, answer.usage.split),
    results: [
      {
        tokenCount: answer.usage.outputTokens,
        outputText: answerText(answer),
        completionReason: ended(answer, { end: 'FINISH', length: 'LENGTH' }),
      },
    ],
  }),
  createChunkWriter: textChunks({
    piece: (text) => ({
      outputText: text,
      index: 0,
      totalOutputTextTokenCount: null,
      completionReason: null,
    }),
    last: (answer) => ({
      outputText: '',
      index: 0,
      totalOutputTextTokenCount: answer.usage.outputTokens,
      completionReason: ended(answer, { end: 'FINISH', length: 'LENGTH' }),
      inputTextTokenCount: reportedInput(answer.model, answer.usage.split),
    }),
  }),
};

/** Llama: `prompt` in, `generation` out. */
export const llamaDialect: InvokeDialect = {
  readRequest: (body, model) =>
    plainPrompt({
      messages: [{ role: 'user', text: requiredText(body, 'prompt') }],
      maxTokens: readCap(body['max_gen_len'], 'max_gen_len', model),
    }),
  responseBody: (answer) => ({
    generation: answerText(answer),
    prompt_token_count: reportedInput(answer.model, answer.usage.split),
    generation_token_count: answer.usage.outputTokens,
    stop_reason: ended(answer, { end: 'stop', length: 'length' }),
  }),
  createChunkWriter: textChunks({
    piece: (text) => ({
      generation: text,
      prompt_token_count: null,
      generation_token_count: null,
      stop_reason: null,
    }),
    last: (answer) => ({
      generation: '',
      prompt_token_count: reportedInput(answer.model, answer.usage.split),
      generation_token_count: answer.usage.outputTokens,
      stop_reason: ended(answer, { end: 'stop', length: 'length' }),
    }),
  }),
};

/** The older Mistral models' format: `prompt` in, `outputs` out, no counts in the body. */
export const mistralPromptDialect: InvokeDialect = {
  readRequest: (body, model) =>
    plainPrompt({
      messages: [{ role: 'user', text: requiredText(body, 'prompt') }],
      maxTokens: readCap(body['max_tokens'], 'max_tokens', model),
      stopSequences: arrayOf(body['stop']).map(textOf),
    }),
  responseBody: (answer) => ({
    outputs: [{ text: answerText(answer), stop_reason: ended(answer, { end: 'stop', length: 'length' }) }],
  }),
  createChunkWriter: textChunks({
    piece: (text) => ({ outputs: [{ text, stop_reason: null }] }),
    last: (answer) => ({
      outputs: [{ text: '', stop_reason: ended(answer, { end: 'stop', length: 'length' }) }],
    }),
  }),
};

/** Cohere Command: `prompt` with `generations`, or Command R's `message` with `text`. */
export const cohereCommandDialect: InvokeDialect = {
  readRequest: (body, model) => {
    if (body['message'] === undefined && body['prompt'] === undefined) {
      throw malformed('#: required key [message] not found');
    }
    const history = arrayOf(body['chat_history']).map((turn) => {
      const { role, message } = objectOf(turn);
      return { role: role === 'CHATBOT' ? ('assistant' as const) : ('user' as const), text: textOf(message) };
    });
    return plainPrompt({
      system: textOf(body['preamble']),
      messages: [
        ...history,
        { role: 'user', text: requiredText(body, body['message'] === undefined ? 'prompt' : 'message') },
      ],
      maxTokens: readCap(body['max_tokens'], 'max_tokens', model),
      stopSequences: arrayOf(body['stop_sequences']).map(textOf),
    });
  },
  responseBody: (answer, prompt) => {
    const finishReason = ended(answer, { end: 'COMPLETE', length: 'MAX_TOKENS' });
    const text = answerText(answer);
    if (isGeneration(answer)) {
      return {
        id: answer.requestId,
        generations: [{ id: answer.requestId, text, finish_reason: finishReason }],
        prompt: prompt.messages.at(-1)?.blocks[0]?.text ?? '',
      };
    }
    return {
      response_id: answer.requestId,
      text,
      generation_id: answer.requestId,
      finish_reason: finishReason,
    };
  },
  createChunkWriter: ({ finished }) => {
    const generation = isGeneration(finished());
    return {
      start: () => [],
      event: (event) =>
        event.type !== 'delta' || event.text === ''
          ? []
          : [
              generation
                ? { text: event.text, is_finished: false }
                : { event_type: 'text-generation', text: event.text, is_finished: false },
            ],
      end: (answer, metrics) => [
        {
          ...(generation ? {} : { event_type: 'stream-end' }),
          is_finished: true,
          finish_reason: ended(answer, { end: 'COMPLETE', length: 'MAX_TOKENS' }),
          'amazon-bedrock-invocationMetrics': metrics,
        },
      ],
    };
  },
};

/** The first Command models generate from a prompt and take no system prompt; Command R chats. */
function isGeneration(answer: FinishedAnswer): boolean {
  return !answer.model.capabilities.systemPrompts;
}
