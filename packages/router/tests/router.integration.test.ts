import {
  type BedrockRuntimeClient,
  ConverseCommand,
  type ConverseCommandInput,
  ConverseStreamCommand,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { type Receipt, receiptOf, withTags } from '@costkit/core';
import { describe, expect, it } from 'vitest';
import { type RouterOptions, withRouter } from '../src/index.js';
import { fakeBedrock, HAIKU, OPUS, type Script, SONNET, TIERS } from './fake-bedrock.js';

const converseInput = (overrides: Partial<ConverseCommandInput> = {}): ConverseCommandInput => ({
  modelId: OPUS,
  system: [{ text: 'You sort support mail.' }],
  messages: [{ role: 'user', content: [{ text: 'Where is my parcel?' }] }],
  inferenceConfig: { maxTokens: 200 },
  ...overrides,
});

const anthropicBody = JSON.stringify({
  anthropic_version: 'bedrock-2023-05-31',
  max_tokens: 200,
  system: 'You sort support mail.',
  messages: [{ role: 'user', content: 'Where is my parcel?' }],
});

/** Sends the same question by each operation and returns the answer's text and receipt. */
const SENDERS: Record<
  string,
  (client: BedrockRuntimeClient) => Promise<{ text: string; receipt: Receipt | undefined }>
> = {
  Converse: async (client) => {
    const output = await client.send(new ConverseCommand(converseInput()));
    return { text: output.output?.message?.content?.[0]?.text ?? '', receipt: receiptOf(output) };
  },
  ConverseStream: async (client) => {
    const output = await client.send(new ConverseStreamCommand(converseInput()));
    let text = '';
    for await (const event of output.stream ?? []) text += event.contentBlockDelta?.delta?.text ?? '';
    return { text, receipt: receiptOf(output) };
  },
  InvokeModel: async (client) => {
    const output = await client.send(new InvokeModelCommand({ modelId: OPUS, body: anthropicBody }));
    return { text: JSON.parse(output.body.transformToString()).content[0].text, receipt: receiptOf(output) };
  },
  InvokeModelWithResponseStream: async (client) => {
    const output = await client.send(
      new InvokeModelWithResponseStreamCommand({ modelId: OPUS, body: anthropicBody }),
    );
    let text = '';
    for await (const event of output.body ?? []) {
      text += JSON.parse(new TextDecoder().decode(event.chunk?.bytes)).delta?.text ?? '';
    }
    return { text, receipt: receiptOf(output) };
  },
};
const OPERATIONS = Object.keys(SENDERS);

async function ask(operation: string, options: Partial<RouterOptions>, script: Script = {}) {
  const bedrock = fakeBedrock(script);
  const client = withRouter(bedrock.client, { tiers: TIERS, ...options });
  const send = SENDERS[operation];
  if (send === undefined) throw new Error(operation);
  const { text, receipt } = await withTags({ task: 'sort' }, () => send(client));
  return { text, receipt, asked: bedrock.asked(), lines: receipt?.decisions ?? [] };
}

const POLICY = { version: 1, createdAt: '2026-11-22', tasks: { sort: { tier: 'cheap' } } } as const;

describe('withRouter', () => {
  describe.each(OPERATIONS)('%s', (operation) => {
    it('sends a task to the tier of its policy and says so', async () => {
      const { text, asked, receipt, lines } = await ask(operation, { policy: POLICY });
      expect(asked).toEqual([HAIKU]);
      expect(text).toBe(`I am ${HAIKU}.`);
      expect(lines).toEqual([
        expect.objectContaining({
          lever: 'router',
          mode: 'enforce',
          action: 'routed to cheap',
          reason: `Task "sort" goes to tier "cheap" (${HAIKU}): the policy of 2026-11-22 says so, without recorded evidence.`,
        }),
      ]);
      expect(lines[0]?.estimatedSaving?.usd).toBeGreaterThan(0);
      expect(receipt?.requestedModel).toBe(OPUS);
      expect(receipt?.servedModel).toBe('anthropic.claude-haiku-5-5');
      // 40 in, 20 out: 0.11 and 0.55 against 4.40 and 22.00 dollars per million.
      expect(receipt?.cost?.toUsdString()).toBe('0.0000154');
      expect(receipt?.baseline?.toUsdString()).toBe('0.000616');
    });

    it('sends what a rule matches to its tier', async () => {
      const rules = [
        {
          when: { task: 'sort', tools: false, maxInputTokens: 1_000 },
          tier: 'middle',
          reason: 'mail is short.',
        },
      ];
      const { asked, lines } = await ask(operation, { rules, policy: POLICY });
      expect(asked).toEqual([SONNET]);
      expect(lines[0]?.reason).toBe(`Goes to tier "middle" (${SONNET}) because mail is short.`);
    });

    it('changes nothing in observe and says what it would have saved', async () => {
      const { asked, lines, receipt } = await ask(operation, { policy: POLICY, mode: 'observe' });
      expect(asked).toEqual([OPUS]);
      expect(lines.map(({ action }) => action)).toEqual(['would route to cheap']);
      expect(lines[0]?.estimatedSaving?.usd).toBeGreaterThan(0);
      expect(receipt?.saved?.usd).toBe(0);
    });

    it('does nothing at all in off', async () => {
      const { asked, lines } = await ask(operation, { policy: POLICY, mode: 'off' });
      expect(asked).toEqual([OPUS]);
      expect(lines).toEqual([]);
    });

    it("sends the caller's own request when the chosen model refuses", async () => {
      const { asked, text, lines } = await ask(
        operation,
        { policy: POLICY },
        { [HAIKU]: { error: 'AccessDeniedException' } },
      );
      expect(asked).toEqual([HAIKU, OPUS]);
      expect(text).toBe(`I am ${OPUS}.`);
      expect(lines.map(({ action }) => action)).toEqual(['routed to cheap', 'fell back']);
    });

    it('commits an accepted draft', async () => {
      const { asked, text, lines, receipt } = await ask(operation, {
        cascade: { check: ({ text }) => text.includes('haiku') },
      });
      expect(asked).toEqual([HAIKU]);
      expect(text).toBe(`I am ${HAIKU}.`);
      expect(lines.map(({ action }) => action)).toEqual(['accepted the draft']);
      expect(receipt?.attempts.map(({ purpose }) => purpose)).toEqual(['draft']);
      expect(receipt?.settled).toBe(true);
    });

    it('escalates a draft that is not accepted, and books both calls', async () => {
      const { asked, text, lines, receipt } = await ask(operation, {
        cascade: { check: () => ({ accept: false, reason: 'it names no order' }) },
      });
      expect(asked).toEqual([HAIKU, OPUS]);
      expect(text).toBe(`I am ${OPUS}.`);
      expect(lines.map(({ reason }) => reason)).toEqual([
        `The check did not accept the draft of tier "cheap" (${HAIKU}): it names no order, so ${OPUS} answers.`,
      ]);
      expect(receipt?.attempts.map(({ purpose, complete }) => [purpose, complete])).toEqual([
        ['draft', true],
        ['escalation', true],
      ]);
      expect(receipt?.cost?.toUsdString()).toBe('0.0006314');
      expect(receipt?.saved?.toUsdString()).toBe('-0.0000154');
      expect(lines[0]?.estimatedSaving?.toUsdString()).toBe('-0.0000154');
    });
  });
});
