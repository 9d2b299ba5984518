import type { Block, Media } from '../request-view.js';
import type { ReportedUsage } from '../usage.js';
import {
  type AnswerReading,
  asArray,
  asNumber,
  asRecord,
  asString,
  asText,
  type Body,
  type ChunkReading,
  type DialectAdapter,
  NO_FEATURES,
} from './dialect-adapter.js';

/** Where the members of a family stand whose body is one prompt text. */
interface PromptBody {
  readonly prompt: string;
  /** Path of the cap. */
  readonly cap: readonly [string] | readonly [string, string];
  readAnswer(body: Body): AnswerReading;
  withAnswerText(body: Body, text: string, stopReason: string): Body;
  readChunk(chunk: Body, reading: ChunkReading): void;
}

function capOf(body: Body, [outer, inner]: PromptBody['cap']): number | undefined {
  return asNumber(inner === undefined ? body[outer] : asRecord(body[outer])[inner]);
}

function withCap(body: Body, [outer, inner]: PromptBody['cap'], maxTokens: number): Body {
  return {
    ...body,
    [outer]: inner === undefined ? maxTokens : { ...asRecord(body[outer]), [inner]: maxTokens },
  };
}

/**
 * Bodies of one prompt text. An instruction or a continuation cannot be added: the text holds the family's own
 * chat template, which only the caller knows.
 */
function promptBody(shape: PromptBody): DialectAdapter {
  return {
    read: (body) => {
      // Pictures stand beside the prompt, in Llama's bodies; the text says where they belong.
      const media = asArray(body['images']).map((source): Media => ({ kind: 'image', source }));
      const block: Block = {
        section: 'messages',
        kind: 'text',
        role: 'user',
        messageIndex: 0,
        text: asText(body[shape.prompt]),
        ...(media.length === 0 ? {} : { media }),
      };
      return {
        blocks: [block],
        cachePoints: [],
        maxTokens: capOf(body, shape.cap),
        features: media.length === 0 ? NO_FEATURES : { ...NO_FEATURES, images: true },
      };
    },
    withMaxTokens: (body, maxTokens) => withCap(body, shape.cap, maxTokens),
    readAnswer: shape.readAnswer,
    withAnswerText: shape.withAnswerText,
    readChunk: shape.readChunk,
  };
}

/** Whether a stream has said why it ended, and all its counts. */
const isComplete = ({ stopReason, usage }: ChunkReading): boolean =>
  stopReason !== undefined && usage?.input !== undefined && usage.output !== undefined;

const llamaUsage = (body: Body): ReportedUsage => ({
  input: asNumber(body['prompt_token_count']),
  output: asNumber(body['generation_token_count']),
});

/** Meta Llama bodies. */
export const llama: DialectAdapter = promptBody({
  prompt: 'prompt',
  cap: ['max_gen_len'],
  readAnswer: (body) => ({
    text: asText(body['generation']),
    toolUses: [],
    stopReason: asString(body['stop_reason']),
    usage: body['prompt_token_count'] === undefined ? undefined : llamaUsage(body),
  }),
  withAnswerText: (body, text, stopReason) => ({ ...body, generation: text, stop_reason: stopReason }),
  readChunk: (chunk, reading) => {
    reading.text += asText(chunk['generation']);
    reading.stopReason = asString(chunk['stop_reason']) ?? reading.stopReason;
    // Every chunk carries running counts; the prompt's stands in the first one only.
    const usage = llamaUsage(chunk);
    reading.usage = {
      input: usage.input ?? reading.usage?.input,
      output: usage.output ?? reading.usage?.output,
    };
    reading.complete = isComplete(reading);
  },
});

/** Mistral text-completion bodies (`prompt`); they report no usage, the headers do. */
export const mistral: DialectAdapter = promptBody({
  prompt: 'prompt',
  cap: ['max_tokens'],
  readAnswer: (body) => {
    const output = asRecord(asArray(body['outputs'])[0]);
    return {
      text: asText(output['text']),
      toolUses: [],
      stopReason: asString(output['stop_reason']),
      usage: undefined,
    };
  },
  withAnswerText: (body, text, stopReason) => ({ ...body, outputs: [{ text, stop_reason: stopReason }] }),
  readChunk: (chunk, reading) => {
    const output = asRecord(asArray(chunk['outputs'])[0]);
    reading.text += asText(output['text']);
    reading.stopReason = asString(output['stop_reason']) ?? reading.stopReason;
  },
});

/** Amazon Titan text bodies. */
export const titanText: DialectAdapter = promptBody({
  prompt: 'inputText',
  cap: ['textGenerationConfig', 'maxTokenCount'],
  readAnswer: (body) => {
    const result = asRecord(asArray(body['results'])[0]);
    return {
      text: asText(result['outputText']),
      toolUses: [],
      stopReason: asString(result['completionReason']),
      usage: { input: asNumber(body['inputTextTokenCount']), output: asNumber(result['tokenCount']) },
    };
  },
  withAnswerText: (body, text, stopReason) => {
    const [first, ...others] = asArray(body['results']);
    return {
      ...body,
      results: [{ ...asRecord(first), outputText: text, completionReason: stopReason }, ...others],
    };
  },
  readChunk: (chunk, reading) => {
    reading.text += asText(chunk['outputText']);
    reading.stopReason = asString(chunk['completionReason']) ?? reading.stopReason;
    const output = asNumber(chunk['totalOutputTextTokenCount']);
    if (output !== undefined)
      reading.usage = { input: asNumber(chunk['inputTextTokenCount']) ?? reading.usage?.input, output };
    reading.complete = isComplete(reading);
  },
});

/** Cohere Command bodies; Command R bodies name the prompt `message`. */
function cohere(prompt: 'prompt' | 'message'): DialectAdapter {
  const answerText = (body: Body): string =>
    asText(body['text']) || asText(asRecord(asArray(body['generations'])[0])['text']);
  return promptBody({
    prompt,
    cap: ['max_tokens'],
    readAnswer: (body) => ({
      text: answerText(body),
      toolUses: [],
      stopReason:
        asString(body['finish_reason']) ??
        asString(asRecord(asArray(body['generations'])[0])['finish_reason']),
      usage: undefined,
    }),
    withAnswerText: (body, text, stopReason) =>
      body['generations'] === undefined
        ? { ...body, text, finish_reason: stopReason }
        : {
            ...body,
            generations: [{ ...asRecord(asArray(body['generations'])[0]), text, finish_reason: stopReason }],
          },
    readChunk: (chunk, reading) => {
      reading.text += asText(chunk['text']);
      reading.stopReason = asString(chunk['finish_reason']) ?? reading.stopReason;
    },
  });
}

/** Bodies of the first Command models. */
export const cohereCommand: DialectAdapter = cohere('prompt');
/** Bodies of Command R and R+. */
export const cohereCommandR: DialectAdapter = cohere('message');

/** AI21 Jurassic bodies; Jamba bodies are OpenAI-style. */
export const ai21: DialectAdapter = promptBody({
  prompt: 'prompt',
  cap: ['maxTokens'],
  readAnswer: (body) => {
    const completion = asRecord(asArray(body['completions'])[0]);
    return {
      text: asText(asRecord(completion['data'])['text']),
      toolUses: [],
      stopReason: asString(asRecord(completion['finishReason'])['reason']),
      usage: undefined,
    };
  },
  withAnswerText: (body, text, stopReason) => ({
    ...body,
    completions: [{ data: { text }, finishReason: { reason: stopReason } }],
  }),
  readChunk: (chunk, reading) => {
    reading.text += asText(asRecord(asRecord(asArray(chunk['completions'])[0])['data'])['text']);
  },
});
