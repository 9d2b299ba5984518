import type { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { receiptOf } from '@costkit/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { HAIKU, OPUS } from './call-fixture.js';
import { actions, CALLS_A_TOOL, question, reasons, send, startRouted, toolLoop } from './local-fixture.js';

async function start(...options: Parameters<typeof startRouted>) {
  const started = await startRouted(...options);
  onTestFinished(() => started.stop());
  return started;
}

describe('a call without a task tag', () => {
  const policy = {
    version: 1,
    createdAt: '2026-11-22',
    tasks: { 'shape:classification': { tier: 'cheap' }, 'sort-mail': { tier: 'middle' } },
  };
  const label = 'Label the sentiment: positive, negative or neutral. Answer with one word. "It broke."';

  it('goes by what it looks like, where the policy has evidence for that', async () => {
    const { routed, asked } = await start();
    const client = routed({ policy });
    const labelled = await send(client, question(label, { inferenceConfig: { maxTokens: 10 } }));
    const open = await send(client, question('Why did the Roman empire fall?'));
    const tagged = await send(client, question(label, { inferenceConfig: { maxTokens: 10 } }), {
      task: 'sentiment',
    });
    expect(actions(labelled)).toEqual(['routed to cheap']);
    expect(reasons(labelled)).toMatch(
      /^A call without a task tag that looks like classification goes to tier "cheap"/,
    );
    expect(reasons(open)).toBe('No rule matches and the call has no task tag.');
    expect(reasons(tagged)).toBe('No rule matches and no policy names task "sentiment".');
    expect(asked()).toEqual([HAIKU, OPUS, OPUS]);
  });

  it('goes by rules for shapes, and by the system prompt that it begins with', async () => {
    const { routed, asked } = await start();
    const client = routed({
      policy,
      systemPrompts: { 'sort-mail': 'You sort mail' },
      rules: [{ when: { shape: 'extraction' }, tier: 'cheap', reason: 'fields are easy to find' }],
    });
    const json = { type: 'object', properties: { author: { type: 'string' } } };
    const toolConfig = {
      tools: [{ toolSpec: { name: 'note', inputSchema: { json } } }],
      toolChoice: { tool: { name: 'note' } },
    };
    const extracted = await send(client, question('Who wrote "Faust"?', { toolConfig }));
    const sorted = await send(
      client,
      question('"It broke."', { system: [{ text: 'You sort mail into folders.' }] }),
    );
    expect(reasons(extracted)).toBe(`Goes to tier "cheap" (${HAIKU}) because fields are easy to find.`);
    expect(actions(sorted)).toEqual(['routed to middle']);
    expect(reasons(sorted)).toContain('A call whose system prompt is that of task "sort-mail"');
    expect(asked()[0]).toBe(HAIKU);
  });
});

describe('whole-request dollars', () => {
  it('count what the other model thinks before it answers', async () => {
    const { routed, asked } = await start();
    const calm = 'us.anthropic.claude-sonnet-4-6';
    const tiers = [{ name: 'thinking', modelId: 'us.anthropic.claude-sonnet-5-5' }];
    const policy = { version: 1, createdAt: '2026-11-22', tasks: { faq: { tier: 'thinking' } } };
    const client = routed({ tiers, policy });
    const input = question('One?', { modelId: calm, inferenceConfig: { maxTokens: 4_000 } });
    const stays = await send(client, input, { task: 'faq' });
    expect(reasons(stays)).toMatch(/would cost about \$0\.01\d+, the model asked for \$0\.00\d+/);
    // Where the caller has switched thinking off, it is the cheaper model again.
    const off = { additionalModelRequestFields: { thinking: { type: 'disabled' } } };
    await send(client, { ...input, ...off }, { task: 'faq' });
    expect(asked()[0]).toBe(calm);
  });
});

describe('a tool loop', () => {
  const policy = { version: 1, createdAt: '2026-11-22', tasks: {}, default: 'cheap' };

  it('is finished by the model that began it, whatever the policy says meanwhile', async () => {
    const { routed, asked } = await start({ models: { '*': CALLS_A_TOOL } });
    const loop = await toolLoop(routed({ policy }));
    expect(receiptOf(loop)?.decisions[0]?.reason).toBe(
      `Stays with tier "cheap" (${HAIKU}), which wrote the last answer of the conversation.`,
    );
    // A loop that the caller's own model began is left with it.
    let turns = 0;
    const modes = [routed({ mode: 'off' }), routed({ policy })];
    const send = (command: ConverseCommand) => (modes[turns++] as BedrockRuntimeClient).send(command);
    await toolLoop({ send } as BedrockRuntimeClient);
    expect(asked()).toEqual([HAIKU, HAIKU, OPUS, OPUS]);
  });
});
