import { ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { deriveClient, type Lever, leverPlugin, Money, receiptOf, withTags } from '@costkit/core';
import type { LocalBedrock } from '@costkit/local';
import { costOf } from '@costkit/pricing';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { CascadeCheck, RouterOptions } from '../src/index.js';
import { HAIKU, OPUS, SONNET } from './call-fixture.js';
import {
  actions,
  CALLS_A_TOOL,
  question,
  reasons,
  type Sent,
  send,
  startRouted,
  toolLoop,
} from './local-fixture.js';

const ARN = 'arn:aws:bedrock:us-east-1:123456789012:provisioned-model/abcdef123456';
const ALIASES = { [ARN]: 'anthropic.claude-haiku-5-5' };
const NOVA = 'us.amazon.nova-pro-v1:0';
const THROTTLE = { type: 'throttle' } as const;
const GONE = { type: 'error', code: 'ResourceNotFoundException' } as const;
const policy = { version: 1, createdAt: '2026-11-22', tasks: { faq: { tier: 'cheap' } } };
const RESERVED: RouterOptions['tiers'] = [
  { name: 'cheap', provisioned: ARN, overflow: HAIKU },
  { name: 'strong', modelId: OPUS },
];

async function start(...options: Parameters<typeof startRouted>) {
  const started = await startRouted(...options);
  onTestFinished(() => started.stop());
  return started;
}
/** The service tiers that were asked for, as they stood on the wire. */
const tiersOf = (bedrock: LocalBedrock): unknown[] =>
  bedrock.requests().map(({ body }) => body?.['serviceTier'] ?? 'none');
const paid = (...sent: readonly Sent[]): Money =>
  Money.sum(sent.map(({ receipt }) => receipt.cost ?? Money.zero));

describe('a tier with reserved capacity', () => {
  it('is filled first, and spills to on demand where it is throttled, for one second', async () => {
    const { routed, asked, billed, advance } = await start({
      aliases: ALIASES,
      trouble: [{ modelId: ARN, calls: [2], action: THROTTLE }],
    });
    const client = routed({ tiers: RESERVED, policy });
    const first = await send(client, question('One?'), { task: 'faq' });
    expect(first.receipt).toMatchObject({ mode: 'provisioned', cost: Money.zero });
    expect(actions(first)).toEqual(['routed to cheap', 'sent to reserved capacity']);
    const second = await send(client, question('Two?'), { task: 'faq', stream: true });
    expect(second.receipt).toMatchObject({ mode: 'standard', servedModel: 'anthropic.claude-haiku-5-5' });
    const third = await send(client, question('Three?'), { task: 'faq' });
    advance(1_001);
    const fourth = await send(client, question('Four?'), { task: 'faq' });
    expect(asked()).toEqual([ARN, ARN, HAIKU, HAIKU, ARN]);
    expect(paid(first, second, third, fourth)).toEqual(billed());
    expect(fourth.receipt.saved?.usd).toBeGreaterThan(0);
  });

  it('is tried again after a second where many calls at once found it full', async () => {
    const { routed, asked, advance } = await start({
      aliases: ALIASES,
      trouble: [{ modelId: ARN, calls: [1, 2, 3, 4, 5, 6], action: THROTTLE }],
    });
    const client = routed({ tiers: RESERVED });
    const ask = () => send(client, question('One?', { modelId: HAIKU }));
    await Promise.all([1, 2, 3, 4, 5, 6].map(ask));
    advance(1_001);
    await ask();
    expect(asked().at(-1)).toBe(ARN);
  });

  it('also serves calls that ask for its model on demand', async () => {
    const { routed, asked } = await start({ aliases: ALIASES });
    await send(routed({ tiers: RESERVED }), question('One?', { modelId: HAIKU }));
    expect(asked()).toEqual([ARN]);
  });

  it.each([
    ['the client does not say what it serves', {}, {}],
    ['the client says that it serves another model', { [ARN]: 'amazon.nova-lite-v1:0' }, {}],
    [
      'the call names a service tier',
      { [ARN]: 'amazon.nova-pro-v1:0' },
      { serviceTier: { type: 'priority' } },
    ],
  ] as const)('is left alone where %s', async (_, aliases, more) => {
    const { routed, asked } = await start({ aliases });
    const tiers = [{ name: 'cheap', provisioned: ARN, overflow: NOVA }];
    await send(routed({ tiers }), question('One?', { modelId: NOVA, ...more }));
    expect(asked()).toEqual([NOVA]);
  });

  it.each([
    ['a call that stays', HAIKU, undefined],
    ['a call that a policy has moved', OPUS, 'faq'],
  ])('is passed over for minutes once it is gone, by %s', async (_, modelId, task) => {
    const { routed, asked, billed, advance } = await start({
      aliases: ALIASES,
      trouble: [{ modelId: ARN, action: GONE }],
    });
    const client = routed({ tiers: RESERVED, policy });
    const ask = () => send(client, question('One?', { modelId }), task === undefined ? {} : { task });
    const first = await ask();
    advance(60_000);
    const second = await ask();
    advance(300_000);
    const third = await ask();
    expect(asked()).toEqual([ARN, HAIKU, HAIKU, ARN, HAIKU]);
    expect(paid(first, second, third)).toEqual(billed());
  });

  it('is filled by drafts and by the models that judge them, too', async () => {
    const { routed, asked, billed } = await start({
      aliases: ALIASES,
      trouble: [{ modelId: ARN, calls: [3], action: THROTTLE }],
    });
    const check: CascadeCheck = async (_draft, _call, { ask }) => (await ask()) !== undefined;
    const client = routed({ tiers: RESERVED, cascade: { check } });
    const first = await send(client, question('One?'));
    const second = await send(client, question('Two?'));
    expect(asked()).toEqual([ARN, ARN, ARN, HAIKU, HAIKU]);
    expect(first.receipt.cost).toEqual(Money.zero);
    expect(paid(first, second)).toEqual(billed());
  });

  it('finishes the tool loop that it began', async () => {
    const { routed, asked } = await start({ aliases: ALIASES, models: { '*': CALLS_A_TOOL } });
    const client = routed({ tiers: RESERVED, policy: { ...policy, default: 'cheap' } });
    await toolLoop(client);
    expect(asked()).toEqual([ARN, ARN]);
  });

  it('only says so in observe', async () => {
    const { routed, asked } = await start({ aliases: ALIASES });
    const observed = await send(routed({ tiers: RESERVED, policy, mode: 'observe' }), question('One?'), {
      task: 'faq',
    });
    expect(asked()).toEqual([OPUS]);
    expect(actions(observed)).toEqual(['would route to cheap', 'would be sent to reserved capacity']);
    expect(observed.receipt.decisions[1]?.estimatedSaving?.usd).toBeGreaterThan(0);
  });
});

describe('flex', () => {
  const patient = (more: Partial<RouterOptions> = {}) => ({ flex: { when: { task: 'nightly' } }, ...more });

  it('is used by calls that can wait, at its own price', async () => {
    const { routed, billed, bedrock } = await start();
    const client = routed(patient());
    const waits = await send(client, question('One?', { modelId: NOVA }), { task: 'nightly' });
    const hurries = await send(client, question('Two?', { modelId: NOVA }), { task: 'now' });
    expect(tiersOf(bedrock)).toEqual([{ type: 'flex' }, 'none']);
    expect(actions(waits)).toContain('sent at the flex tier');
    expect(waits.receipt.mode).toBe('flex');
    expect(waits.receipt.decisions.at(-1)?.estimatedSaving?.usd).toBeGreaterThan(0);
    expect(waits.receipt.saved?.usd).toBeGreaterThan(0);
    expect(hurries.receipt.mode).toBe('standard');
    expect(paid(waits, hurries)).toEqual(billed());
  });

  it('gives way to the standard tier where it has no room', async () => {
    const { routed, bedrock } = await start({ trouble: [{ calls: [1], action: THROTTLE }] });
    const sent = await send(routed(patient()), question('One?', { modelId: NOVA }), { task: 'nightly' });
    expect(sent.receipt.mode).toBe('standard');
    expect(bedrock.bill().lines).toHaveLength(1);
  });

  it('gives way where it is refused, and the caller gets the error of their own request', async () => {
    const refusal = { type: 'error', code: 'ValidationException' } as const;
    const { routed, bedrock } = await start({ trouble: [{ calls: [1, 4], action: refusal }] });
    const client = routed(patient());
    const ask = (text: string, task: string) => send(client, question(text, { modelId: NOVA }), { task });
    await ask('One?', 'nightly');
    await ask('Two?', 'nightly');
    await expect(ask('Three?', 'nightly')).rejects.toMatchObject({ name: 'ValidationException' });
    expect(tiersOf(bedrock)).toEqual([{ type: 'flex' }, 'none', 'none', 'none']);
  });

  it('leaves models without it, and calls with a tier of their own, as they are', async () => {
    const { routed, bedrock } = await start();
    const client = routed(patient());
    const own = { modelId: NOVA, serviceTier: { type: 'priority' } } as const;
    await send(client, question('One?', own), { task: 'nightly' });
    await send(client, question('Two?', { modelId: HAIKU }), { task: 'nightly' });
    const fast = { modelId: NOVA, performanceConfig: { latency: 'optimized' } } as const;
    await send(client, question('Three?', fast), { task: 'nightly' });
    expect(tiersOf(bedrock)).toEqual([{ type: 'priority' }, 'none', 'none']);
  });
});

describe('failover', () => {
  const failover = ['middle', 'cheap'];

  it('goes by the order of the user, leaves the model alone after three failures, and comes back', async () => {
    const { routed, asked, billed, advance } = await start({
      trouble: [{ modelId: OPUS, calls: [1, 2, 3], action: THROTTLE }],
    });
    const client = routed({ failover });
    const sent: Sent[] = [];
    for (let call = 0; call < 4; call += 1) sent.push(await send(client, question(`Question ${call}?`)));
    expect(asked()).toEqual([OPUS, SONNET, OPUS, SONNET, OPUS, SONNET, SONNET]);
    expect(reasons(sent[0] as Sent)).toContain(
      `${OPUS} did not answer (ThrottlingException), so tier "middle" (${SONNET}) answers, by the order of failover.`,
    );
    expect(reasons(sent[3] as Sent)).toContain(`${OPUS} is out of service (ThrottlingException)`);
    advance(30_000);
    for (let call = 4; call < 6; call += 1) sent.push(await send(client, question(`Question ${call}?`)));
    expect(asked().slice(-2)).toEqual([OPUS, OPUS]);
    expect(paid(...sent)).toEqual(billed());
  });

  it('goes on where the next one is out of service, too, and throws the first error where all are', async () => {
    const { routed, asked } = await start({ trouble: [{ action: THROTTLE }] });
    await expect(send(routed({ failover }), question('One?'))).rejects.toMatchObject({
      name: 'ThrottlingException',
    });
    expect(asked()).toEqual([OPUS, SONNET, HAIKU]);
  });

  it('does not hide what is wrong with the request', async () => {
    const { routed, asked } = await start({
      trouble: [{ modelId: OPUS, action: { type: 'error', code: 'ValidationException' } }],
    });
    await expect(send(routed({ failover }), question('One?'))).rejects.toMatchObject({
      name: 'ValidationException',
    });
    expect(asked()).toEqual([OPUS]);
  });

  it('moves a tier that a policy chose up the ladder while that is out of service', async () => {
    const { routed, asked } = await start({ trouble: [{ modelId: HAIKU, action: THROTTLE }] });
    const client = routed({ policy });
    const sent: Sent[] = [];
    for (let call = 0; call < 4; call += 1)
      sent.push(await send(client, question(`Question ${call}?`), { task: 'faq' }));
    expect(asked()).toEqual([HAIKU, OPUS, HAIKU, OPUS, HAIKU, OPUS, SONNET]);
    expect(reasons(sent[3] as Sent)).toContain('"cheap" (anthropic.claude-haiku-5-5) is out of service');
  });

  it('tries a tier that a policy chose again when its time is over', async () => {
    const { routed, asked, advance } = await start({
      trouble: [{ modelId: HAIKU, calls: [1, 2, 3], action: THROTTLE }],
    });
    const client = routed({ policy, failover: ['middle'] });
    const ask = (text: string) => send(client, question(text), { task: 'faq' });
    for (let call = 0; call < 4; call += 1) await ask(`Question ${call}?`);
    advance(30_000);
    for (let call = 4; call < 6; call += 1) await ask(`Question ${call}?`);
    expect(asked().slice(-3)).toEqual([SONNET, HAIKU, HAIKU]);
  });

  it('hands on the request as other levers have made it', async () => {
    const { routed, asked, bedrock } = await start({ trouble: [{ modelId: OPUS, action: THROTTLE }] });
    const around: Lever['around'] = (view, _call, next) => next(view.withInstruction('Be brief.'));
    const shape: Lever = { name: 'brief', slot: 'shape', mode: 'enforce', around };
    await send(deriveClient(routed({ failover }), leverPlugin('brief', [shape])), question('One?'));
    expect(asked()).toEqual([OPUS, SONNET]);
    expect(JSON.stringify(bedrock.requests()[1]?.body)).toContain('Be brief.');
  });

  it('does not take the tokens of another model for those that were measured', async () => {
    const { routed } = await start({ trouble: [{ modelId: HAIKU, action: THROTTLE }] });
    const evidence = {
      ...{ model: 'anthropic.claude-haiku-5-5', baselineModel: 'anthropic.claude-opus-5-5' },
      ...{ evaluatedAt: '2026-11-20', cases: 400, score: 0.9, baselineScore: 0.9, tokenRatio: 3 },
    };
    const measured = { ...policy, tasks: { faq: { tier: 'cheap', evidence } } };
    const client = routed({ policy: measured, failover: ['middle'] });
    const { receipt } = await send(client, question('One?'), { task: 'faq' });
    expect(receipt.servedModel).toBe('anthropic.claude-sonnet-5-5');
    expect(receipt.baseline).toEqual(costOf(receipt.usage, { model: OPUS }).total);
  });

  it('leaves a model alone that could not write three drafts', async () => {
    const { routed, asked } = await start({ trouble: [{ modelId: HAIKU, action: THROTTLE }] });
    for (const more of [{}, { failover }]) {
      const before = asked().length;
      const client = routed({ cascade: { check: () => true }, ...more });
      for (let call = 0; call < 4; call += 1) await send(client, question(`Question ${call}?`));
      expect(asked().slice(before)).toEqual([HAIKU, OPUS, HAIKU, OPUS, HAIKU, OPUS, OPUS]);
    }
  });

  it('changes nothing in observe, and says who would have answered', async () => {
    const {
      routed,
      client: bare,
      asked,
    } = await start({
      trouble: [{ modelId: OPUS, calls: [1, 2, 3, 4], action: THROTTLE }],
    });
    const client = routed({ failover, mode: 'observe' });
    const thrown: unknown[] = [];
    for (let call = 0; call < 3; call += 1)
      thrown.push(await client.send(new ConverseCommand(question(`Question ${call}?`))).catch(String));
    const error = await client.send(new ConverseCommand(question('And now?'))).catch((reason) => reason);
    const alone = await bare.send(new ConverseCommand(question('And now?'))).catch((reason) => reason);
    expect(thrown).toHaveLength(3);
    expect(error).toMatchObject({ name: 'ThrottlingException' });
    expect(alone.name).not.toBe('ThrottlingException');
    expect(asked()).toEqual(Array(5).fill(OPUS));
    const decisions = receiptOf(error)?.decisions ?? [];
    expect(decisions.map(({ action }) => action)).toEqual([
      'left alone',
      'would be failed over to middle',
      'would have failed over to middle',
    ]);
    expect(decisions[1]?.reason).toBe(
      `${OPUS} is out of service (ThrottlingException), so tier "middle" (${SONNET}) answers, by the order of failover.`,
    );
  });

  it('says nothing of failover in observe where the model answers, or the request is wrong', async () => {
    const { routed } = await start({
      trouble: [{ modelId: OPUS, calls: [2], action: { type: 'error', code: 'ValidationException' } }],
    });
    const client = routed({ failover, mode: 'observe' });
    expect(actions(await send(client, question('One?')))).toEqual(['left alone']);
    const error = await client.send(new ConverseCommand(question('Two?'))).catch((reason) => reason);
    expect(receiptOf(error)?.decisions.map(({ action }) => action)).toEqual(['left alone']);
  });
});

describe('a model that has reached its end of life', () => {
  const GONE = 'us.anthropic.claude-sonnet-4-20250514-v1:0';

  it.each([
    ['the policy', { policy }, HAIKU],
    ['the order of failover', { failover: ['middle'] }, SONNET],
  ] as const)('is replaced by %s', async (_, routing, expected) => {
    const { routed, asked } = await start();
    // Room for the thinking of the models that take over.
    const input = question('One?', { modelId: GONE, inferenceConfig: { maxTokens: 4_000 } });
    const sent = await send(routed(routing), input, { task: 'faq' });
    expect(asked()).toEqual([expected]);
    expect(sent.receipt.servedModel).toBe(expected.slice(3));
  });

  it('fails with the error of the model that takes its place, not with its own', async () => {
    const throttled = { modelId: HAIKU, calls: [1], action: { type: 'throttle' } } as const;
    const { routed, asked } = await start({ trouble: [throttled] });
    const input = question('One?', { modelId: GONE, inferenceConfig: { maxTokens: 4_000 } });
    const error = await withTags({ task: 'faq' }, () =>
      routed({ policy })
        .send(new ConverseCommand(input))
        .catch((reason) => reason),
    );
    expect(error.name).toBe('ThrottlingException');
    expect(asked()).toEqual([HAIKU, GONE]);
    expect(receiptOf(error)?.decisions.map(({ action }) => action)).toEqual(['routed to cheap', 'fell back']);
  });

  it('is replaced in a tool loop that it began, and where a rule names it', async () => {
    const { routed, asked } = await start();
    const tiers = [{ name: 'cheap', modelId: HAIKU }];
    const client = routed({ tiers, policy: { ...policy, default: 'cheap' } });
    const called = {
      role: 'assistant' as const,
      content: [{ toolUse: { toolUseId: 't1', name: 'find', input: {} } }],
    };
    const result = { toolResult: { toolUseId: 't1', content: [{ text: 'Rome' }] } };
    const { messages = [], ...rest } = question('Where?', { modelId: GONE, inferenceConfig: {} });
    const toolConfig = { tools: [{ toolSpec: { name: 'find', inputSchema: { json: { type: 'object' } } } }] };
    await send(client, {
      ...rest,
      toolConfig,
      messages: [...messages, called, { role: 'user', content: [result] }],
    });
    const rules = [{ when: () => true, tier: 'small' }];
    const small = { name: 'small', modelId: 'us.meta.llama3-1-8b-instruct-v1:0' };
    // The rule's tier has no room for the cap, nor has any above it: the order of failover decides.
    const ruled = routed({ tiers: [...tiers, small], rules, failover: ['cheap'] });
    await send(ruled, question('One?', { modelId: GONE, inferenceConfig: { maxTokens: 5_000 } }));
    expect(asked()).toEqual([HAIKU, HAIKU]);
  });
});
