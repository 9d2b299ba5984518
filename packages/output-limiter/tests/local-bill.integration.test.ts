import {
  BedrockRuntimeClient,
  ConverseCommand,
  type ConverseCommandInput,
  ConverseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { collectReceipts, Money, type Receipt } from '@costkit/core';
import { type LocalBedrock, proseModel, startLocalBedrock } from '@costkit/local';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withOutputLimit } from '../src/index.js';
import { holdOutSaving } from '../src/output.js';

const HAIKU = 'us.anthropic.claude-haiku-4-5-20251001-v1:0';

let bedrock: LocalBedrock;
beforeEach(async () => {
  bedrock = await startLocalBedrock({ models: { '*': proseModel({ tokens: { mean: 300 } }) } });
});
afterEach(() => bedrock.stop());

const input = (text: string, fields: Partial<ConverseCommandInput> = {}): ConverseCommandInput => ({
  modelId: HAIKU,
  messages: [{ role: 'user', content: [{ text }] }],
  ...fields,
});

describe('withOutputLimit against the local Bedrock', () => {
  it('has receipts that agree with the bill, repairs included, whole and streamed', async () => {
    const client = withOutputLimit(new BedrockRuntimeClient(bedrock.clientConfig), { maxTokens: 100 });
    const { receipts } = await collectReceipts(async () => {
      const whole = await client.send(new ConverseCommand(input('One')));
      expect(whole.usage?.outputTokens).toBe(400);
      const { stream } = await client.send(new ConverseStreamCommand(input('Two')));
      const ends: (string | undefined)[] = [];
      for await (const event of stream ?? [])
        if (event.messageStop !== undefined) ends.push(event.messageStop.stopReason);
      expect(ends).toEqual(['end_turn']);
    });
    expect(receipts.map(({ attempts }) => attempts.length)).toEqual([2, 2]);
    expect(bedrock.bill().lines).toHaveLength(4);
    expect(Money.sum(receipts.map(({ cost }) => cost as Money)).picoUsd).toBe(bedrock.bill().total.picoUsd);
  });

  it('leaves the cached prefix readable: brevity stands behind the last cache point', async () => {
    const client = withOutputLimit(new BedrockRuntimeClient(bedrock.clientConfig), {
      maxTokens: 1_000,
      brevity: true,
    });
    const system = [
      { text: 'All of the handbook. '.repeat(2_000) },
      { cachePoint: { type: 'default' as const } },
    ];
    const first = await client.send(new ConverseCommand(input('One', { system })));
    const second = await client.send(new ConverseCommand(input('Two', { system })));
    expect(first.usage?.cacheWriteInputTokens).toBeGreaterThan(4_096);
    expect(second.usage?.cacheReadInputTokens).toBe(first.usage?.cacheWriteInputTokens);
  });

  it.each([
    ['enforce', 0.4],
    ['observe', 0],
  ] as const)('claims nothing for caps whose answers a repair completes, in %s', async (mode, holdOut) => {
    const client = withOutputLimit(new BedrockRuntimeClient(bedrock.clientConfig), {
      mode,
      holdOut,
      maxTokens: 100,
    });
    const { receipts } = await collectReceipts(async () => {
      for (let call = 0; call < 70; call += 1) await client.send(new ConverseCommand(input(`${call}`)));
    });
    const claimed = receipts.flatMap(({ decisions }) =>
      decisions.flatMap(({ estimatedSaving }) => estimatedSaving?.usd ?? []),
    );
    expect(claimed.length).toBeGreaterThan(20);
    // At most the rounding of a token: what a repair writes costs as much as what the cap cut off, or more.
    expect(Math.max(...claimed)).toBeLessThan(5.5e-6);
  });

  it.each(['enforce', 'observe'] as const)(
    'claims the loss that caps and repairs of a long prompt are, in %s',
    async (mode) => {
      const system = [{ text: 'All of the handbook. '.repeat(500) }];
      const options = { maxTokens: 100, holdOut: 0.4 };
      const talk = async (watched: typeof mode): Promise<readonly Receipt[]> => {
        const client = withOutputLimit(new BedrockRuntimeClient(bedrock.clientConfig), {
          ...options,
          mode: watched,
        });
        const { receipts } = await collectReceipts(async () => {
          for (let call = 0; call < 80; call += 1)
            await client.send(new ConverseCommand(input(`${call}`, { system })));
        });
        return receipts;
      };
      const lost = holdOutSaving(await talk('enforce'))?.perCall.usd as number;
      expect(lost).toBeLessThan(0);
      const claimed = (await talk(mode)).flatMap(({ decisions }) => decisions[0]?.estimatedSaving?.usd ?? []);
      // The model begins anew in each repair, and writes more than the cap cut off: only who sees it can know.
      expect((claimed.at(-1) as number) / lost).toBeCloseTo(mode === 'enforce' ? 1 : 0.8, 1);
    },
  );

  it('pays for fewer tokens where the cap is lower than the answer and nothing repairs it', async () => {
    const client = withOutputLimit(new BedrockRuntimeClient(bedrock.clientConfig), {
      maxTokens: 100,
      repair: false,
    });
    const answer = await client.send(new ConverseCommand(input('One')));
    expect(answer).toMatchObject({ stopReason: 'max_tokens', usage: { outputTokens: 100 } });
    expect(bedrock.bill().lines[0]?.tokens.output).toBe(100);
  });
});
