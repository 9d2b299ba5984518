import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** What somebody may put into a tag. */
export const HOSTILE_TAG = `<script>alert(1)</script>"><img src=x onerror=alert(2)>`;

const ARN = 'arn:aws:bedrock:us-east-1:123456789012:provisioned-model/';
/** Provisioned models: one that serves a call a day, and one that none. */
export const PROVISIONED = `${ARN}abcdefgh1234`;
export const IDLE = `${ARN}nobodycalls1`;

const SYSTEM = 'You answer questions about orders, kindly and briefly. '.repeat(300);
const START = Date.UTC(2026, 9, 20, 9);

/** Writes four days of an invocation log: a long system prompt that nobody caches, in a feature with a hostile name. */
export function writeWastefulLogs(folder: string): void {
  const hour = join(folder, 'AWSLogs/123456789012/BedrockModelInvocationLogs/us-east-1/2026/10/20/09');
  mkdirSync(hour, { recursive: true });
  const records = Array.from({ length: 400 }, (_, index) => ({
    timestamp: new Date(START + Math.floor(index / 100) * 86_400_000 + (index % 100) * 60_000).toISOString(),
    accountId: '123456789012',
    identity: { arn: 'arn:aws:sts::123456789012:assumed-role/shop/session' },
    region: 'us-east-1',
    requestId: `request-${index}`,
    operation: index % 2 === 0 ? 'Converse' : 'ConverseStream',
    modelId:
      index % 100 === 99
        ? PROVISIONED
        : index % 4 === 0
          ? 'us.anthropic.claude-sonnet-5-5'
          : 'global.anthropic.claude-sonnet-5-5',
    requestMetadata: { feature: index % 4 === 0 ? 'search' : HOSTILE_TAG },
    input: {
      inputBodyJson: {
        system: [{ text: SYSTEM }, ...(index % 4 === 0 ? [{ cachePoint: { type: 'default' } }] : [])],
        messages: [{ role: 'user', content: [{ text: `Where is order ${index}?` }] }],
        inferenceConfig: { maxTokens: 300 },
      },
      inputTokenCount: index % 4 === 0 ? 12 : 3_812,
      ...(index % 4 === 0
        ? {
            cacheReadInputTokenCount: index % 100 === 0 ? 0 : 3_800,
            cacheWriteInputTokenCount: index % 100 === 0 ? 3_800 : 0,
          }
        : {}),
    },
    output: { outputBodyJson: { usage: {}, metrics: { latencyMs: 900 } }, outputTokenCount: 150 },
    schemaType: 'ModelInvocationLog',
    schemaVersion: '1.0',
  }));
  writeFileSync(
    join(hour, 'log.json.gz'),
    gzipSync(records.map((record) => `${JSON.stringify(record)}\n`).join('')),
  );
}
