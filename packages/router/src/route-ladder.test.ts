import type { RequestView, Tags } from '@costkit/core';
import { type ResolvedModel, resolveModel, resolveModelAsync } from '@costkit/pricing';
import { describe, expect, it } from 'vitest';
import { converseView, fakeCall, HAIKU, NOW, OPUS, SONNET } from '../tests/call-fixture.js';
import { routerPlugin } from './router-plugin.js';
import type { RouterOptions } from './types.js';

const TIERS = [
  { name: 'cheap', modelId: HAIKU },
  { name: 'middle', modelId: SONNET },
  { name: 'strong', modelId: OPUS },
];
const clock = { now: () => NOW, monotonicMs: () => 0 };

async function below(
  options: Partial<RouterOptions>,
  view: RequestView = converseView(),
  tags: Tags = { task: 'faq' },
): Promise<string | undefined> {
  return routerPlugin({ tiers: TIERS, clock, ...options }).ladder.below(view, fakeCall(view, tags));
}

const policy = (tier: string, floor?: string) => ({
  version: 1,
  createdAt: '2026-11-21',
  tasks: { faq: { tier, ...(floor === undefined ? {} : { floor }) } },
});

describe('routeLadder', () => {
  it('goes down one tier at a time, as far as the floor', async () => {
    const options = { policy: policy('strong', 'cheap') };
    expect(await below(options)).toBe(SONNET);
    expect(await below(options, converseView({ modelId: SONNET }))).toBe(HAIKU);
    expect(await below(options, converseView({ modelId: HAIKU }))).toBeUndefined();
  });

  it('goes no further than the policy allows', async () => {
    expect(await below({ policy: policy('middle') })).toBe(SONNET);
    expect(await below({ policy: policy('middle') }, converseView({ modelId: SONNET }))).toBeUndefined();
    expect(await below({ policy: policy('strong') })).toBeUndefined();
  });

  it('allows nothing without policy or rule', async () => {
    expect(await below({})).toBeUndefined();
    expect(await below({ policy: policy('cheap') }, undefined, { task: 'sum' })).toBeUndefined();
  });

  it("takes a rule's tier as the floor, over the policy", async () => {
    const rules = [{ when: { task: 'faq' }, tier: 'strong' }];
    expect(await below({ rules, policy: policy('cheap') })).toBeUndefined();
    expect(await below({ rules: [{ when: {}, tier: 'cheap' }] })).toBe(SONNET);
  });

  it('passes over a tier that cannot take the request', async () => {
    const tiers = [
      { name: 'cheap', modelId: HAIKU },
      { name: 'middle', modelId: 'us.meta.llama3-3-70b-instruct-v1:0' },
      { name: 'strong', modelId: OPUS },
    ];
    const image = { image: { format: 'png', source: { bytes: new Uint8Array(1) } } };
    const view = converseView({ messages: [{ role: 'user', content: [image] }] });
    expect(await below({ tiers, policy: policy('strong', 'cheap') }, view)).toBe(HAIKU);
  });

  it('finds the first tier below a model that is none itself, by whole requests', async () => {
    // Opus 5.5 has the lower rates, and thinks where nobody asks it to: a short answer is dearer there.
    const view = converseView({ modelId: 'us.anthropic.claude-opus-4-8' });
    expect(await below({ policy: policy('cheap') }, view)).toBe(HAIKU);
    const manual = 'A sentence of a manual. '.repeat(4_000);
    const long = converseView({
      modelId: 'us.anthropic.claude-opus-4-8',
      messages: [{ role: 'user', content: [{ text: manual }] }],
    });
    expect(await below({ policy: policy('cheap') }, long)).toBe(OPUS);
  });

  it('goes down from an ARN whose model the client was told', async () => {
    const arn = 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abcdef123456';
    const view = converseView({ modelId: arn });
    const resolve = (id: string) => resolveModel(id === arn ? SONNET : id);
    const call = fakeCall(view, { task: 'faq' }, { resolve });
    const { ladder } = routerPlugin({ tiers: TIERS, clock, policy: policy('cheap') });
    expect(await ladder.below(view, call)).toBe(HAIKU);
    expect(await below({ policy: policy('cheap') }, view)).toBeUndefined();
  });

  it("goes down to the same owner's profile, where an application profile was asked for", async () => {
    const arn = (id: string): string =>
      `arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/${id}`;
    const models = { [arn('sonnet')]: SONNET, [arn('haiku')]: HAIKU };
    const known = new Map<string, ResolvedModel>();
    for (const profile of Object.keys(models))
      known.set(profile, await resolveModelAsync(profile, { lookup: models }));
    const profiles = { models, counterpart: () => arn('haiku') };
    const view = converseView({ modelId: arn('sonnet') });
    const call = fakeCall(view, { task: 'faq' }, { resolve: (id) => known.get(id) ?? resolveModel(id) });
    const { ladder } = routerPlugin({ tiers: TIERS, clock, policy: policy('cheap'), profiles });
    expect(await ladder.below(view, call)).toBe(arn('haiku'));
  });

  it('leaves a pinned model alone and believes no evidence about another', async () => {
    const pinned = converseView({ modelId: 'arn:aws:bedrock:us-east-1:123456789012:prompt/ABCDEFGHIJ:1' });
    expect(await below({ policy: policy('cheap') }, pinned)).toBeUndefined();
    const evidence = {
      model: 'amazon.nova-lite-v1:0',
      baselineModel: 'anthropic.claude-opus-5-5',
      evaluatedAt: '2026-11-20',
      cases: 10,
      score: 1,
      baselineScore: 1,
    };
    const stale = { version: 1, createdAt: '2026-11-21', tasks: { faq: { tier: 'cheap', evidence } } };
    expect(await below({ policy: stale })).toBeUndefined();
  });
});
