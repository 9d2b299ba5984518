import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { createCalibration, estimateTokens } from '@costkit/tokens';

const client = new BedrockRuntimeClient({ region: 'us-east-1' });
const calibration = createCalibration();
const input = {
  modelId: 'us.anthropic.claude-haiku-4-5-20251001-v1:0',
  system: [{ text: 'You answer questions about the warranty in two sentences.' }],
  messages: [{ role: 'user' as const, content: [{ text: 'How long does the warranty last?' }] }],
  inferenceConfig: { maxTokens: 200 },
};

const estimate = estimateTokens(input, { model: input.modelId, calibration });
console.log(`${estimate.tokens} tokens, between ${estimate.low} and ${estimate.high} (${estimate.method})`);

const { usage } = await client.send(new ConverseCommand(input));
const { inputTokens = 0, cacheReadInputTokens = 0, cacheWriteInputTokens = 0 } = usage ?? {};
calibration.observe(input.modelId, estimate, inputTokens + cacheReadInputTokens + cacheWriteInputTokens);
