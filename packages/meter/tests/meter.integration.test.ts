import {
  BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
  InvokeModelCommand,
} from '@aws-sdk/client-bedrock-runtime';
import {
  AlreadyAppliedError,
  collectReceipts,
  InvalidOptionError,
  type Ladder,
  Money,
  settingsPlugin,
  withTags,
} from '@costkit/core';
import { costOf } from '@costkit/pricing';
import {
  converseResponse,
  converseStreamEvents,
  converseStreamResponse,
  createTestClock,
  errorResponse,
  type FakeRequestHandler,
  type FakeResponse,
  fakeBedrockClientConfig,
  fakeRequestHandler,
  jsonResponse,
  type RecordedRequest,
  type TestClock,
} from '@costkit/testing';
import { describe, expect, it } from 'vitest';
import {
  type Budget,
  BudgetExceededError,
  BudgetUncheckableError,
  callbackSink,
  createMeter,
  LoopBreakerError,
  type Meter,
  type MeterAlert,
  type MeterOptions,
  memorySink,
  withMeter,
} from '../src/index.js';

const HAIKU = 'us.anthropic.claude-haiku-4-5-20251001-v1:0';
const NOVA = 'amazon.nova-lite-v1:0';
const INPUT_TOKENS = 40;
const CAP = 200;

/** Answers that use the whole cap: the dearest a call can get. */
function exhausting(request: RecordedRequest): FakeResponse {
  const { inferenceConfig } = request.json as { inferenceConfig?: { maxTokens?: number } };
  const usage = { inputTokens: INPUT_TOKENS, outputTokens: inferenceConfig?.maxTokens ?? 4_096 };
  return request.operation === 'ConverseStream'
    ? converseStreamResponse(
        converseStreamEvents({ text: 'A long answer.', stopReason: 'max_tokens', usage }),
      )
    : jsonResponse(converseResponse({ text: 'A long answer.', stopReason: 'max_tokens', usage }));
}

interface SetUp {
  readonly client: BedrockRuntimeClient;
  readonly meter: Meter;
  readonly handler: FakeRequestHandler;
  readonly alerts: MeterAlert[];
  readonly clock: TestClock;
}

function setUp(
  options: MeterOptions,
  answer: (request: RecordedRequest, index: number) => FakeResponse | Promise<FakeResponse> = exhausting,
): SetUp {
  const clock = createTestClock({ startAt: new Date('2026-11-22T10:00:00Z') });
  const alerts: MeterAlert[] = [];
  const handler = fakeRequestHandler({ handler: answer, clock });
  const meter = createMeter({ clock, onAlert: (alert) => void alerts.push(alert), ...options });
  const client = withMeter(new BedrockRuntimeClient(fakeBedrockClientConfig(handler)), { meter });
  client.middlewareStack.use(settingsPlugin({ clock }));
  return { client, meter, handler, alerts, clock };
}

const converse = (fields: Record<string, unknown> = {}): ConverseCommand =>
  new ConverseCommand({
    modelId: HAIKU,
    messages: [{ role: 'user', content: [{ text: 'How long is a piece of string, on the whole?' }] }],
    inferenceConfig: { maxTokens: CAP },
    ...fields,
  });

const budget = (fields: Partial<Budget> = {}): Budget => ({
  name: 'daily',
  limitUsd: 1,
  period: 'day',
  onExceed: 'block',
  ...fields,
});

/** What one exhausting call costs. */
const COST = costOf(
  { input: INPUT_TOKENS, output: CAP, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, cacheWrite30m: 0 },
  { model: HAIKU, region: 'us-east-1' },
).total;

describe('withMeter', () => {
  it('books every call under its tags, to the pico-dollar', async () => {
    const { client, meter } = setUp({});
    const { receipts } = await collectReceipts(async () => {
      await withTags({ feature: 'chat', team: 'care' }, () => client.send(converse()));
      await withTags({ feature: 'search' }, () => client.send(converse()));
      await client.send(converse({ requestMetadata: { feature: 'search' } }));
    });
    const report = meter.report({ by: ['feature', 'model'] });
    expect(report.rows.map(({ group, calls }) => [group, calls])).toEqual([
      [{ feature: 'search', model: receipts[0]?.requestedModel }, 2],
      [{ feature: 'chat', model: receipts[0]?.requestedModel }, 1],
    ]);
    expect(report.total.cost.picoUsd).toBe(COST.times(3).picoUsd);
    expect(report.total.cost.picoUsd).toBe(
      Money.sum(receipts.map((receipt) => receipt.cost as Money)).picoUsd,
    );
  });

  it('leaves the request, the answer and the client it was given as they are', async () => {
    const handler = fakeRequestHandler({ handler: exhausting });
    const bare = new BedrockRuntimeClient(fakeBedrockClientConfig(handler));
    const before = bare.middlewareStack.identify();
    const metered = withMeter(bare, { budgets: [budget()] });
    const command = converse();
    const input = structuredClone(command.input);
    const [one, other] = [await bare.send(converse()), await metered.send(command)];
    expect(other.output).toEqual(one.output);
    expect(command.input).toEqual(input);
    expect(handler.requests[0]?.json).toEqual(handler.requests[1]?.json);
    expect(bare.middlewareStack.identify()).toEqual(before);
  });

  it('books a stream once it has ended', async () => {
    const { client, meter } = setUp({ budgets: [budget()] });
    const { stream } = await client.send(new ConverseStreamCommand(converse().input));
    expect(meter.report().total.calls).toBe(0);
    expect(meter.remaining('daily').picoUsd).toBeLessThan(Money.fromUsd(1).picoUsd);
    for await (const _ of stream ?? []) void _;
    expect(meter.report().total).toMatchObject({ calls: 1, estimated: 0 });
    expect(meter.remaining('daily').picoUsd).toBe(Money.fromUsd(1).minus(COST).picoUsd);
  });

  it('counts a model without a price as unpriced', async () => {
    const { client, meter } = setUp({});
    await client.send(converse({ modelId: 'nobody.knows-v1' }));
    expect(meter.report().total).toMatchObject({ calls: 1, unpriced: 1 });
    expect(meter.report({ by: ['servedModel'] }).rows[0]?.group).toEqual({ servedModel: 'nobody.knows-v1' });
  });

  it('serves several clients with one meter, and refuses to be applied twice to one', async () => {
    const { client, meter } = setUp({});
    const second = withMeter(
      new BedrockRuntimeClient(fakeBedrockClientConfig(fakeRequestHandler({ handler: exhausting }))),
      { meter },
    );
    await client.send(converse());
    await second.send(converse());
    expect(meter.report().total.calls).toBe(2);
    expect(() => withMeter(client, { meter })).toThrow(AlreadyAppliedError);
    const bare = new BedrockRuntimeClient(
      fakeBedrockClientConfig(fakeRequestHandler({ handler: exhausting })),
    );
    expect(() => withMeter(bare, meter as MeterOptions)).toThrow('give it as { meter }');
  });

  it.each([
    { budget: [] },
    { budgets: [budget({ limitUsd: Number.NaN })] },
    { budgets: [budget({ limitUsd: -1 })] },
    { sinks: [{}] },
    { maxOutputTokens: 0 },
    { mode: 'on' },
    { mediaTokens: { picture: 5 } },
    { ledger: { maxRows: 3 } },
    { ledger: { timeZone: 'Nowhere' } },
  ])('refuses %o at construction', (options) => {
    const bare = new BedrockRuntimeClient(
      fakeBedrockClientConfig(fakeRequestHandler({ handler: exhausting })),
    );
    expect(() => withMeter(bare, options as MeterOptions)).toThrow(InvalidOptionError);
  });

  it('books a receipt that came from elsewhere, also against budgets', async () => {
    const { client, meter } = setUp({ budgets: [budget()] });
    const { receipts } = await collectReceipts(() => client.send(converse()));
    const other = createMeter({
      budgets: [budget()],
      clock: createTestClock({ startAt: new Date('2026-11-22T11:00:00Z') }),
    });
    for (const receipt of receipts) other.record(receipt);
    expect(other.report().total.cost.picoUsd).toBe(COST.picoUsd);
    expect(other.remaining('daily').picoUsd).toBe(meter.remaining('daily').picoUsd);
  });
});

describe('sinks', () => {
  it('get every receipt; one that throws or hangs neither fails nor delays a call', async () => {
    const memory = memorySink();
    const failures: unknown[] = [];
    const { client, meter } = setUp({
      sinks: [
        {
          write: () => {
            throw new Error('broken');
          },
        },
        callbackSink(() => new Promise(() => undefined)),
        memory,
      ],
      onError: ({ error }) => failures.push(error),
    });
    for (let index = 0; index < 5; index += 1) await client.send(converse());
    expect(memory.receipts).toHaveLength(5);
    expect(memory.receipts.every(({ settled }) => settled)).toBe(true);
    expect(failures).toHaveLength(5);
    expect(meter.report().total.failed).toBe(0);
  });
});

describe('budgets', () => {
  it.each([20, 200])('are not overrun by %i parallel calls, and are spent', async (parallel) => {
    const limit = COST.times(Math.floor(parallel / 4));
    const { client, meter, handler } = setUp({ budgets: [budget({ limitUsd: limit.toUsdString() })] });
    const results = await Promise.allSettled(Array.from({ length: parallel }, () => client.send(converse())));
    const refused = results.filter((result) => result.status === 'rejected');
    expect(refused.every(({ reason }) => BudgetExceededError.isInstance(reason))).toBe(true);
    expect(handler.requests.length).toBe(parallel - refused.length);
    const spent = meter.report().total.cost;
    expect(spent.picoUsd).toBe(COST.times(handler.requests.length).picoUsd);
    expect(spent.picoUsd).toBeLessThanOrEqual(limit.picoUsd);
    expect(spent.usd).toBeGreaterThan(limit.usd * 0.5);
    expect(meter.remaining('daily').picoUsd).toBe(limit.minus(spent).picoUsd);
  });

  it('are not overrun by 200 parallel streams', async () => {
    const limit = COST.times(50);
    const { client, meter } = setUp({ budgets: [budget({ limitUsd: limit.toUsdString() })] });
    await Promise.allSettled(
      Array.from({ length: 200 }, async () => {
        const { stream } = await client.send(new ConverseStreamCommand(converse().input));
        for await (const _ of stream ?? []) void _;
      }),
    );
    expect(meter.report().total.cost.picoUsd).toBeLessThanOrEqual(limit.picoUsd);
    expect(meter.report().total.cost.usd).toBeGreaterThan(limit.usd * 0.5);
  });

  it('let a call wait while others hold the room, and say so on its receipt', async () => {
    // A quarter of the cap is used.
    const usage = { inputTokens: INPUT_TOKENS, outputTokens: CAP / 4 };
    const { client, handler } = setUp({ budgets: [budget({ limitUsd: COST.times(3).toUsdString() })] }, () =>
      jsonResponse(converseResponse({ usage })),
    );
    const { receipts } = await collectReceipts(() =>
      Promise.all(Array.from({ length: 6 }, () => client.send(converse()))),
    );
    expect(handler.requests).toHaveLength(6);
    const waited = receipts.filter(({ decisions }) => decisions.length > 0);
    expect(waited.length).toBeGreaterThan(0);
    for (const { decisions } of waited) {
      expect(decisions).toMatchObject([{ lever: 'budget', mode: 'enforce', action: 'waited for room' }]);
    }
  });

  it('refuse at once where they are not to wait', async () => {
    const { client } = setUp({
      budgets: [budget({ limitUsd: COST.times(2).toUsdString(), waitMs: 0 })],
    });
    const { stream } = await client.send(new ConverseStreamCommand(converse().input));
    await expect(client.send(converse())).rejects.toBeInstanceOf(BudgetExceededError);
    for await (const _ of stream ?? []) void _;
  });

  it('are spent to 90 % when calls come one by one', async () => {
    const limit = COST.times(100);
    const { client, meter } = setUp({ budgets: [budget({ limitUsd: limit.toUsdString() })] });
    let error: unknown;
    while (error === undefined)
      await client.send(converse()).catch((thrown: unknown) => {
        error = thrown;
      });
    expect(error).toMatchObject({
      code: 'COSTKIT_BUDGET_EXCEEDED',
      budget: 'daily',
      scope: 'all',
      limitUsd: limit.usd,
      spentUsd: meter.report().total.cost.usd,
      resetsAt: new Date('2026-11-23T00:00:00Z'),
    });
    expect(meter.report().total.cost.usd).toBeGreaterThanOrEqual(limit.usd * 0.9);
    expect(meter.report().total.cost.picoUsd).toBeLessThanOrEqual(limit.picoUsd);
  });

  it('give back what failed calls had reserved', async () => {
    const { client, meter } = setUp({ budgets: [budget()] }, () =>
      errorResponse('ValidationException', 'No.'),
    );
    await expect(client.send(converse())).rejects.toMatchObject({ name: 'ValidationException' });
    expect(meter.remaining('daily').toUsdString()).toBe('1');
    expect(meter.report().total).toMatchObject({ calls: 1, failed: 1 });
  });

  it('keep what an aborted call may have cost', async () => {
    const { client, meter, clock } = setUp({ budgets: [budget()] }, async (request) => ({
      ...exhausting(request),
      delayMs: 5_000,
    }));
    const controller = new AbortController();
    const sent = client.send(converse(), { abortSignal: controller.signal });
    const failed = expect(sent).rejects.toMatchObject({ name: 'AbortError' });
    await clock.advance(1_000);
    controller.abort();
    await failed;
    expect(meter.remaining('daily').picoUsd).toBeLessThan(Money.fromUsd(1).picoUsd);
    expect(meter.report().total.estimated).toBe(1);
  });

  it('hold for each value, and for the calls that match', async () => {
    const { client, meter } = setUp({
      budgets: [
        budget({
          name: 'per tenant',
          per: 'tenant',
          limitUsd: COST.times(2).toUsdString(),
          match: { stage: 'prod' },
        }),
      ],
    });
    const send = (tags: Record<string, string>): Promise<unknown> =>
      withTags(tags, () => client.send(converse()));
    await send({ tenant: 'acme', stage: 'prod' });
    await expect(send({ tenant: 'acme', stage: 'prod' })).rejects.toMatchObject({
      scope: 'tenant=acme',
      budget: 'per tenant',
    });
    await send({ tenant: 'other', stage: 'prod' });
    await send({ tenant: 'acme', stage: 'test' });
    await send({ tenant: 'acme' });
    expect(meter.remaining('per tenant', { tenant: 'acme', stage: 'prod' }).picoUsd).toBe(COST.picoUsd);
    expect(() => meter.remaining('per tenant', { stage: 'test' })).toThrow(InvalidOptionError);
    expect(() => meter.remaining('nobody')).toThrow('per tenant');
  });

  it('book a call in the period in which it began, though it ends in the next', async () => {
    const { client, meter, clock } = setUp(
      { budgets: [budget({ period: 'minute', limitUsd: COST.times(2).toUsdString() })] },
      async (request) => ({ ...exhausting(request), delayMs: 90_000 }),
    );
    const sent = client.send(converse());
    await clock.advance(60_000);
    // The next minute is untouched, while the first call is still on its way.
    expect(meter.remaining('daily').picoUsd).toBe(COST.times(2).picoUsd);
    await clock.advance(30_000);
    await sent;
    expect(meter.remaining('daily').picoUsd).toBe(COST.times(2).picoUsd);
  });

  it('begin anew with the local day, on the day daylight saving ends too', async () => {
    const clock = createTestClock({ startAt: new Date('2026-10-25T22:59:00Z') });
    const { client, meter } = setUp({
      clock,
      budgets: [budget({ timeZone: 'Europe/Berlin', limitUsd: COST.times(2).toUsdString() })],
    });
    client.middlewareStack.use(settingsPlugin({ clock }));
    await client.send(converse());
    await expect(client.send(converse())).rejects.toMatchObject({
      resetsAt: new Date('2026-10-25T23:00:00Z'),
    });
    await clock.advance(60_000);
    await client.send(converse());
    expect(meter.report({ by: ['day'] }).total.calls).toBe(3);
  });

  it('send the configured cap with a request that has none, and say so', async () => {
    const { client, handler } = setUp({ budgets: [budget()], maxOutputTokens: 300 });
    const { receipts } = await collectReceipts(() => client.send(converse({ inferenceConfig: undefined })));
    expect(handler.requests[0]?.json).toMatchObject({ inferenceConfig: { maxTokens: 300 } });
    expect(receipts[0]?.decisions).toMatchObject([
      { lever: 'budget', action: 'capped the answer at 300 tokens' },
    ]);
    await client.send(converse());
    expect(handler.requests[1]?.json).toMatchObject({ inferenceConfig: { maxTokens: CAP } });
  });

  it('refuse a request without a cap when none is configured, and say what to do', async () => {
    const { client, handler } = setUp({ budgets: [budget()] });
    const error = await client
      .send(converse({ inferenceConfig: undefined }))
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(BudgetUncheckableError);
    expect(error).toMatchObject({
      code: 'COSTKIT_BUDGET_UNCHECKABLE',
      message: expect.stringContaining('maxOutputTokens'),
    });
    expect(handler.requests).toHaveLength(0);
  });

  it.each([
    ['a model without a price', converse({ modelId: 'nobody.knows-v1' })],
    [
      'a prompt ARN',
      converse({
        modelId: 'arn:aws:bedrock:us-east-1:123456789012:prompt/ABC',
        messages: undefined,
        inferenceConfig: undefined,
      }),
    ],
    [
      'a body that no view reads',
      new InvokeModelCommand({ modelId: 'nobody.knows-v1', body: '{}' }),
      'its request body cannot be read',
    ],
  ])('block %s: money fails closed', async (_, command, why = '') => {
    const { client, handler, meter } = setUp({ budgets: [budget()], maxOutputTokens: 100 });
    await expect(client.send(command as ConverseCommand)).rejects.toMatchObject({
      code: 'COSTKIT_BUDGET_UNCHECKABLE',
      message: expect.stringContaining(why),
    });
    expect(handler.requests).toHaveLength(0);
    expect(meter.remaining('daily').toUsdString()).toBe('1');
  });

  it('know the model behind an opaque ARN that the settings name', async () => {
    const arn = 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc';
    const { client, meter } = setUp({ budgets: [budget()] });
    await expect(client.send(converse({ modelId: arn }))).rejects.toMatchObject({
      code: 'COSTKIT_BUDGET_UNCHECKABLE',
    });
    client.middlewareStack.use(settingsPlugin({ models: { [arn]: HAIKU } }));
    await client.send(converse({ modelId: arn }));
    expect(meter.remaining('daily').picoUsd).toBe(Money.fromUsd(1).minus(COST).picoUsd);
  });

  it('price by negotiated rates where there are some', async () => {
    const { client, meter } = setUp({ budgets: [budget()] });
    client.middlewareStack.use(
      settingsPlugin({ priceOverrides: [{ model: 'anthropic.*', multiplier: '0.5' }] }),
    );
    await client.send(converse());
    expect(meter.remaining('daily').picoUsd * 2n).toBe(Money.fromUsd(2).minus(COST).picoUsd);
  });

  it('only tell when they alert: once per period, after the limit was passed', async () => {
    const { client, alerts, clock } = setUp({
      budgets: [budget({ onExceed: 'alert', limitUsd: COST.times(2).toUsdString() })],
    });
    for (let index = 0; index < 2; index += 1) await client.send(converse());
    expect(alerts).toEqual([]);
    for (let index = 0; index < 3; index += 1) await client.send(converse());
    expect(alerts).toEqual([
      {
        kind: 'budget',
        budget: 'daily',
        scope: 'all',
        action: 'alert',
        limitUsd: COST.times(2).usd,
        spentUsd: COST.times(3).usd,
        reservedUsd: 0,
        resetsAt: new Date('2026-11-23T00:00:00Z'),
      },
    ]);
    await clock.advance(24 * 3_600_000);
    for (let index = 0; index < 3; index += 1) await client.send(converse());
    expect(alerts).toHaveLength(2);
  });

  it('need no price and no cap to alert', async () => {
    const { client } = setUp({ budgets: [budget({ onExceed: 'alert' })] });
    await client.send(converse({ modelId: 'nobody.knows-v1', inferenceConfig: undefined }));
  });

  it('stop nothing in observe, but say what they would have done', async () => {
    const { client, handler, alerts } = setUp({ mode: 'observe', budgets: [budget({ limitUsd: 0 })] });
    const { receipts } = await collectReceipts(() => client.send(converse({ inferenceConfig: undefined })));
    expect(handler.requests[0]?.json).not.toHaveProperty('inferenceConfig');
    expect(receipts[0]?.decisions).toMatchObject([
      { lever: 'budget', mode: 'observe', action: 'would have blocked' },
    ]);
    expect(alerts).toMatchObject([{ kind: 'budget', budget: 'daily' }]);
  });

  it('do nothing at all in off', async () => {
    const { client, meter } = setUp({ mode: 'off', budgets: [budget({ limitUsd: 0 })] });
    await client.send(converse());
    expect(meter.report().total.calls).toBe(0);
  });

  it('stop a runaway loop', async () => {
    const { client, handler, meter } = setUp({
      budgets: [budget({ period: 'hour', limitUsd: COST.times(10).toUsdString() })],
    });
    let turns = 0;
    await expect(
      (async () => {
        for (; turns < 100_000; turns += 1) await client.send(converse());
      })(),
    ).rejects.toBeInstanceOf(BudgetExceededError);
    expect(handler.requests.length).toBe(turns);
    expect(turns).toBe(9);
    expect(meter.report().total.failed).toBe(1);
  });
});

describe('downgrade', () => {
  const ladder: Ladder = { below: (view) => (view.modelId === HAIKU ? NOVA : undefined) };

  it('sends the call to the cheaper model that the policy allows, and says so', async () => {
    const { client, handler } = setUp({
      ladder,
      budgets: [budget({ onExceed: 'downgrade', limitUsd: COST.usd / 2 })],
    });
    const { receipts } = await collectReceipts(() => client.send(converse()));
    expect(handler.requests.map(({ modelId }) => modelId)).toEqual([NOVA]);
    expect(receipts[0]).toMatchObject({
      requestedModel: expect.stringContaining('haiku'),
      servedModel: NOVA,
    });
    expect(receipts[0]?.decisions).toMatchObject([{ lever: 'budget', action: `downgraded to ${NOVA}` }]);
  });

  it.each([
    ['without a ladder', {}],
    ['when the ladder ends', { ladder: { below: () => undefined } }],
    ['when the ladder goes in a circle', { ladder: { below: () => HAIKU } }],
  ])('blocks %s, and claims no downgrade', async (_, options) => {
    const { client, handler } = setUp({
      ...options,
      budgets: [budget({ onExceed: 'downgrade', limitUsd: 0 })],
    });
    const { receipts } = await collectReceipts(async () => {
      await expect(client.send(converse())).rejects.toBeInstanceOf(BudgetExceededError);
    });
    expect(handler.requests).toHaveLength(0);
    expect(receipts[0]?.decisions.map(({ action }) => action)).toEqual(['blocked']);
  });

  it('leaves a call in the middle of a tool loop with its model', async () => {
    const { client, handler } = setUp({ ladder, budgets: [budget({ onExceed: 'downgrade', limitUsd: 0 })] });
    const messages = [
      { role: 'user', content: [{ text: 'Look it up.' }] },
      { role: 'assistant', content: [{ toolUse: { toolUseId: 'one', name: 'look', input: {} } }] },
      { role: 'user', content: [{ toolResult: { toolUseId: 'one', content: [{ text: '42' }] } }] },
    ];
    const toolConfig = { tools: [{ toolSpec: { name: 'look', inputSchema: { json: { type: 'object' } } } }] };
    await expect(client.send(converse({ messages, toolConfig }))).rejects.toBeInstanceOf(BudgetExceededError);
    expect(handler.requests).toHaveLength(0);
  });
});

describe('queue', () => {
  it('hands the call to the batch queue when that has room at half price, else blocks', async () => {
    let queued = 0;
    const answer = {
      output: { $metadata: {}, output: { message: { role: 'assistant', content: [{ text: 'Later.' }] } } },
      view: undefined,
    };
    const queue = {
      enqueue: () => {
        queued += 1;
        return Promise.resolve(answer);
      },
    };
    const { client, handler, meter } = setUp({
      queue,
      budgets: [budget({ onExceed: 'queue', limitUsd: COST.usd * 0.9 })],
    });
    const { receipts } = await collectReceipts(async () => {
      const first = await client.send(converse());
      expect(first.output?.message?.content).toEqual([{ text: 'Later.' }]);
      await expect(client.send(converse())).rejects.toBeInstanceOf(BudgetExceededError);
    });
    expect([queued, handler.requests.length]).toEqual([1, 0]);
    expect(receipts.map(({ decisions }) => decisions.map(({ action }) => action))).toEqual([
      ['queued'],
      ['blocked'],
    ]);
    expect(meter.remaining('daily').usd).toBeLessThan(COST.usd * 0.5);
  });

  it('blocks streams and calls without a queue', async () => {
    const { client } = setUp({ budgets: [budget({ onExceed: 'queue', limitUsd: 0 })] });
    await expect(client.send(converse())).rejects.toBeInstanceOf(BudgetExceededError);
    await expect(client.send(new ConverseStreamCommand(converse().input))).rejects.toBeInstanceOf(
      BudgetExceededError,
    );
  });
});

describe('breaker', () => {
  it('stops a repeating request of one feature with a typed error, before it is sent', async () => {
    const { client, handler, alerts, meter } = setUp({ breaker: { maxRepeats: 3, per: 'feature' } });
    const loop = (): Promise<unknown> => withTags({ feature: 'agent' }, () => client.send(converse()));
    for (let index = 0; index < 3; index += 1) await loop();
    await expect(loop()).rejects.toBeInstanceOf(LoopBreakerError);
    expect(handler.requests).toHaveLength(3);
    expect(alerts).toMatchObject([{ kind: 'loop', scope: 'feature=agent' }]);
    await withTags({ feature: 'chat' }, () => client.send(converse()));
    expect(
      meter
        .report({ by: ['feature'] })
        .rows.map(({ group, calls, failed }) => [group['feature'], calls, failed]),
    ).toEqual([
      ['agent', 4, 1],
      ['chat', 1, 0],
    ]);
  });

  it('stops a scope that spends too fast', async () => {
    const { client, clock } = setUp({ breaker: { maxUsdPerMinute: COST.usd * 2.5 } });
    for (let index = 0; index < 3; index += 1) await client.send(converse());
    await expect(client.send(converse())).rejects.toMatchObject({
      trigger: 'spend',
      retryAt: new Date('2026-11-22T10:01:00Z'),
    });
    await clock.advance(60_000);
    await client.send(converse());
  });
});
