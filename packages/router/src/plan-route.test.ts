import type { ProfileMap, RequestView, Tags } from '@costkit/core';
import { type ResolvedModel, resolveModel, resolveModelAsync } from '@costkit/pricing';
import { describe, expect, it } from 'vitest';
import { attempt, converseView, fakeCall, HAIKU, NOW, OPUS, pdfOf, SONNET } from '../tests/call-fixture.js';
import { compileOptions } from './compile-options.js';
import { createCurrentPolicy } from './current-policy.js';
import { routePlanner } from './plan-route.js';
import { createSurroundings } from './routing.js';
import type { RoutingEvidence, RoutingPolicy } from './routing-policy.js';
import type { RouterOptions } from './types.js';

const TIERS = [
  { name: 'cheap', modelId: HAIKU },
  { name: 'middle', modelId: SONNET },
  { name: 'strong', modelId: OPUS },
];

const clock = { now: () => NOW, monotonicMs: () => 0 };

function router(options: Partial<RouterOptions>) {
  const compiled = compileOptions({ tiers: TIERS, clock, ...options });
  const surroundings = createSurroundings(compiled, createCurrentPolicy(compiled));
  const { history, refusals } = surroundings;
  const plan = routePlanner(compiled, surroundings);
  return {
    history,
    refusals,
    plan: (view: RequestView = converseView(), tags: Tags = { task: 'faq' }, call = fakeCall(view, tags)) =>
      plan(view, call),
  };
}

const planned = (options: Partial<RouterOptions>, view?: RequestView, tags?: Tags) =>
  router(options).plan(view, tags);

/** Where a request goes, or why it stays. */
function outcome(options: Partial<RouterOptions>, view?: RequestView, tags?: Tags): string {
  const plan = planned(options, view, tags);
  if (plan.kind === 'stay') return plan.reason;
  return plan.kind === 'route'
    ? plan.chosen.view.modelId
    : `draft ${plan.draft.view.modelId}, then ${plan.strong.modelId}`;
}

const evidence: RoutingEvidence = {
  model: 'anthropic.claude-haiku-5-5',
  baselineModel: 'anthropic.claude-opus-5-5',
  evaluatedAt: '2026-11-20T08:00:00Z',
  cases: 200,
  score: 0.94,
  baselineScore: 0.95,
};

const policy = (tasks: RoutingPolicy['tasks'], more: Partial<RoutingPolicy> = {}): RoutingPolicy => ({
  version: 1,
  createdAt: '2026-11-21T09:00:00Z',
  tasks,
  ...more,
});

const withSystem = (text: string, ...points: object[]) => converseView({ system: [{ text }, ...points] });
const LONG = 'A sentence of the manual that every call shows to the model again. '.repeat(300);

const APPLICATION_PROFILE =
  'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abcdef123456';

const PROFILE_OF_HAIKU = 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/ghijkl123456';

/** A call of a client that was told what stands behind ARNs. */
const knowing = (view: RequestView, ...known: ResolvedModel[]) =>
  fakeCall(
    view,
    { task: 'faq' },
    { resolve: (id) => known.find(({ input }) => input === id) ?? resolveModel(id) },
  );

describe('routePlanner', () => {
  it('routes nothing by a guess', () => {
    expect(outcome({})).toBe('No rule matches and no policy names task "faq".');
    expect(outcome({}, undefined, {})).toBe('No rule matches and the call has no task tag.');
    expect(outcome({ policy: policy({ sum: { tier: 'cheap' } }) })).toBe(
      'No rule matches and no policy names task "faq".',
    );
  });

  describe('rules', () => {
    it('lets the first that matches win, over the policy', () => {
      const rules = [
        { when: { task: 'sum' }, tier: 'strong' },
        { when: { task: 'faq' }, tier: 'middle' },
        { when: {}, tier: 'cheap' },
      ];
      expect(outcome({ rules, policy: policy({ faq: { tier: 'cheap' } }) })).toBe(SONNET);
    });

    it('keeps a matching request where it is, also from the policy and the cascade', () => {
      const options = {
        rules: [{ when: { task: 'faq' }, tier: 'strong' }],
        policy: policy({ faq: { tier: 'cheap' } }),
        cascade: { check: () => true },
      };
      expect(outcome(options)).toBe(
        'A rule names tier "strong", but "strong" (anthropic.claude-opus-5-5) is the model asked for.',
      );
    });

    it('routes to a dearer tier only when forced', () => {
      const view = converseView({ modelId: HAIKU });
      const rule = { when: {}, tier: 'strong', reason: 'contracts need care.' };
      expect(outcome({ rules: [rule] }, view)).toMatch(
        /^A rule names tier "strong", but "strong" .* would cost about \$/,
      );
      const plan = planned({ rules: [{ ...rule, force: true }] }, view);
      expect(plan).toMatchObject({
        kind: 'route',
        reason: `Goes to tier "strong" (${OPUS}) because contracts need care.`,
      });
      expect(plan.kind === 'route' && plan.chosen.saving?.usd).toBeLessThan(0);
    });

    it('takes the next stronger tier where the named one cannot, and says why', () => {
      const rules = [{ when: {}, tier: 'tiny' }];
      const tiers = [{ name: 'tiny', modelId: 'us.meta.llama3-1-8b-instruct-v1:0' }, ...TIERS];
      const image = { image: { format: 'png', source: { bytes: new Uint8Array(1) } } };
      const plan = planned(
        { tiers, rules },
        converseView({ messages: [{ role: 'user', content: [image] }] }),
      );
      expect(plan.kind === 'route' && plan.reason).toBe(
        `Goes to tier "cheap" (${HAIKU}) because a rule says so. Passed over: "tiny" (meta.llama3-1-8b-instruct-v1:0) takes no images. Not counted: image.`,
      );
    });

    describe('with media', () => {
      const CLAUDE = 'us.anthropic.claude-haiku-4-5-20251001-v1:0';
      const nova = {
        tiers: [{ name: 'nova', modelId: 'us.amazon.nova-pro-v1:0' }],
        rules: [{ when: {}, tier: 'nova' }],
      };
      const showing = (...blocks: object[]) =>
        converseView({
          modelId: CLAUDE,
          messages: [{ role: 'user', content: [{ text: 'Sum up.' }, ...blocks] }],
        });
      const word = { document: { format: 'docx', name: 'd', source: { bytes: new Uint8Array(9) } } };

      it('count in dollars, as each of the two models counts them', () => {
        expect(outcome(nova, showing())).toBe('us.amazon.nova-pro-v1:0');
        expect(outcome(nova, showing(pdfOf(20)))).toMatch(
          /would cost about \$0\.0\d+, the model asked for \$0\.0/,
        );
      });

      it('count in the context window, at the high end of their estimate', () => {
        const forced = { ...nova, rules: [{ when: {}, tier: 'nova', force: true }] };
        expect(outcome(forced, showing(pdfOf(50)))).toBe('us.amazon.nova-pro-v1:0');
        expect(outcome(forced, showing(pdfOf(100)))).toMatch(
          /holds 300000 tokens, the request may need 4\d{5}/,
        );
      });

      it('are said to be left out where neither model has a rule', () => {
        const plan = planned(nova, showing(word));
        expect(plan.reason).toMatch(/because a rule says so\. Not counted: document\.$/);
      });

      it('have at least the tokens that an earlier turn has cached', () => {
        const { plan, history } = router(nova);
        const view = showing(word);
        history.learn(
          attempt({ servedModel: CLAUDE.slice(3), tokens: { cacheWrite5m: 90_000, output: 300 } }),
          fakeCall(view, {}),
        );
        expect(plan(view, {})).toMatchObject({
          kind: 'stay',
          reason: expect.stringMatching(
            /would cost about \$0\.07.*, the model asked for \$0\.01.*, document not counted/,
          ),
        });
      });
    });
  });

  describe('policies', () => {
    it('gives the evidence in its sentence', () => {
      const measured = { ...evidence, lossUpperBound: 0.021, confidence: 0.95 };
      const plan = planned({ policy: policy({ faq: { tier: 'cheap', evidence: measured } }) });
      expect(plan).toMatchObject({
        kind: 'route',
        reason: `Task "faq" goes to tier "cheap" (${HAIKU}): 200 cases on 2026-11-20 scored 94.0 % against 95.0 % of anthropic.claude-opus-5-5, a loss of at most 2.1 % at 95.0 % confidence.`,
      });
    });

    it('does not use evidence about another model', () => {
      const stale = { ...evidence, model: 'anthropic.claude-haiku-4-5-20251001-v1:0' };
      const warnings: string[] = [];
      const onWarning = ({ code }: { readonly code: string }): void => void warnings.push(code);
      expect(outcome({ onWarning, policy: policy({ faq: { tier: 'cheap', evidence: stale } }) })).toBe(
        'Task "faq" stays: the policy\'s evidence is about anthropic.claude-haiku-4-5-20251001-v1:0, tier "cheap" is anthropic.claude-haiku-5-5.',
      );
      expect(warnings).toEqual(['COSTKIT_POLICY_STALE']);
    });

    it('uses an expired policy and says that it has expired', () => {
      const warnings: string[] = [];
      const plan = planned({
        policy: policy({ faq: { tier: 'cheap' } }, { expiresAt: '2026-11-22T12:00:00Z' }),
        onWarning: ({ code }) => warnings.push(code),
      });
      expect(warnings).toEqual(['COSTKIT_POLICY_EXPIRED']);
      expect(plan.kind === 'route' && plan.reason).toMatch(/The policy has expired: evaluate again\.$/);
    });

    it('sends tasks that it does not name to its default', () => {
      const options = { policy: policy({ faq: { tier: 'strong' } }, { default: 'middle' }) };
      expect(outcome(options, undefined, { task: 'sum' })).toBe(SONNET);
      expect(outcome(options, undefined, {})).toBe(SONNET);
      expect(outcome(options)).toMatch(
        /^Task "faq" stays on anthropic.claude-opus-5-5: "strong" .* is the model asked for\.$/,
      );
    });

    it('never makes a call dearer', () => {
      const options = { policy: policy({ faq: { tier: 'middle' } }) };
      expect(outcome(options, converseView({ modelId: HAIKU }))).toMatch(/would cost about/);
    });

    it('sets a measured token ratio only for the models it was measured on', () => {
      const options = {
        policy: policy({ faq: { tier: 'cheap', evidence: { ...evidence, tokenRatio: 1.2 } } }),
      };
      expect(planned(options)).toMatchObject({ tokenRatio: 1.2 });
      const other = planned(options, converseView({ modelId: SONNET }));
      expect(other).toMatchObject({ kind: 'route', tokenRatio: undefined });
    });
  });

  describe('what stays', () => {
    const options = { policy: policy({ faq: { tier: 'cheap' } }) };

    it('leaves a model in a tool loop', () => {
      const view = converseView({
        toolConfig: { tools: [{ toolSpec: { name: 'find', inputSchema: { json: {} } } }] },
        messages: [
          { role: 'user', content: [{ text: 'Find it.' }] },
          { role: 'assistant', content: [{ toolUse: { toolUseId: 't', name: 'find', input: {} } }] },
          { role: 'user', content: [{ toolResult: { toolUseId: 't', content: [{ text: 'here' }] } }] },
        ],
      });
      expect(outcome(options, view)).toBe('The model is pinned: the model is in the middle of a tool loop.');
    });

    it('leaves signed reasoning with its model', () => {
      const view = converseView({
        messages: [
          { role: 'user', content: [{ text: 'Think.' }] },
          {
            role: 'assistant',
            content: [{ reasoningContent: { reasoningText: { text: 'x', signature: 's' } } }],
          },
          { role: 'user', content: [{ text: 'And?' }] },
        ],
      });
      expect(outcome(options, view)).toMatch(/^The model is pinned: .*reasoning/);
    });

    it.each([
      ['prompt ARNs', 'arn:aws:bedrock:us-east-1:123456789012:prompt/ABCDEFGHIJ:1', /^The model is pinned: /],
      ['unknown ids', 'us.anthropic.claude-opus-99', /names no model of the catalogue/],
      ['ARNs of which nobody said the model', APPLICATION_PROFILE, /names no model, .* Say in `models` what/],
    ])('leaves %s', (_name, modelId, reason) => {
      expect(outcome(options, converseView({ modelId }))).toMatch(reason);
    });

    it('leaves a model that refused lately', () => {
      const { plan, refusals } = router(options);
      refusals.note(
        HAIKU,
        Object.assign(new Error(), { name: 'AccessDeniedException' }),
        fakeCall(converseView()),
      );
      expect(plan()).toMatchObject({ kind: 'route', chosen: { tier: { name: 'middle' } } });
    });

    it('leaves requests whose price is not known', () => {
      const reserved = converseView({
        modelId: 'us.amazon.nova-pro-v1:0',
        serviceTier: { type: 'reserved' },
      });
      expect(outcome(options, reserved)).toMatch(/stays on amazon.nova-pro-v1:0/);
    });
  });

  describe('ARNs whose model the client was told', () => {
    const options = { policy: policy({ faq: { tier: 'cheap' } }, { default: 'cheap' }) };
    const planBehind = async (
      arn: string,
      model: string,
      view = converseView({ modelId: arn }),
      given: Partial<RouterOptions> = options,
    ) => {
      const known = await resolveModelAsync(arn, { lookup: { [arn]: model } });
      return router(given).plan(view, { task: 'faq' }, knowing(view, known));
    };

    it('routes an application profile like the model behind it', async () => {
      const plan = await planBehind(APPLICATION_PROFILE, OPUS);
      expect(plan).toMatchObject({ kind: 'route', chosen: { view: { modelId: HAIKU } } });
      expect(plan.kind === 'route' && plan.chosen.saving?.usd).toBeGreaterThan(0);
    });

    describe('with the profiles of the account', () => {
      const behind = (arn: string, model: string) => resolveModelAsync(arn, { lookup: { [arn]: model } });
      const profiles: ProfileMap = {
        models: {},
        counterpart: (arn, modelId) =>
          arn === APPLICATION_PROFILE && modelId === HAIKU ? PROFILE_OF_HAIKU : undefined,
      };
      const view = converseView({ modelId: APPLICATION_PROFILE });

      it("takes the same owner's profile of the tier's model, at the same price", async () => {
        const known = [await behind(APPLICATION_PROFILE, OPUS), await behind(PROFILE_OF_HAIKU, HAIKU)];
        const planned = (given: Partial<RouterOptions>) =>
          router({ ...options, ...given }).plan(view, {}, knowing(view, ...known));
        const plan = planned({ profiles });
        expect(plan).toMatchObject({
          kind: 'route',
          chosen: { modelId: HAIKU, view: { modelId: PROFILE_OF_HAIKU } },
        });
        expect(plan.reason).toContain(`tier "cheap" (${HAIKU} through ${PROFILE_OF_HAIKU})`);
        const plain = planned({});
        expect(plan.kind === 'route' && plan.chosen.saving).toEqual(
          plain.kind === 'route' && plain.chosen.saving,
        );
      });

      it('leaves alone a profile that has lately refused', async () => {
        const known = [await behind(APPLICATION_PROFILE, OPUS), await behind(PROFILE_OF_HAIKU, HAIKU)];
        const { refusals, plan } = router({ ...options, profiles });
        const call = knowing(view, ...known);
        refusals.note(PROFILE_OF_HAIKU, Object.assign(new Error(), { name: 'AccessDeniedException' }), call);
        expect(plan(view, {}, call)).toMatchObject({ chosen: { tier: { name: 'middle' } } });
      });

      it.each([
        ['a profile whose model nobody said', undefined],
        ['a profile of another model', SONNET],
        ['a profile in another scope', 'global.anthropic.claude-haiku-5-5'],
      ])('calls the model itself in place of %s', async (_name, model) => {
        const known = [await behind(APPLICATION_PROFILE, OPUS)];
        if (model !== undefined) known.push(await behind(PROFILE_OF_HAIKU, model));
        const plan = router({ ...options, profiles }).plan(view, {}, knowing(view, ...known));
        expect(plan).toMatchObject({ kind: 'route', chosen: { view: { modelId: HAIKU } } });
      });

      it('asks for no profile where the request names none', () => {
        const never = { models: {}, counterpart: () => expect.fail('was asked') };
        expect(outcome({ ...options, profiles: never })).toBe(HAIKU);
      });
    });

    it('keeps an application profile whose model is the tier', async () => {
      const plan = await planBehind(APPLICATION_PROFILE, HAIKU);
      expect(plan.reason).toMatch(/"cheap" \(anthropic\.claude-haiku-5-5\) is the model asked for\.$/);
    });

    it('escalates a cascade to the application profile itself', async () => {
      const cascade = { check: () => true, tiers: ['cheap', 'strong'] as const };
      const plan = await planBehind(APPLICATION_PROFILE, OPUS, undefined, { cascade });
      expect(plan).toMatchObject({
        kind: 'cascade',
        draft: { view: { modelId: HAIKU } },
        strong: { modelId: APPLICATION_PROFILE },
      });
    });

    it('claims no measured token ratio for a customised model', async () => {
      const tiers = [
        { name: 'cheap', modelId: 'amazon.nova-lite-v1:0' },
        { name: 'strong', modelId: 'amazon.nova-pro-v1:0' },
      ];
      const novaEvidence = {
        ...evidence,
        model: 'amazon.nova-lite-v1:0',
        baselineModel: 'amazon.nova-pro-v1:0',
        tokenRatio: 1.2,
      };
      const given = { tiers, policy: policy({ faq: { tier: 'cheap', evidence: novaEvidence } }) };
      const arn = 'arn:aws:bedrock:us-east-1:123456789012:custom-model-deployment/abcdef123456';
      const base = planned(given, converseView({ modelId: 'amazon.nova-pro-v1:0' }));
      expect(base).toMatchObject({ kind: 'route', tokenRatio: 1.2 });
      const custom = await planBehind(arn, 'amazon.nova-pro-v1:0', undefined, given);
      expect(custom).toMatchObject({ kind: 'route', tokenRatio: undefined });
    });

    it('leaves provisioned throughput, whose calls cost nothing more', async () => {
      const arn = 'arn:aws:bedrock:us-east-1:123456789012:provisioned-model/abcdef123456';
      const plan = await planBehind(arn, OPUS);
      expect(plan.reason).toMatch(/would cost about \$0\.\d+, the model asked for \$0\b/);
    });

    it('never exchanges a prompt resource', async () => {
      const arn = 'arn:aws:bedrock:us-east-1:123456789012:prompt/ABCDEFGHIJ:1';
      const plan = await planBehind(arn, OPUS);
      expect(plan).toEqual({ kind: 'stay', reason: expect.stringMatching(/^The model is pinned: /) });
    });
  });

  describe('caches', () => {
    const options = { policy: policy({ faq: { tier: 'middle' } }) };
    const turns = converseView({
      system: [{ text: LONG }],
      messages: [
        { role: 'user', content: [{ text: LONG }] },
        { role: 'assistant', content: [{ text: 'Yes.' }] },
        { role: 'user', content: [{ text: 'And now?' }] },
      ],
      inferenceConfig: { maxTokens: 20 },
    });

    it('stays with the model that has the conversation cached', () => {
      const { plan, history } = router(options);
      expect(plan(turns).kind).toBe('route');
      const tokens = { cacheRead: 12_000, output: 10 };
      history.learn(
        attempt({ servedModel: 'anthropic.claude-opus-5-5', tokens }),
        fakeCall(turns, { task: 'faq' }),
      );
      // Opus reads what it has cached at a twentieth of its price; Sonnet would pay the conversation in full.
      const stays = plan(turns);
      expect(stays.kind === 'stay' && stays.reason).toMatch(
        /would cost about \$0\.\d+, the model asked for \$0\.\d+/,
      );
    });

    it('returns to the cheaper model once that cache has gone cold', () => {
      const { plan, history } = router(options);
      const call = fakeCall(turns, { task: 'faq' });
      history.learn(
        attempt({ servedModel: 'anthropic.claude-opus-5-5', tokens: { cacheRead: 8_000, output: 10 } }),
        call,
      );
      call.nowMs += 300_001;
      expect(plan(turns, undefined, call).kind).toBe('route');
    });

    it('is not held by a prefix that all calls share: the cheaper model will have it cached too', () => {
      const { plan, history } = router(options);
      const first = withSystem(LONG);
      history.learn(attempt({ tokens: { cacheRead: 4_000, output: 10 } }), fakeCall(first, { task: 'faq' }));
      const other = converseView({
        system: [{ text: LONG }],
        messages: [{ role: 'user', content: [{ text: 'Another question?' }] }],
      });
      expect(plan(other).kind).toBe('route');
    });

    it('takes cache points away that the chosen model would refuse', () => {
      const tiers = [{ name: 'cheap', modelId: 'us.meta.llama3-1-8b-instruct-v1:0' }, ...TIERS.slice(1)];
      const view = withSystem('Short.', { cachePoint: { type: 'default' } });
      const plan = planned({ tiers, policy: policy({ faq: { tier: 'cheap' } }) }, view);
      expect(plan.kind === 'route' && plan.chosen.view.cachePoints).toEqual([]);
      expect(plan.kind === 'route' && JSON.stringify(plan.chosen.view.input)).not.toContain('cachePoint');
    });
  });

  describe('cascades', () => {
    const check = () => true;

    it('drafts on the first tier and escalates to the model asked for', () => {
      expect(outcome({ cascade: { check } })).toBe(`draft ${HAIKU}, then ${OPUS}`);
    });

    it('takes the tiers it is given', () => {
      expect(outcome({ cascade: { check, tiers: ['cheap', 'middle'] } })).toBe(
        `draft ${HAIKU}, then ${SONNET}`,
      );
    });

    it("escalates to the caller's own request where the strong tier cannot take it", () => {
      const tiers = [
        { name: 'cheap', modelId: HAIKU },
        { name: 'strong', modelId: 'us.meta.llama3-3-70b-instruct-v1:0' },
      ];
      const image = { image: { format: 'png', source: { bytes: new Uint8Array(1) } } };
      const view = converseView({ messages: [{ role: 'user', content: [image] }] });
      expect(outcome({ tiers, cascade: { check, tiers: ['cheap', 'strong'] } }, view)).toBe(
        `draft ${HAIKU}, then ${OPUS}`,
      );
    });

    it('runs only where its condition holds', () => {
      const cascade = { check, when: { task: 'sum' } };
      expect(outcome({ cascade })).toMatch(/^No rule matches/);
      expect(outcome({ cascade }, undefined, { task: 'sum' })).toMatch(/^draft/);
    });

    it('gives way to a policy that earned the downgrade, and tries where the policy found none', () => {
      expect(outcome({ cascade: { check }, policy: policy({ faq: { tier: 'cheap' } }) })).toBe(HAIKU);
      expect(outcome({ cascade: { check }, policy: policy({ faq: { tier: 'strong' } }) })).toMatch(/^draft/);
    });

    it('asks for no draft that would not be cheaper', () => {
      expect(outcome({ cascade: { check } }, converseView({ modelId: HAIKU }))).toBe(
        'No draft is asked for: "cheap" (anthropic.claude-haiku-5-5) is the model asked for.',
      );
    });
  });
});
