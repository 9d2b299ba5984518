import { arrayOf, type JsonObject, objectOf, textOf } from '../json.js';
import { validation } from '../wire/bedrock-fault.js';

/** A prompt of Prompt management, called through Converse by its ARN. */
export interface StoredPrompt {
  /** The id or profile the prompt is set up for. */
  readonly modelId: string;
  /** Its text, with `{{name}}` where a variable goes. */
  readonly text: string;
}

/** Members that a request by prompt ARN must not have (user guide, conversation-inference). */
const FORBIDDEN = ['additionalModelRequestFields', 'inferenceConfig', 'system', 'toolConfig'] as const;

/**
 * Puts a stored prompt in front of a Converse request's own messages.
 *
 * @throws {@link BedrockFault} when the request sets what the prompt sets, or leaves a variable open. The wording is
 * assumed.
 */
export function expandStoredPrompt(prompt: StoredPrompt, body: JsonObject): JsonObject {
  const set = FORBIDDEN.filter((name) => body[name] !== undefined);
  if (set.length > 0) {
    throw validation(
      `The following fields cannot be set when the modelId is a prompt resource: ${set.join(', ')}.`,
    );
  }
  const variables = objectOf(body['promptVariables']);
  const text = prompt.text.replace(/\{\{\s*([\w-]+)\s*\}\}/g, (_, name: string) => {
    const value = objectOf(variables[name])['text'];
    if (typeof value !== 'string')
      throw validation(`The prompt variable ${name} has no value in promptVariables.`);
    return value;
  });
  const [first, ...rest] = arrayOf(body['messages']);
  const opening = { text };
  // Two user turns in a row are one: the service appends the request's messages to the prompt's.
  const messages =
    textOf(objectOf(first)['role']) === 'user'
      ? [{ role: 'user', content: [opening, ...arrayOf(objectOf(first)['content'])] }, ...rest]
      : [{ role: 'user', content: [opening] }, ...arrayOf(body['messages'])];
  return { ...body, messages };
}
