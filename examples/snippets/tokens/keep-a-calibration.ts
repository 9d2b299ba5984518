import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { memoryStore } from '@costkit/core/memory-store';
import { createCalibration } from '@costkit/tokens';
import { costkit } from 'costkit';

// Any key-value server: `get(key)` and `set(key, value)` with text.
const store = memoryStore();

const calibration = createCalibration({ store });
const client = costkit(new BedrockRuntimeClient({ region: 'us-east-1' }), { calibration });

const modelId = 'us.anthropic.claude-haiku-4-5-20251001-v1:0';
await client.send(
  new ConverseCommand({
    modelId,
    messages: [{ role: 'user', content: [{ text: 'How long does the warranty last?' }] }],
  }),
);

// Where a process may be frozen or end: what was learned since the last write.
await calibration.flush();

const afterColdStart = createCalibration({ store });
await afterColdStart.ready();
console.log(`${afterColdStart.observations(modelId)} response known after a cold start`);
