import type { CatalogueModel } from '@costkit/pricing/catalogue';
import { arrayOf, isObject, type JsonObject, objectOf, textOf } from '../json.js';
import type { Prompt, PromptMessage, PromptThinking, PromptToolChoice } from '../prompt.js';
import { providerValidation, validation } from '../wire/bedrock-fault.js';
import { checkCachePointOrder } from './cache-point-rules.js';
import { type AskedOfModel, checkModelRefusals } from './check-model-refusals.js';
import { readContent, readSystem, readTools } from './converse-blocks.js';

const ROLES = ['user', 'assistant', 'system'];

/**
 * Reads and checks the body of Converse and ConverseStream.
 *
 * @throws {@link BedrockFault} with the text the service answers a wrong request with.
 */
export function readConverseRequest(body: JsonObject, model: CatalogueModel): Prompt {
  if (model.kind !== 'text' || !model.capabilities.converse) {
    throw validation(
      "This action doesn't support the model that you provided. Try again with a supported text or chat model.",
    );
  }
  const inference = objectOf(body['inferenceConfig']);
  checkInference(inference, model);
  const toolConfig = body['toolConfig'];
  const toolValues = arrayOf(objectOf(toolConfig)['tools']);
  if (isObject(toolConfig) && toolValues.length === 0) {
    throw constraint('toolConfig.tools', '[]', 'have length greater than or equal to 1');
  }
  if (toolValues.length > 0 && !model.capabilities.tools) {
    throw validation("This model doesn't support tool use.");
  }
  const system = arrayOf(body['system']);
  if (system.length > 0 && !model.capabilities.systemPrompts) {
    throw validation(
      "This model doesn't support the system field that was provided. Remove the system field and try again.",
    );
  }
  const messages = readMessages(body['messages'], model);
  checkConversation(messages, toolValues.length > 0);
  if (model.refuses?.includes('images') === true) refuseImages(messages);
  const prompt: Prompt = {
    tools: readTools(model, toolValues),
    system: readSystem(model, system),
    messages,
    toolSpecs: toolValues.flatMap((tool) => {
      const spec = objectOf(tool)['toolSpec'];
      if (!isObject(spec)) return [];
      return [
        {
          name: textOf(spec['name']),
          description: textOf(spec['description']),
          inputSchema: objectOf(objectOf(spec['inputSchema'])['json']),
        },
      ];
    }),
    toolChoice: readToolChoice(objectOf(toolConfig)['toolChoice']),
    ...(typeof inference['maxTokens'] === 'number' ? { maxTokens: inference['maxTokens'] } : {}),
    stopSequences: arrayOf(inference['stopSequences']).map(textOf),
    ...readOutputSchema(body['outputConfig']),
    thinking: readThinking(body),
  };
  checkToolChoice(prompt);
  checkModelRefusals(model, askedOf(body, prompt), providerValidation);
  checkCachePointOrder(model, prompt, true);
  return prompt;
}

function askedOf(body: JsonObject, prompt: Prompt): AskedOfModel {
  const inference = objectOf(body['inferenceConfig']);
  const extra = objectOf(body['additionalModelRequestFields']);
  return {
    temperature: inference['temperature'] ?? extra['temperature'],
    topP: inference['topP'] ?? extra['top_p'],
    topK: extra['top_k'],
    thinking: objectOf(extra['thinking']),
    maxTokens: prompt.maxTokens,
    messages: prompt.messages,
    forcesTool: prompt.toolChoice.type === 'any' || prompt.toolChoice.type === 'tool',
    hasSchema: prompt.outputSchema !== undefined,
  };
}

/** AWS's text for a member that breaks a constraint of the service model. */
function constraint(member: string, value: string, must: string): Error {
  return validation(
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: Member must ${must}`,
  );
}

function checkInference(inference: JsonObject, model: CatalogueModel): void {
  const { maxTokens, temperature, topP, stopSequences } = inference;
  if (maxTokens !== undefined) checkMaxTokens(maxTokens, model);
  for (const [name, value] of Object.entries({ temperature, topP })) {
    if (value === undefined) continue;
    if (typeof value !== 'number' || value < 0) {
      throw constraint(`inferenceConfig.${name}`, String(value), 'have value greater than or equal to 0');
    }
    if (value > 1)
      throw constraint(`inferenceConfig.${name}`, String(value), 'have value less than or equal to 1');
  }
  if (arrayOf(stopSequences).length > 2500) {
    throw constraint('inferenceConfig.stopSequences', '[…]', 'have length less than or equal to 2500');
  }
}

function checkMaxTokens(maxTokens: unknown, model: CatalogueModel): void {
  if (typeof maxTokens !== 'number' || !Number.isInteger(maxTokens) || maxTokens < 1) {
    throw constraint('inferenceConfig.maxTokens', String(maxTokens), 'have value greater than or equal to 1');
  }
  const limit = model.maxOutputTokens;
  if (limit !== undefined && maxTokens > limit) {
    throw validation(
      `The maximum tokens you requested exceeds the model limit of ${limit}. ` +
        `Try again with a maximum tokens value that is lower than ${limit}.`,
    );
  }
}

function readMessages(value: unknown, model: CatalogueModel): PromptMessage[] {
  const messages = arrayOf(value);
  if (messages.length === 0) {
    throw validation(
      'A conversation must start with a user message. Try again with a conversation that starts with a user message.',
    );
  }
  return messages.map((message, index) => {
    const { role, content } = objectOf(message);
    if (!ROLES.includes(textOf(role))) {
      throw constraint(
        `messages.${index + 1}.member.role`,
        String(role),
        'satisfy enum value set: [user, assistant, system]',
      );
    }
    if (arrayOf(content).length === 0) {
      throw validation(
        `The content field in the Message object at messages.${index} is empty. ` +
          'Add a ContentBlock object to the content field and try again.',
      );
    }
    return {
      role: role as PromptMessage['role'],
      blocks: readContent(model, arrayOf(content), ['messages', index, 'content']),
    };
  });
}

function checkConversation(messages: readonly PromptMessage[], hasTools: boolean): void {
  const turns = messages.flatMap((message, index) => (message.role === 'system' ? [] : [{ message, index }]));
  if (turns[0]?.message.role !== 'user') {
    throw validation(
      'A conversation must start with a user message. Try again with a conversation that starts with a user message.',
    );
  }
  turns.forEach(({ message, index }, turn) => {
    const previous = turns[turn - 1]?.message;
    if (previous?.role === message.role) {
      throw validation(
        'A conversation must alternate between user and assistant roles. ' +
          'Make sure the conversation alternates between user and assistant roles and try again.',
      );
    }
    checkToolResults(message, previous, index);
  });
  const usesTools = messages.some(({ blocks }) =>
    blocks.some(({ kind }) => kind === 'toolUse' || kind === 'toolResult'),
  );
  if (usesTools && !hasTools) {
    throw validation(
      'The toolConfig field must be defined when using toolUse and toolResult content blocks.',
    );
  }
}

/** Each tool call is answered in the next turn, and nothing else is. */
function checkToolResults(message: PromptMessage, previous: PromptMessage | undefined, index: number): void {
  const idsOf = (from: PromptMessage | undefined, kind: 'toolUse' | 'toolResult'): string[] =>
    (from?.blocks ?? []).flatMap((block) => (block.kind === kind ? [block.toolUseId ?? ''] : []));
  const asked = idsOf(previous, 'toolUse');
  const answered = idsOf(message, 'toolResult');
  if (answered.length > asked.length || answered.some((id) => !asked.includes(id))) {
    throw validation(
      `The number of toolResult blocks at messages.${index}.content exceeds the number of toolUse blocks of previous turn.`,
    );
  }
  const missing = asked.filter((id) => !answered.includes(id));
  if (missing.length > 0) {
    throw validation(
      `Expected toolResult blocks at messages.${index}.content for the following Ids: ${missing.join(', ')}`,
    );
  }
}

/** Seen for messages of the user; that what a tool returns is refused as well is not known. */
function refuseImages(messages: readonly PromptMessage[]): void {
  if (messages.some(({ blocks }) => blocks.some(({ kind }) => kind === 'image'))) {
    throw validation(
      "This model doesn't support the image field for user messages. Remove image and try again.",
    );
  }
}

function readToolChoice(value: unknown): PromptToolChoice {
  const { any, tool } = objectOf(value);
  if (isObject(tool)) return { type: 'tool', name: textOf(tool['name']) };
  return { type: any === undefined ? 'auto' : 'any' };
}

function checkToolChoice(prompt: Prompt): void {
  const { toolChoice, toolSpecs } = prompt;
  if (toolChoice.type === 'tool' && !toolSpecs.some((tool) => tool.name === toolChoice.name)) {
    throw validation(`The tool ${toolChoice.name} that toolChoice names is not in toolConfig.tools.`);
  }
  const names = toolSpecs.map((tool) => tool.name);
  names.forEach((name, index) => {
    if (!/^[a-zA-Z0-9_-]{1,64}$/.test(name)) {
      throw constraint(
        `toolConfig.tools.${index + 1}.member.toolSpec.name`,
        name,
        'satisfy regular expression pattern: [a-zA-Z0-9_-]+',
      );
    }
    if (names.indexOf(name) !== index) {
      throw validation(
        `The tool name ${name} is already defined at toolConfig.tools.${names.indexOf(name)}.`,
      );
    }
  });
}

function readOutputSchema(value: unknown): { outputSchema?: JsonObject } {
  const format = objectOf(objectOf(value)['textFormat']);
  if (format['type'] !== 'json_schema') return {};
  const schema = objectOf(objectOf(format['structure'])['jsonSchema'])['schema'];
  try {
    return { outputSchema: objectOf(JSON.parse(textOf(schema))) };
  } catch {
    throw validation('The schema at outputConfig.textFormat.structure.jsonSchema.schema is not valid JSON.');
  }
}

function readThinking(body: JsonObject): PromptThinking {
  const extra = objectOf(body['additionalModelRequestFields']);
  const type = objectOf(extra['thinking'])['type'] ?? objectOf(extra['reasoningConfig'])['type'];
  const effort = objectOf(body['outputConfig'])['effort'] ?? objectOf(extra['output_config'])['effort'];
  return thinkingOf(type, effort);
}

/** Thinking as the provider's own words name it. */
export function thinkingOf(type: unknown, effort: unknown): PromptThinking {
  const mode = type === 'enabled' || type === 'adaptive' || type === 'disabled' ? type : 'default';
  return { mode, ...(typeof effort === 'string' ? { effort } : {}) };
}
