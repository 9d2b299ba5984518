import { ConverseCommand } from '@aws-sdk/client-bedrock-runtime';

/** Calls against a budget of one dollar, together dearer than that, each at most a fifth of it. */
export interface Burst {
  readonly calls: number;
  readonly modelId: string;
  /** Length of each prompt in characters. */
  readonly characters: number;
  readonly maxTokens: number;
}

const OPUS = 'us.anthropic.claude-opus-4-20250514-v1:0';
const SONNET = 'us.anthropic.claude-sonnet-4-5-20250929-v1:0';

/** 20, 200 and 2,000 calls: the local Bedrock's answers use a quarter to a half of what is reserved for them. */
export const BURSTS: Readonly<Record<20 | 200 | 2_000, Burst>> = {
  20: { calls: 20, modelId: OPUS, characters: 20_000, maxTokens: 500 },
  200: { calls: 200, modelId: OPUS, characters: 2_000, maxTokens: 300 },
  2000: { calls: 2_000, modelId: SONNET, characters: 300, maxTokens: 300 },
};

const SENTENCE = 'The customer asks about a refund for the lamp in order 4711, once more. ';

/** One call of a burst; no two prompts are the same. */
export function burstCall({ modelId, characters, maxTokens }: Burst, index: number): ConverseCommand {
  const text = `${index} ${SENTENCE.repeat(Math.ceil(characters / SENTENCE.length))}`.slice(0, characters);
  return new ConverseCommand({
    modelId,
    messages: [{ role: 'user', content: [{ text }] }],
    inferenceConfig: { maxTokens },
  });
}
