import { ConverseCommand, ConverseStreamCommand, InvokeModelCommand } from '@aws-sdk/client-bedrock-runtime';
import { type LocalBedrock, startLocalBedrock } from '@costkit/local';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collectReceipts, deriveClient, leverPlugin } from '../src/index.js';
import { localClient } from './local-client.js';

const MODEL = 'us.anthropic.claude-haiku-4-5-20251001-v1:0';
const guardrailConfig = (trace: 'enabled' | 'disabled', guardrailIdentifier = 'gr-house') =>
  ({ guardrailIdentifier, guardrailVersion: '1', trace }) as const;
const input = (guardrail: ReturnType<typeof guardrailConfig>) => ({
  modelId: MODEL,
  messages: [{ role: 'user' as const, content: [{ text: 'May I see the contract? '.repeat(60) }] }],
  guardrailConfig: guardrail,
});

describe('a guardrail', () => {
  let bedrock: LocalBedrock;
  let bare: ReturnType<typeof localClient>;

  beforeAll(async () => {
    bedrock = await startLocalBedrock({ guardrails: { 'gr-house': { policies: ['content', 'topic'] } } });
    bare = localClient(bedrock, 'HTTP/2', { maxAttempts: 1 });
  });
  afterAll(async () => {
    bare.destroy();
    await bedrock.stop();
  });

  const receiptOf = async (send: (client: typeof bare) => Promise<unknown>) => {
    const client = deriveClient(bare, leverPlugin('nothing', []));
    const { receipts } = await collectReceipts(() => send(client));
    return { receipt: receipts[0], line: bedrock.bill().lines.at(-1) };
  };

  it('is part of the cost where the trace says what it charged, streamed or not', async () => {
    const whole = await receiptOf((client) =>
      client.send(new ConverseCommand(input(guardrailConfig('enabled')))),
    );
    const streamed = await receiptOf(async (client) => {
      const { stream } = await client.send(new ConverseStreamCommand(input(guardrailConfig('enabled'))));
      for await (const _ of stream ?? []) {
      }
    });
    for (const { receipt, line } of [whole, streamed]) {
      // 1,440 characters asked, one unit begun by the answer; each policy for itself.
      expect(receipt?.usage.units).toMatchObject({
        'guardrail.contentPolicyUnits': 3,
        'guardrail.topicPolicyUnits': 3,
      });
      expect(receipt?.cost?.picoUsd).toBe(line?.picoUsd);
      expect(receipt?.decisions).toEqual([]);
    }
  });

  it('is said to be missing where no trace tells', async () => {
    const { receipt, line } = await receiptOf((client) =>
      client.send(new ConverseCommand(input(guardrailConfig('disabled')))),
    );
    expect(receipt?.decisions).toEqual([
      expect.objectContaining({
        lever: 'guardrail',
        action: 'not counted',
        reason: expect.stringContaining('trace'),
      }),
    ]);
    const charged = (line?.lines ?? []).filter(({ kind }) => kind.startsWith('guardrail.'));
    const guardrailPicoUsd = charged.reduce((sum, { picoUsd = 0n }) => sum + picoUsd, 0n);
    expect(guardrailPicoUsd).toBeGreaterThan(0n);
    expect(receipt?.cost?.picoUsd).toBe((line?.picoUsd ?? 0n) - guardrailPicoUsd);
  });

  it('says the same of InvokeModel', async () => {
    const body = JSON.stringify({
      anthropic_version: 'bedrock-2023-05-31',
      max_tokens: 50,
      messages: [{ role: 'user', content: 'Hi' }],
    });
    const guarded = { modelId: MODEL, body, guardrailIdentifier: 'gr-house', guardrailVersion: '1' };
    const seen = await receiptOf((client) =>
      client.send(new InvokeModelCommand({ ...guarded, trace: 'ENABLED' })),
    );
    expect(seen.receipt?.cost?.picoUsd).toBe(seen.line?.picoUsd);
    const unseen = await receiptOf((client) => client.send(new InvokeModelCommand(guarded)));
    expect(unseen.receipt?.decisions).toHaveLength(1);
  });

  it('that the account does not have is refused by the service, and costs nothing', async () => {
    const lines = bedrock.bill().lines.length;
    await expect(
      bare.send(new ConverseCommand(input(guardrailConfig('enabled', 'gr-none')))),
    ).rejects.toThrow(
      expect.objectContaining({ name: 'ValidationException', message: expect.stringContaining('guardrail') }),
    );
    expect(bedrock.bill().lines).toHaveLength(lines);
  });
});
