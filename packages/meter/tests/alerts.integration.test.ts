import { Money, type Receipt } from '@costkit/core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type Alert,
  type AlertsOptions,
  type AnomalyAlert,
  alertText,
  callbackChannel,
  createAlerts,
} from '../src/alerts.js';
import { createMeter } from '../src/index.js';
import { aReceipt } from './a-receipt.js';
import { madeUpWorkload } from './made-up-workload.js';
import { type Incident, type IncidentKind, START_MS, syntheticWeeks, WEEK_MS } from './synthetic-weeks.js';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

function collecting(options: Omit<AlertsOptions, 'channels'> = {}) {
  const told: Alert[] = [];
  const alerts = createAlerts({ ...options, channels: [callbackChannel((alert) => void told.push(alert))] });
  return { alerts, told };
}

const FEATURE = 'chat';
const KINDS: readonly IncidentKind[] = ['loop', 'growth', 'prompt', 'cache', 'model'];

/** Traffic of our own: three weeks to learn from, then one with an incident on each working day at ten. */
function fourWeeks(seed: number) {
  const incidents = KINDS.map((kind, day): Incident => {
    const startsAtMs = START_MS + 3 * WEEK_MS + (24 * day + 10) * HOUR_MS;
    return { kind, feature: FEATURE, startsAtMs, endsAtMs: startsAtMs + 4 * HOUR_MS };
  });
  const weeks = syntheticWeeks([madeUpWorkload(FEATURE, seed)]);
  const { alerts, told } = collecting({ per: 'feature' });
  for (let week = 0; week < 4; week += 1)
    for (const receipts of weeks(week, seed, week === 3 ? incidents : []))
      for (const receipt of receipts) alerts.write(receipt);
  return { told: told.filter((alert) => alert.kind === 'anomaly'), incidents };
}

describe('createAlerts, over four synthetic weeks', () => {
  let told: readonly AnomalyAlert[];
  let incidents: readonly Incident[];
  beforeAll(() => {
    ({ told, incidents } = fourWeeks(11));
  }, 120_000);

  const within = (incident: Incident): AnomalyAlert[] =>
    told.filter(
      ({ at }) => at.getTime() >= incident.startsAtMs && at.getTime() < incident.endsAtMs + 2 * HOUR_MS,
    );

  it.each<[IncidentKind, string, number]>([
    ['loop', 'spike', 5],
    ['growth', 'drift', 180],
    ['prompt', 'prompt', 30],
    ['cache', 'cache', 30],
    ['model', 'model', 30],
  ])('notices a planted incident: %s, as %s, within %i minutes', (kind, anomaly, minutes) => {
    const incident = incidents.find((one) => one.kind === kind) as Incident;
    const alerts = within(incident);
    const own = alerts.find((alert) => alert.anomaly === anomaly);
    const delay = ((own?.at.getTime() ?? Number.NaN) - incident.startsAtMs) / MINUTE_MS;
    expect(delay).toBeGreaterThan(0);
    expect(delay).toBeLessThan(minutes);
    // It began about then, growth when it could be seen, and has cost something since.
    expect(own?.since.getTime()).toBeGreaterThanOrEqual(incident.startsAtMs - HOUR_MS);
    expect(own?.since.getTime()).toBeLessThan(incident.startsAtMs + (kind === 'growth' ? 2 : 1) * HOUR_MS);
    expect(own?.spentUsd).toBeGreaterThan(0);
    // Each kind of anomaly is told once.
    expect(new Set(alerts.map((alert) => alert.anomaly)).size).toBe(alerts.length);
  });

  it('names the dear model that has crept in', () => {
    expect(told.find(({ anomaly }) => anomaly === 'model')).toMatchObject({
      scope: 'feature=chat',
      unit: 'usd per million tokens',
      model: 'anthropic.claude-opus-4-1-20250805-v1:0',
    });
  });

  it('is wrong at most once', () => {
    const right = new Set(incidents.flatMap(within));
    expect(told.filter((alert) => !right.has(alert)).length).toBeLessThanOrEqual(1);
  });
});

describe('createAlerts', () => {
  it('says nothing of changes within a scope’s first day, and of none when told so', () => {
    const dear = aReceipt({ cost: Money.fromUsd(50) });
    const { alerts, told } = collecting();
    for (let minute = 0; minute < 20 * 60; minute += 1) {
      const startedAt = new Date(START_MS + minute * MINUTE_MS);
      alerts.write({ ...(minute > 600 ? dear : aReceipt()), startedAt });
    }
    expect(told).toEqual([]);
  });

  it("takes a model for dearer by the user's own prices, where they are given", () => {
    const toldWith = (options: Omit<AlertsOptions, 'channels'>): Alert[] => {
      const { alerts, told } = collecting({ minUsd: 0, ...options });
      for (let minute = 0; minute < 50 * 60; minute += 1) {
        const servedModel = `anthropic.claude-${minute < 48 * 60 ? 'haiku' : 'opus'}-5-5`;
        const startedAt = new Date(START_MS + minute * MINUTE_MS);
        // The calls cost the same: only the price of the model tells.
        alerts.write(aReceipt({ servedModel, startedAt }));
      }
      return told;
    };
    expect(toldWith({})).toMatchObject([{ anomaly: 'model', model: 'anthropic.claude-opus-5-5' }]);
    const usdPerMillion = { input: '0.1', output: '0.5' };
    const priceOverrides = ['haiku', 'opus'].map((name) => ({
      model: `anthropic.claude-${name}-5-5`,
      usdPerMillion,
    }));
    expect(toldWith({ priceOverrides })).toEqual([]);
  });

  it('tells a crossed threshold once, for each scope', async () => {
    const { alerts, told } = collecting({
      per: ['feature', 'tenant'],
      thresholds: [{ name: 'an expensive hour', metric: 'spendUsd', above: 1 }],
    });
    const write = (tenant: string, minute: number): void =>
      alerts.write(
        aReceipt({
          cost: Money.fromUsd('0.6'),
          startedAt: new Date(START_MS + minute * MINUTE_MS),
          tags: { feature: 'chat', tenant },
        }),
      );
    for (let minute = 0; minute < 10; minute += 1) write('acme', minute);
    for (let minute = 0; minute < 10; minute += 1) write('other', minute);
    expect(told).toMatchObject([
      { kind: 'threshold', scope: 'feature=chat, tenant=acme', limit: 1 },
      { kind: 'threshold', scope: 'feature=chat, tenant=other', limit: 1 },
    ]);
    expect(told.map(alertText)[0]).toBe(
      'costkit an expensive hour in feature=chat, tenant=acme: spendUsd is 1.2 within 60 minutes, above the limit of 1.',
    );
  });

  it('hands on what a meter tells, once while it lasts; a loop that has grown and the store that is back are news', () => {
    let nowMs = 0;
    const { alerts, told } = collecting({ clock: { now: () => nowMs, monotonicMs: () => nowMs } });
    const loop = { kind: 'loop', scope: 'all calls', trigger: 'spend', reason: 'r', stopped: false } as const;
    for (nowMs = 0; nowMs < HOUR_MS; nowMs += MINUTE_MS) alerts.deliver({ ...loop, timesTold: 1 });
    alerts.deliver({ ...loop, timesTold: 2 });
    alerts.deliver({ kind: 'store', scope: 'all', reachable: false, reason: 'gone' });
    alerts.deliver({ kind: 'store', scope: 'all', reachable: true, reason: 'back' });
    expect(told.map(({ kind }) => kind)).toEqual(['loop', 'loop', 'store', 'store']);
  });

  it('is a sink of a meter', async () => {
    const { alerts, told } = collecting({
      anomalies: false,
      thresholds: [{ name: 'any', metric: 'calls', above: 0 }],
    });
    const meter = createMeter({ sinks: [alerts], onAlert: alerts.deliver });
    meter.record(aReceipt());
    await meter.flush();
    expect(told).toMatchObject([{ kind: 'threshold', scope: 'all calls', observed: 1 }]);
  });

  it('tells the other channels when one fails or throws, and hears of it', async () => {
    const told: Alert[] = [];
    const failures: string[] = [];
    const alerts = createAlerts({
      thresholds: [{ name: 'any', metric: 'calls', above: 0 }],
      channels: [
        { name: 'rejects', send: () => Promise.reject(new Error('no')) },
        {
          name: 'throws',
          send: () => {
            throw new Error('no');
          },
        },
        callbackChannel((alert) => void told.push(alert)),
      ],
      onError: ({ channel }) => {
        failures.push(channel);
        throw new Error('the listener fails too');
      },
    });
    alerts.write(aReceipt());
    await alerts.flush();
    expect(told).toHaveLength(1);
    expect(failures.sort()).toEqual(['rejects', 'throws']);
  });

  it('holds a bounded number of deliveries when a channel hangs', async () => {
    const failures: string[] = [];
    const alerts = createAlerts({
      per: 'user',
      anomalies: false,
      thresholds: [{ name: 'any', metric: 'calls', above: 0 }],
      channels: [{ name: 'hangs', send: () => new Promise<void>(() => undefined) }],
      onError: ({ error }) => failures.push(String(error)),
    });
    for (let user = 0; user < 1_500; user += 1) alerts.write(aReceipt({ tags: { user: `${user}` } }));
    expect(failures).toHaveLength(500);
    expect(failures[0]).toContain('1000 alerts are on their way');
  });

  it('survives receipts out of order, from years ahead, and without price or usage', () => {
    const { alerts, told } = collecting();
    const at = (ms: number, fields: Partial<Receipt> = {}): void =>
      alerts.write(aReceipt({ ...fields, startedAt: new Date(ms) }));
    for (const ms of [START_MS, START_MS - HOUR_MS, START_MS + 20 * 365 * 24 * HOUR_MS, START_MS, 0]) at(ms);
    at(START_MS, { cost: undefined });
    at(START_MS, { usage: { ...aReceipt().usage, input: 0, cacheRead: 0 }, servedModel: 'nobody.knows-v1' });
    expect(told).toEqual([]);
  });

  it.each([
    [{ channels: [] }, 'channels'],
    [{}, 'channels'],
    [{ channels: [{}] }, 'channels'],
    [{ channels: [callbackChannel(() => undefined)], minUsd: -1 }, 'minUsd'],
    [{ channels: [callbackChannel(() => undefined)], timeZone: 'Mars' }, 'timeZone'],
    [{ channels: [callbackChannel(() => undefined)], threshold: [] }, 'threshold'],
    [{ channels: [callbackChannel(() => undefined)], per: [''] }, 'per'],
  ])('refuses %o', (options, name) => {
    expect(() => createAlerts(options as AlertsOptions)).toThrow(name);
  });
});
