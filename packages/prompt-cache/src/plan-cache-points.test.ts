import { describe, expect, it } from 'vitest';
import { planCachePoints } from './plan-cache-points.js';
import { promptCachePlugin } from './prompt-cache-plugin.js';

const CLAUDE = 'us.anthropic.claude-sonnet-5';
const HANDBOOK = 'A customer may return every product within thirty days of its delivery. '.repeat(300);
const input = {
  modelId: CLAUDE,
  system: [{ text: HANDBOOK }],
  messages: [{ role: 'user', content: [{ text: 'Hats?' }] }],
};
const point = { cachePoint: { type: 'default' } };

describe('planCachePoints', () => {
  it('places a point behind the system prompt and leaves the input as it was', () => {
    const before = structuredClone(input);
    const plan = planCachePoints(input);
    expect(plan.input).toEqual({ ...input, system: [{ text: HANDBOOK }, point] });
    expect(input).toEqual(before);
    expect(plan.points).toEqual([
      expect.objectContaining({ afterBlock: 0, purpose: 'system', section: 'system' }),
    ]);
  });

  it('says what the write costs, what a read saves, and how many reads pay for it', () => {
    const { economics, decisions } = planCachePoints(input);
    const tokens = economics?.cachedTokens ?? 0;
    // Sonnet 5 through the us. profile: 2.20 in, 2.75 written for 5 minutes, 4.40 for an hour, 0.22 read.
    expect(economics?.writePremium.picoUsd).toBe(BigInt(tokens) * 550_000n);
    expect(economics?.savingPerRead.picoUsd).toBe(BigInt(tokens) * 1_980_000n);
    expect(economics?.readsToBreakEven).toBe(1);
    expect(decisions[0]?.estimatedSaving).toEqual(economics?.savingPerRead);
    const hour = planCachePoints(input, { ttl: '1h' });
    expect(hour.points[0]?.ttl).toBe('1h');
    expect(hour.economics?.writePremium.picoUsd).toBe(BigInt(tokens) * 2_200_000n);
    expect(hour.economics?.readsToBreakEven).toBe(2);
  });

  it('uses negotiated prices', () => {
    const half = planCachePoints(input, {
      priceOverrides: [{ model: 'anthropic.claude-*', multiplier: '0.5' }],
    });
    expect(half.economics?.savingPerRead.usd).toBeCloseTo(
      (planCachePoints(input).economics?.savingPerRead.usd ?? 0) / 2,
      9,
    );
  });

  it('places a moving point in a conversation, and where it is told that one follows', () => {
    const messages = [
      ...input.messages,
      { role: 'assistant', content: [{ text: 'Yes.' }] },
      { role: 'user', content: [{ text: 'Coats?' }] },
    ];
    expect(planCachePoints({ ...input, messages }).points.map(({ purpose }) => purpose)).toEqual([
      'system',
      'previousTurn',
      'lastTurn',
    ]);
    expect(planCachePoints(input, { conversation: true }).points.map(({ purpose }) => purpose)).toEqual([
      'system',
      'lastTurn',
    ]);
    expect(
      planCachePoints({ ...input, messages }, { conversation: false }).points.map(({ purpose }) => purpose),
    ).toEqual(['system']);
  });

  it('places a point behind what a single question shares, when nothing else is stable', () => {
    const { points } = planCachePoints({
      modelId: CLAUDE,
      messages: [{ role: 'user', content: [{ text: HANDBOOK }, { text: 'Hats?' }] }],
    });
    expect(points).toEqual([expect.objectContaining({ afterBlock: 0, purpose: 'shared' })]);
  });

  it("counts the caller's own points and adds behind them", () => {
    const own = { ...input, system: [{ text: HANDBOOK }, point] };
    const alone = planCachePoints(own);
    expect(alone.input).toBe(own);
    expect(alone.decisions[0]?.action).toBe('left alone');
    expect(planCachePoints(own, { conversation: true }).points.map(({ purpose }) => purpose)).toEqual([
      'caller',
      'lastTurn',
    ]);
    const short = planCachePoints(own, { conversation: true, ttl: '1h' });
    expect(short.points.map(({ ttl }) => ttl)).toEqual([undefined, undefined]);
  });

  it.each([
    ['too short', { ...input, system: [{ text: 'Be brief.' }] }, 'caches from 1024 on'],
    ['near the minimum', { ...input, system: [{ text: HANDBOOK.slice(0, 4200) }] }, 'may fall below'],
    ['no prompt cache', { ...input, modelId: 'meta.llama3-3-70b-instruct-v1:0' }, 'has no prompt cache'],
    ['implicit only', { ...input, modelId: 'moonshotai.kimi-k3' }, 'caches by itself'],
    ['unknown model', { ...input, modelId: 'acme.model-1' }, 'not in the catalogue'],
    [
      'prompt resource',
      { ...input, modelId: 'arn:aws:bedrock:us-east-1:123456789012:prompt/ABCDEFGHIJ' },
      'prompt resource',
    ],
    ['foreign body', { modelId: CLAUDE, body: 'no JSON' }, 'body'],
    ['nothing', {}, 'not in the catalogue'],
  ])('leaves a request alone and says why: %s', (_, request, reason) => {
    const plan = planCachePoints(request);
    expect(plan.input).toBe(request);
    expect(plan.points).toEqual([]);
    expect(plan.economics).toBeUndefined();
    expect(plan.decisions).toEqual([
      expect.objectContaining({ action: 'left alone', reason: expect.stringContaining(reason) }),
    ]);
  });

  it('takes the model for an id that does not name its own', () => {
    const modelId = 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc123';
    const plan = planCachePoints({ ...input, modelId }, { model: CLAUDE });
    expect(plan.points).toHaveLength(1);
    expect(plan.input.modelId).toBe(modelId);
  });

  it('takes it for a body that does not name its own either', () => {
    const modelId = 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc123';
    const body = JSON.stringify({
      system: [{ text: HANDBOOK }],
      messages: [{ role: 'user', content: [{ text: 'Hello' }] }],
    });
    expect(planCachePoints({ modelId, body }, { model: 'us.amazon.nova-pro-v1:0' }).points).toHaveLength(1);
    expect(planCachePoints({ modelId, body }).points).toEqual([]);
  });

  it('corrects the catalogue where it is told to', () => {
    const short = { ...input, system: [{ text: HANDBOOK.slice(0, 4000) }] };
    expect(planCachePoints(short).points).toEqual([]);
    expect(
      planCachePoints(short, { rules: { 'anthropic.claude-sonnet-5': { minTokens: 512 } } }).points,
    ).toHaveLength(1);
  });

  it.each([
    [{ 'anthropic.claude-sonnet-5': { minTokns: 512 } }, 'minTokns'],
    [{ 'anthropic.claude-sonnet-5': { minTokens: Number.NaN } }, 'minTokens'],
    [{ 'anthropic.claude-sonnet-5': { maxPoints: 0 } }, 'maxPoints'],
    [{ 'anthropic.claude-sonnet-5': { ttls: ['2h'] } }, 'ttls'],
    [{ 'anthropic.claude-sonnet-5': 5 }, 'must be an object'],
    // Corrections of these would never be looked at.
    [{ 'us.anthropic.claude-sonnet-5': { minTokens: 512 } }, 'names no foundation model'],
    [{ 'meta.llama3-1-8b-instruct-v1:0': { minTokens: 512 } }, 'names no foundation model'],
  ])('refuses the correction %o', (rules, problem) => {
    for (const construct of [promptCachePlugin, (options: object) => planCachePoints(input, options)])
      expect(() => construct({ rules } as never)).toThrow(problem);
  });

  it.each([{ ttls: '5m' }, { ttl: '2h' }, { conversation: 1 }, { model: '' }])('refuses %o', (options) => {
    expect(() => planCachePoints(input, options as never)).toThrow(
      expect.objectContaining({ code: 'COSTKIT_INVALID_OPTION' }),
    );
  });

  it('shortens lifetimes that another model does not know', () => {
    const own = { ...input, system: [{ text: HANDBOOK }, { cachePoint: { type: 'default', ttl: '1h' } }] };
    const plan = planCachePoints(own, { model: 'anthropic.claude-3-7-sonnet-20250219-v1:0' });
    expect(plan.input.system).toEqual([{ text: HANDBOOK }, point]);
    expect(plan.decisions[0]?.action).toBe('shortened lifetimes');
  });

  it('puts the point into the block on Anthropic Messages bodies', () => {
    const body = {
      anthropic_version: 'bedrock-2023-05-31',
      max_tokens: 9,
      system: HANDBOOK,
      messages: [{ role: 'user', content: 'Hats?' }],
    };
    const plan = planCachePoints({ modelId: CLAUDE, body: JSON.stringify(body) });
    const planned = plan.input.body as string | Uint8Array;
    expect(JSON.parse(typeof planned === 'string' ? planned : new TextDecoder().decode(planned))).toEqual({
      ...body,
      system: [{ type: 'text', text: HANDBOOK, cache_control: { type: 'ephemeral' } }],
    });
  });

  it('holds no text of the prompt in what it says', () => {
    expect(JSON.stringify(planCachePoints(input).decisions)).not.toContain('customer');
  });
});
