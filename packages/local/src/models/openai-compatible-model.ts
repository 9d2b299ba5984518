import { invalidOption, LocalBedrockError } from '../errors.js';
import { arrayOf, type JsonObject, objectOf, textOf } from '../json.js';
import type { AnswerPart, LocalModel, ModelAnswer, ModelRequest, ModelStopReason } from './local-model.js';
import { chatRequest } from './openai-chat-request.js';
import { serverSentEvents } from './server-sent-events.js';

/** Options of {@link openAiCompatibleModel}. */
export interface OpenAiCompatibleModelOptions {
  /** Base URL with its version, such as `http://127.0.0.1:11434/v1`. */
  readonly baseUrl: string;
  /** Name of the model on that server. */
  readonly model: string;
  /** Sent as a bearer token. @defaultValue none */
  readonly apiKey?: string;
  /** Allows a server that is not on this machine; prompts then leave it. @defaultValue `false` */
  readonly allowRemote?: boolean;
}

const LOOPBACK_HOSTS = /^(127\.\d+\.\d+\.\d+|\[::1\]|localhost)$/;
const STOP_REASONS: Readonly<Record<string, ModelStopReason>> = {
  length: 'max_tokens',
  tool_calls: 'tool_use',
  content_filter: 'content_filtered',
};

/**
 * A model on any server that speaks OpenAI's Chat Completions, such as llama.cpp or Ollama. Text comes from there;
 * tokens are counted as for every other model of the local Bedrock, except that an answer in one piece is billed with
 * the output tokens the server reports.
 *
 * @throws {@link LocalBedrockError} `COSTKIT_INVALID_OPTION` when the URL is none, or not on this machine and
 * `allowRemote` is not set.
 */
export function openAiCompatibleModel(options: OpenAiCompatibleModelOptions): LocalModel {
  const url = completionsUrl(options);
  const post = async (request: ModelRequest, stream: boolean): Promise<Response> => {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(options.apiKey === undefined ? {} : { authorization: `Bearer ${options.apiKey}` }),
      },
      body: JSON.stringify(chatRequest(request, options.model, stream)),
      signal: request.signal,
    }).catch((error: unknown) => {
      throw upstreamFailed(options, 'cannot be reached', error);
    });
    if (!response.ok) throw upstreamFailed(options, `answered with status ${response.status}`);
    return response;
  };
  return {
    kind: 'openai-compatible',
    answer: async (request) => answerOf(objectOf(await (await post(request, false)).json())),
    stream: async function* (request) {
      const { body } = await post(request, true);
      if (body === null) throw upstreamFailed(options, 'answered without a body');
      yield* streamedParts(serverSentEvents(body));
    },
  };
}

function completionsUrl(options: OpenAiCompatibleModelOptions): string {
  let url: URL;
  try {
    url = new URL(`${options.baseUrl.replace(/\/$/, '')}/chat/completions`);
  } catch {
    throw invalidOption('baseUrl', 'must be a URL such as http://127.0.0.1:11434/v1');
  }
  if (options.allowRemote !== true && !LOOPBACK_HOSTS.test(url.hostname)) {
    throw invalidOption('baseUrl', 'must be on this machine; set allowRemote to send prompts to another');
  }
  return url.href;
}

function upstreamFailed(
  options: OpenAiCompatibleModelOptions,
  what: string,
  cause?: unknown,
): LocalBedrockError {
  return new LocalBedrockError(
    'COSTKIT_UPSTREAM_MODEL_FAILED',
    `the model server at ${options.baseUrl} ${what}. Check that it runs and serves "${options.model}".`,
    cause === undefined ? {} : { cause },
  );
}

function answerOf(body: JsonObject): ModelAnswer {
  const choice = objectOf(arrayOf(body['choices'])[0]);
  const message = objectOf(choice['message']);
  const thinking = textOf(message['reasoning_content']) || textOf(message['reasoning']);
  const calls = arrayOf(message['tool_calls']).map((call): AnswerPart => {
    const { name, arguments: input } = objectOf(objectOf(call)['function']);
    return { type: 'toolUse', name: textOf(name), input: parsedInput(textOf(input)) };
  });
  const text = textOf(message['content']);
  const outputTokens = objectOf(body['usage'])['completion_tokens'];
  return {
    parts: [
      ...(thinking === '' ? [] : [{ type: 'thinking' as const, text: thinking }]),
      ...(text === '' ? [] : [{ type: 'text' as const, text }]),
      ...calls,
    ],
    stopReason: STOP_REASONS[textOf(choice['finish_reason'])] ?? 'end_turn',
    ...(typeof outputTokens === 'number' ? { outputTokens } : {}),
  };
}

async function* streamedParts(events: AsyncIterable<string>): AsyncGenerator<AnswerPart> {
  const calls = new Map<number, { name: string; input: string }>();
  for await (const event of events) {
    if (event === '[DONE]') break;
    const delta = objectOf(objectOf(arrayOf(objectOf(JSON.parse(event))['choices'])[0])['delta']);
    const thinking = textOf(delta['reasoning_content']) || textOf(delta['reasoning']);
    if (thinking !== '') yield { type: 'thinking', text: thinking };
    if (textOf(delta['content']) !== '') yield { type: 'text', text: textOf(delta['content']) };
    for (const value of arrayOf(delta['tool_calls'])) {
      const { index, function: called } = objectOf(value);
      const call = calls.get(Number(index ?? 0)) ?? { name: '', input: '' };
      call.name += textOf(objectOf(called)['name']);
      call.input += textOf(objectOf(called)['arguments']);
      calls.set(Number(index ?? 0), call);
    }
  }
  for (const { name, input } of calls.values()) yield { type: 'toolUse', name, input: parsedInput(input) };
}

function parsedInput(text: string): JsonObject {
  try {
    return objectOf(JSON.parse(text));
  } catch {
    return {};
  }
}
