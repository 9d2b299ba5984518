import {
  BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { deriveClient, settingsPlugin, withTags } from '@costkit/core';
import { type LocalBedrock, startLocalBedrock } from '@costkit/local';
import { CATALOGUE, type CatalogueModel } from '@costkit/pricing/catalogue';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CheckContext, type RouterModel, type RouterOptions, withRouter } from '../src/index.js';
import { modelBehind, wrongWith } from './accepts-request.js';

let bedrock: LocalBedrock;
let client: BedrockRuntimeClient;
beforeAll(async () => {
  bedrock = await startLocalBedrock({ aliases: RESERVED, guardrails: { guard: { policies: ['topic'] } } });
  const bare = new BedrockRuntimeClient({ ...bedrock.clientConfig, maxAttempts: 1 });
  client = deriveClient(bare, settingsPlugin({ models: RESERVED }));
});
afterAll(async () => {
  client.destroy();
  await bedrock.stop();
});

const RUNS = fc.readConfigureGlobal()?.numRuns ?? 100;
const REGION = 'us-east-1';
const CALLABLE = /^(us|global)$/;
const isAlive = ({ lifecycle }: CatalogueModel): boolean =>
  lifecycle.endOfLife === undefined || Date.parse(lifecycle.endOfLife) > Date.now();
const MODELS = [...CATALOGUE.values()].filter(
  (model) => model.kind === 'text' && model.capabilities.converse && isAlive(model),
);
const IDS = MODELS.flatMap((model) => [
  ...model.profiles.filter((profile) => CALLABLE.test(profile)).map((profile) => `${profile}.${model.id}`),
  ...(model.inRegion === undefined || model.inRegion.includes(REGION) ? [model.id] : []),
]);

/** The same model by the ARN of its profile, or of the model itself. */
const asArn = (id: string): string =>
  CALLABLE.test(id.slice(0, id.indexOf('.')))
    ? `arn:aws:bedrock:${REGION}:123456789012:inference-profile/${id}`
    : `arn:aws:bedrock:${REGION}::foundation-model/${id}`;

/** Reserved capacity of each model, by ARN. */
const arnOf = (index: number): string =>
  `arn:aws:bedrock:${REGION}:123456789012:provisioned-model/reserved${index}`;
const RESERVED: Readonly<Record<string, string>> = Object.fromEntries(
  MODELS.map(({ id }, index) => [arnOf(index), id]),
);
const GUARDRAIL = { guardrailIdentifier: 'guard', guardrailVersion: '1' };

/** There in `weight` cases of `weight + 2`. */
const maybe = <T>(value: fc.Arbitrary<T>, weight = 2): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight, arbitrary: value }, { weight: 2, arbitrary: fc.constant(undefined) });
/** Only defined members: the SDK serialises `undefined` away, the checker reads what is left. */
const defined = (value: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined));

/** What keeps most requests where they are is seldom there: else hardly any would move. */
const seldom = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 1, arbitrary: value }, { weight: 7, arbitrary: fc.constant(undefined) });
const point = fc
  .constantFrom({}, { ttl: '5m' }, { ttl: '1h' })
  .map((ttl) => ({ cachePoint: { type: 'default', ...ttl } }));
const LONG = 'A sentence of a manual that many calls have in common. '.repeat(100);
const text = fc.constantFrom({ text: 'Where is my parcel?' }, { text: LONG });
const bytes = new Uint8Array([1, 2, 3]);
const image = { image: { format: 'png', source: { bytes } } };
const document = { format: 'pdf', name: 'd', source: { bytes } };
const s3Location = { uri: 's3://bucket/key' };
const someMedia = fc.constantFrom<object[]>(
  [image],
  [{ image: { format: 'png', source: { s3Location } } }],
  [{ document }],
  [{ document: { ...document, citations: { enabled: true } } }],
  [{ document: { format: 'txt', name: 't', source: { text: LONG } } }],
);
const media = maybe(someMedia, 1).map((blocks) => blocks ?? []);
const spec = { toolSpec: { name: 'find', inputSchema: { json: { type: 'object', properties: {} } } } };
const strict = { toolSpec: { ...spec.toolSpec, strict: true } };

/** Turns before the question, as agents have them: a tool was called and has answered. */
const toolTurns = fc
  .record({
    found: fc.constantFrom<object>({ text: 'Rome' }, { json: { city: 'Rome' } }, image, { document }),
    status: maybe(fc.constantFrom('success', 'error')),
    points: fc.array(point, { maxLength: 1 }),
  })
  .map(({ found, status, points }) => [
    { role: 'user', content: [{ text: 'Where is my parcel?' }] },
    { role: 'assistant', content: [{ toolUse: { toolUseId: 't1', name: 'find', input: {} } }] },
    {
      role: 'user',
      content: [{ toolResult: defined({ toolUseId: 't1', content: [found], status }) }, ...points],
    },
    { role: 'assistant', content: [{ text: 'In Rome.' }] },
  ]);
const history = fc.oneof(
  { weight: 3, arbitrary: fc.constant<object[]>([]) },
  { weight: 2, arbitrary: toolTurns },
);
const BEGUN = [{ role: 'assistant', content: [{ text: '{' }] }];

type Input = { readonly modelId: string } & Readonly<Record<string, unknown>>;

/** One of the tiers that the model has: others would be refused without the router too. */
function tierOf({ capabilities }: CatalogueModel, pick: number | undefined): object {
  if (pick === undefined) return {};
  const tiers = ['default', ...capabilities.tiers.filter((tier) => tier !== 'reserved')];
  const type = tiers[pick % tiers.length];
  return type === 'latencyOptimized'
    ? { performanceConfig: { latency: 'optimized' } }
    : { serviceTier: { type } };
}

/** Leaves out what the model asked for would refuse: only what it accepts says something about the router. */
function acceptable({ serviceTier, ...input }: Input): Input {
  const { model } = modelBehind(input.modelId) ?? {};
  if (model === undefined) throw new Error(input.modelId);
  const { capabilities } = model;
  const text = JSON.stringify(
    { ...input, ...tierOf(model, serviceTier as number | undefined) },
    (key, value) => {
      if (value instanceof Uint8Array) return [...value];
      const isPoint = (block: object): boolean => 'cachePoint' in block;
      if (capabilities.cache?.explicit !== true && Array.isArray(value))
        return value.filter((block) => !isPoint(Object(block)));
      if (key === 'toolConfig' && !capabilities.tools) return undefined;
      if (key === 'messages' && !capabilities.tools) return value.slice(value.length > 3 ? 4 : 0);
      if (key === 'system' && !capabilities.systemPrompts) return undefined;
      if (key === 'inferenceConfig' && value?.maxTokens > (model.maxOutputTokens ?? 0)) return undefined;
      return value;
    },
  );
  return JSON.parse(text, (key, value) => (key === 'bytes' ? new Uint8Array(value) : value));
}

const converseInput = fc
  .record({
    modelId: fc.tuple(fc.constantFrom(...IDS), seldom(fc.constant(asArn))).map(([id, by]) => by?.(id) ?? id),
    system: maybe(
      fc.tuple(text, fc.array(point, { maxLength: 1 })).map(([block, points]) => [block, ...points]),
    ),
    messages: fc
      .tuple(history, text, fc.array(point, { maxLength: 1 }), media, seldom(fc.constant(BEGUN)))
      .map(([before, block, points, blocks, begun = []]) => [
        ...before,
        { role: 'user', content: [...blocks, block, ...points] },
        ...begun,
      ]),
    toolConfig: maybe(
      fc
        .record({
          tools: fc.constantFrom<object[]>([spec], [strict], [spec, { cachePoint: { type: 'default' } }]),
          toolChoice: fc.constantFrom(undefined, { auto: {} }, { any: {} }, { tool: { name: 'find' } }),
        })
        .map(defined),
    ),
    inferenceConfig: maybe(
      fc
        .record({
          maxTokens: fc.constantFrom(1, 300, 8_000, 60_000, 128_000),
          temperature: seldom(fc.constantFrom(0, 0.7)),
          topP: seldom(fc.constant(0.9)),
          stopSequences: maybe(fc.constant(['END']), 1),
        })
        .map(defined),
      3,
    ),
    requestMetadata: maybe(fc.constant({ team: 'care' }), 1),
    additionalModelResponseFieldPaths: maybe(fc.constant(['/stop_sequence']), 1),
    serviceTier: maybe(fc.nat(), 1),
    guardrailConfig: maybe(fc.constant(GUARDRAIL), 1),
    additionalModelRequestFields: seldom(
      fc.constantFrom<object>({}, { top_k: 10 }, { thinking: { type: 'disabled' } }),
    ),
    outputConfig: maybe(
      fc.constant({
        textFormat: {
          type: 'json_schema',
          structure: { jsonSchema: { schema: '{"type":"object","properties":{}}' } },
        },
      }),
      1,
    ),
  })
  .map((input) => acceptable(input));

const anthropicInput = fc
  .record({
    modelId: fc.constantFrom(...IDS.filter((id) => modelBehind(id)?.model.dialect === 'anthropic')),
    max_tokens: fc.constantFrom(1, 300, 60_000),
    thinking: seldom(fc.constantFrom({ type: 'disabled' }, { type: 'adaptive' })),
    temperature: seldom(fc.constant(0)),
    top_p: seldom(fc.constant(0.9)),
    tools: seldom(
      fc.constantFrom<object[]>(
        [{ name: 'find', input_schema: { type: 'object' } }],
        [{ type: 'custom', name: 'find', input_schema: { type: 'object' } }],
        [{ type: 'text_editor_20250728', name: 'str_replace_based_edit_tool' }],
      ),
    ),
    system: maybe(
      fc.constantFrom<unknown>('Sort.', [
        { type: 'text', text: LONG, cache_control: { type: 'ephemeral', ttl: '1h' } },
      ]),
      1,
    ),
  })
  .map(({ modelId, ...fields }) => ({
    modelId,
    ...(fields.max_tokens === 300 ? GUARDRAIL : {}),
    body: JSON.stringify({
      ...(fields.max_tokens === 300 ? { 'amazon-bedrock-guardrailConfig': { tagSuffix: 'x' } } : {}),
      anthropic_version: 'bedrock-2023-05-31',
      messages: [{ role: 'user', content: 'Where is my parcel?' }],
      ...defined(fields),
    }),
  }));

const novaInput = fc
  .record({
    modelId: fc.constantFrom(...IDS.filter((id) => modelBehind(id)?.model.dialect === 'nova')),
    maxTokens: fc.constantFrom(1, 300, 9_000),
    cached: fc.boolean(),
  })
  .map(({ modelId, maxTokens, cached }) => ({
    modelId,
    body: JSON.stringify({
      system: [{ text: LONG, ...(cached ? { cachePoint: { type: 'default' } } : {}) }],
      messages: [{ role: 'user', content: [{ text: 'Where is my parcel?' }] }],
      inferenceConfig: { maxTokens },
    }),
  }));

const openaiInput = fc
  .record({
    modelId: fc.constantFrom(...IDS.filter((id) => modelBehind(id)?.model.dialect === 'openai')),
    temperature: maybe(fc.constant(0), 1),
    response_format: seldom(fc.constant({ type: 'json_object' })),
  })
  .map(({ modelId, ...fields }) => ({
    modelId,
    body: JSON.stringify({
      messages: [{ role: 'user', content: 'Where is my parcel?' }],
      max_tokens: 300,
      ...defined(fields),
    }),
  }));

const invokeInput: fc.Arbitrary<{ readonly modelId: string; readonly body: string }> = fc.oneof(
  { weight: 2, arbitrary: anthropicInput },
  { weight: 1, arbitrary: novaInput },
  { weight: 1, arbitrary: openaiInput },
);

type Command =
  | ConverseCommand
  | ConverseStreamCommand
  | InvokeModelCommand
  | InvokeModelWithResponseStreamCommand;
const command: fc.Arbitrary<{ readonly input: { readonly modelId: string }; make(): Command }> = fc.oneof(
  {
    weight: 4,
    arbitrary: converseInput.map((input) => ({
      input: input as never,
      make: () => new ConverseCommand(input as never),
    })),
  },
  {
    weight: 2,
    arbitrary: converseInput.map((input) => ({
      input: input as never,
      make: () => new ConverseStreamCommand(input as never),
    })),
  },
  {
    weight: 1,
    arbitrary: invokeInput.map((input) => ({ input, make: () => new InvokeModelCommand(input) })),
  },
  {
    weight: 1,
    arbitrary: invokeInput.map((input) => ({
      input,
      make: () => new InvokeModelWithResponseStreamCommand(input),
    })),
  },
);

/** A model that always says the same of every prompt. */
const learnedModel = (score: number): RouterModel => ({
  provenance: { createdAt: '2026-11-22', records: 100, cheap: 'tier-0', strong: 'tier-1', seed: 1 },
  score: () => score,
  assess: () => ({ score, gain: score, known: score !== 0.5 }),
  toJSON: () => ({}) as never,
});

const policyOf = (tasks: object, more: object = {}): object => ({
  policy: { version: 1, createdAt: '2026-11-22', tasks, ...more },
});

const options: fc.Arbitrary<RouterOptions> = fc
  .uniqueArray(fc.constantFrom(...IDS), { minLength: 2, maxLength: 4 })
  .chain((ids) => {
    const tiers = ids.map((modelId, index) => ({ name: `tier-${index}`, modelId }));
    const tier = fc.constantFrom(...tiers.map(({ name }) => name));
    const scopes = fc.subarray<'global' | 'inRegion' | 'geo:us'>(['global', 'inRegion', 'geo:us']);
    const cascade = fc
      .record({
        accept: fc.boolean(),
        includeDraft: fc.boolean(),
        stream: fc.constantFrom('buffer', 'first-part', 'never'),
        asked: fc.option(fc.tuple(tier, fc.boolean()), { nil: undefined }),
      })
      .map(({ accept, includeDraft, stream, asked }) => ({
        cascade: {
          includeDraft,
          stream,
          check: async (_answer: unknown, _call: unknown, { ask }: CheckContext) => {
            const [name, judges] = asked ?? [];
            const question = judges === true ? { instruction: 'Is it right?', maxTokens: 2_000 } : {};
            if (name !== undefined) await ask({ tier: name, ...question });
            return accept;
          },
        },
      }));
    const decided = fc.oneof(
      { weight: 1, arbitrary: tier.map((name) => policyOf({ faq: { tier: name } })) },
      { weight: 1, arbitrary: tier.map((name) => policyOf({}, { default: name })) },
      {
        weight: 1,
        arbitrary: fc.constantFrom(0.1, 0.5, 0.9).map((score) => ({
          learned: { model: learnedModel(score), threshold: 0.6 },
        })),
      },
      // Mostly forced: there dollars do not hide a capability that was overlooked.
      {
        weight: 4,
        arbitrary: fc
          .tuple(tier, fc.constantFrom(true, true, true, false))
          .map(([name, force]) => ({ rules: [{ when: {}, tier: name, force }] })),
      },
      { weight: 2, arbitrary: cascade },
    );
    const ways = fc.record(
      {
        flex: fc.constant({ when: {} }),
        failover: fc.subarray(tiers.map(({ name }) => name)),
      },
      { requiredKeys: [] },
    );
    return fc
      .tuple(decided, scopes, ways, fc.constantFrom(true, false, false))
      .map(([how, allowedScopes, more, reserved]) => ({
        tiers: tiers.map(({ name, modelId }) => {
          const index = MODELS.findIndex(({ id }) => modelId.endsWith(id));
          return reserved ? { name, provisioned: arnOf(index), overflow: modelId } : { name, modelId };
        }),
        allowedScopes,
        fallback: false,
        ...more,
        ...(how as object),
      }));
  });

async function drain(output: object): Promise<void> {
  const { stream, body } = output as { stream?: AsyncIterable<unknown>; body?: AsyncIterable<unknown> };
  const source = stream ?? (body !== undefined && Symbol.asyncIterator in body ? body : undefined);
  if (source !== undefined) for await (const _event of source);
}

const scopeOf = (prefix: string): string =>
  prefix === '' ? 'inRegion' : prefix === 'global' ? 'global' : `geo:${prefix}`;

describe('withRouter', () => {
  it('sends only what the chosen model accepts, in a scope that is allowed, whatever the policy', async () => {
    let cases = 0;
    let moved = 0;
    await fc.assert(
      fc.asyncProperty(command, options, async ({ input, make }, routing) => {
        const accepted = await client.send(make() as ConverseCommand).then(
          (output) => drain(output).then(() => true),
          () => false,
        );
        fc.pre(accepted);
        const asked = modelBehind(input.modelId);
        if (asked === undefined) throw new Error(input.modelId);
        const before = bedrock.requests().length;
        const routed = withRouter(client, routing);
        await withTags({ task: 'faq' }, async () => drain(await routed.send(make() as ConverseCommand)));
        const sent = bedrock.requests().slice(before);
        expect(sent.length).toBeGreaterThan(0);
        for (const request of sent) {
          expect(request.status).toBe(200);
          const reserved = RESERVED[request.modelId ?? ''];
          const modelId = reserved ?? request.modelId;
          expect(
            wrongWith({ operation: request.operation, modelId, body: request.body }, asked.model),
          ).toBeUndefined();
          // Reserved capacity lies in the Region that the client is in, which is within every scope.
          const scope = scopeOf(modelBehind(modelId ?? '')?.prefix ?? 'unknown');
          if (reserved === undefined)
            expect([scopeOf(asked.prefix), ...(routing.allowedScopes ?? [])]).toContain(scope);
          // A guardrail travels with the request.
          const { guardrailConfig, guardrailIdentifier } = input as Readonly<Record<string, unknown>>;
          if (guardrailConfig !== undefined) expect(request.body?.['guardrailConfig']).toEqual(GUARDRAIL);
          if (guardrailIdentifier !== undefined) {
            expect(request.headers['x-amzn-bedrock-guardrailidentifier']).toBe('guard');
            expect(request.body).toHaveProperty(['amazon-bedrock-guardrailConfig']);
          }
          cases += 1;
          if (request.modelId !== input.modelId) moved += 1;
        }
      }),
      { numRuns: RUNS },
    );
    // The property says something only where requests do move.
    expect(moved).toBeGreaterThan(cases / 12);
  }, 400_000);
});
