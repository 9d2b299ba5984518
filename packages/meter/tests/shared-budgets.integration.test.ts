import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { collectReceipts, settingsPlugin } from '@costkit/core';
import {
  converseResponse,
  createTestClock,
  type FakeRequestHandler,
  fakeBedrockClientConfig,
  fakeRequestHandler,
  jsonResponse,
  type TestClock,
} from '@costkit/testing';
import { describe, expect, it } from 'vitest';
import {
  type Budget,
  type BudgetEntry,
  type BudgetStore,
  BudgetStoreError,
  createMeter,
  type Meter,
  type MeterAlert,
  type MeterOptions,
  memoryBudgetStore,
  withMeter,
} from '../src/index.js';

const HAIKU = 'us.anthropic.claude-haiku-4-5-20251001-v1:0';
const NOON = new Date('2026-11-22T12:00:00Z');

/** A store behind a network: it answers later, or not at all, and may be told that its clock differs. */
interface DistantStore extends BudgetStore {
  readonly asked: string[];
  away: boolean;
  /** Answers that are held back until it is set to `undefined`. */
  held: Promise<void> | undefined;
  clockOffsetMs: number;
  lastReserved: BudgetEntry | undefined;
}

function distantStore(clock: TestClock): DistantStore {
  const memory = memoryBudgetStore({ clock });
  const answer = async <T>(what: string, act: () => T | Promise<T>): Promise<T> => {
    store.asked.push(what);
    await store.held;
    if (store.away) throw new Error('Connection refused.');
    return act();
  };
  const store: DistantStore = {
    asked: [],
    away: false,
    held: undefined,
    clockOffsetMs: 0,
    lastReserved: undefined,
    reserve: (entry) => {
      store.lastReserved = entry;
      return answer('reserve', () => memory.reserve(entry));
    },
    settle: (entry, spent) => answer('settle', () => memory.settle(entry, spent)),
    book: (entry) => answer('book', () => memory.book(entry)),
    balance: memory.balance,
    refresh: () => answer('refresh', () => undefined),
    open: () => answer('open', () => undefined),
  };
  return store;
}

interface SetUp {
  readonly send: () => Promise<unknown>;
  readonly meter: Meter;
  readonly store: DistantStore;
  readonly handler: FakeRequestHandler;
  readonly alerts: MeterAlert[];
  readonly clock: TestClock;
  /** Called when a request arrives. */
  onRequest: () => void;
}

function setUp(fields: Partial<Budget> = {}, options: MeterOptions = {}): SetUp {
  const clock = createTestClock({ startAt: NOON });
  const alerts: MeterAlert[] = [];
  const store = distantStore(clock);
  const handler = fakeRequestHandler({
    clock,
    handler: () => {
      state.onRequest();
      return jsonResponse(converseResponse({ usage: { inputTokens: 40, outputTokens: 100 } }));
    },
  });
  const meter = createMeter({
    clock,
    store,
    budgets: [{ name: 'daily', limitUsd: 1, period: 'day', onExceed: 'block', ...fields }],
    onAlert: (alert) => void alerts.push(alert),
    ...options,
  });
  const client = withMeter(new BedrockRuntimeClient(fakeBedrockClientConfig(handler)), { meter });
  client.middlewareStack.use(settingsPlugin({ clock }));
  const send = (): Promise<unknown> =>
    client.send(
      new ConverseCommand({
        modelId: HAIKU,
        messages: [{ role: 'user', content: [{ text: 'How long is a piece of string?' }] }],
        inferenceConfig: { maxTokens: 200 },
      }),
    );
  const state: SetUp = { send, meter, store, handler, alerts, clock, onRequest: () => undefined };
  return state;
}

const spentUsd = ({ meter }: SetUp): number => 1 - meter.remaining('daily').usd;

describe('a shared store', () => {
  it('is opened once, asked once before a call, and told after it', async () => {
    const { send, meter, store } = setUp();
    await send();
    await send();
    await meter.flush();
    expect(store.asked).toEqual(['open', 'reserve', 'settle', 'reserve', 'settle']);
    expect(meter.remaining('daily').usd).toBeCloseTo(1 - meter.report().total.cost.usd, 12);
  });

  it('does not keep an answer waiting for its settlement, which flush waits for', async () => {
    const state = setUp();
    const { send, meter, store } = state;
    await send();
    await meter.flush();
    let letGo = (): void => undefined;
    // From the moment at which the request is out.
    state.onRequest = () => {
      store.held = new Promise((resolve) => {
        letGo = resolve;
      });
    };
    await send();
    const cost = meter.report().total.cost.usd;
    expect(spentUsd(state)).toBeGreaterThan(cost);
    let flushed = false;
    const flush = meter.flush().then(() => {
      flushed = true;
    });
    await state.clock.advance(0);
    expect(flushed).toBe(false);
    letGo();
    await flush;
    expect(spentUsd(state)).toBeCloseTo(cost, 12);
  });

  it('counts a call in the period that its own clock says', async () => {
    const { send, meter, store, clock } = setUp();
    store.clockOffsetMs = 13 * 3_600_000;
    await send();
    await meter.flush();
    expect(store.lastReserved?.accounts).toMatchObject([{ startsAt: Date.parse('2026-11-23T00:00:00Z') }]);
    expect(meter.remaining('daily').usd).toBeLessThan(1);
    expect(clock.now()).toBe(NOON.getTime());
  });

  it('is asked by refresh, and says then what other processes have spent', async () => {
    const { meter, store } = setUp();
    expect((await meter.refresh('daily')).usd).toBe(1);
    expect(store.asked).toEqual(['refresh']);
    store.away = true;
    await expect(meter.refresh('daily')).rejects.toThrow('Connection refused');
    await expect(meter.refresh('weekly')).rejects.toMatchObject({ code: 'COSTKIT_INVALID_OPTION' });
  });
});

describe('a store that is away', () => {
  it('blocks calls of enforced budgets, with an error that says what to do', async () => {
    const { send, store, handler, alerts, meter } = setUp();
    store.away = true;
    const { receipts } = await collectReceipts(async () => {
      await expect(send()).rejects.toMatchObject({
        name: 'BudgetStoreError',
        code: 'COSTKIT_BUDGET_STORE',
        budget: 'daily',
        message: expect.stringMatching(/store failed: Connection refused\. .*onUnreachable: "alert"/),
        cause: new Error('Connection refused.'),
      });
    });
    await expect(send()).rejects.toSatisfy(BudgetStoreError.isInstance);
    expect(handler.requests).toHaveLength(0);
    expect(receipts[0]).toMatchObject({ error: 'BudgetStoreError', attempts: [] });
    expect(alerts).toEqual([{ kind: 'store', scope: 'all', reachable: false, reason: 'Connection refused' }]);
    store.away = false;
    await send();
    await meter.flush();
    expect(alerts).toHaveLength(2);
    expect(alerts[1]).toMatchObject({ kind: 'store', reachable: true });
    expect(meter.remaining('daily').usd).toBeCloseTo(1 - meter.report().total.cost.usd, 12);
  });

  it('lets calls of budgets that alert go on, tells, and books them once it is back', async () => {
    const { send, store, handler, alerts, meter } = setUp({ onExceed: 'alert' });
    store.away = true;
    for (let index = 0; index < 5; index += 1) await send();
    expect(handler.requests).toHaveLength(5);
    await meter.flush(1);
    expect(alerts).toEqual([{ kind: 'store', scope: 'all', reachable: false, reason: 'Connection refused' }]);
    expect(meter.remaining('daily').usd).toBe(1);
    store.away = false;
    await meter.flush();
    expect(meter.remaining('daily').usd).toBeCloseTo(1 - meter.report().total.cost.usd, 12);
  });

  it('lets calls of enforced budgets go on where they are told to', async () => {
    const { send, store, handler, meter } = setUp({ onUnreachable: 'alert' });
    store.away = true;
    const { receipts } = await collectReceipts(() => send());
    expect(handler.requests).toHaveLength(1);
    expect(receipts[0]?.decisions).toMatchObject([
      {
        lever: 'budget',
        action: 'let the call go unchecked',
        reason: 'The store failed: Connection refused.',
      },
    ]);
    store.away = false;
    await meter.flush();
    expect(meter.remaining('daily').usd).toBeCloseTo(1 - meter.report().total.cost.usd, 12);
  });

  it('gives back what arrived although its answer got lost', async () => {
    const { send, store, meter } = setUp();
    const { reserve } = store;
    store.reserve = async (entry) => {
      await reserve(entry);
      throw new Error('no answer within 2000 ms');
    };
    await expect(send()).rejects.toMatchObject({ code: 'COSTKIT_BUDGET_STORE' });
    await meter.flush();
    expect(meter.remaining('daily').usd).toBe(1);
  });

  it('does not hold a process back: close waits no longer than it may', async () => {
    const { send, store, meter } = setUp();
    await send();
    await meter.flush();
    store.away = true;
    await expect(send()).rejects.toMatchObject({ code: 'COSTKIT_BUDGET_STORE' });
    await meter.close(10);
  });

  it('cannot block for a budget that only alerts', () => {
    expect(() => setUp({ onExceed: 'alert', onUnreachable: 'block' })).toThrow('budgets[0].onUnreachable');
  });
});
