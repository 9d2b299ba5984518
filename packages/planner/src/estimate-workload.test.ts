import { describe, expect, it } from 'vitest';
import { estimateWorkload } from './estimate-workload.js';
import type { Workload, WorkloadTask } from './workload.js';

const CHAT: WorkloadTask = {
  name: 'chat',
  model: 'amazon.nova-lite-v1:0',
  requestsPerMonth: 1e6,
  inputTokens: 1_000,
  outputTokens: 200,
};
const SONNET: WorkloadTask = {
  ...CHAT,
  model: 'global.anthropic.claude-sonnet-4-5-20250929-v1:0',
  requestsPerMonth: 1_000,
  inputTokens: 10_000,
  outputTokens: 0,
};
const total = (...tasks: WorkloadTask[]): string => estimateWorkload({ tasks }).total.toUsdString();

describe('estimateWorkload', () => {
  it('multiplies requests, tokens and rates', () => {
    const estimate = estimateWorkload({ tasks: [CHAT] });
    expect(estimate.total.toUsdString()).toBe('108');
    expect(estimate).toMatchObject({ complete: true, missing: [] });
    expect(estimate.tasks[0]).toMatchObject({ name: 'chat', share: 1 });
    expect(estimate.tasks[0]?.costPerRequest?.toUsdString()).toBe('0.000108');
  });

  it('knows modes: half in batch is a quarter less', () => {
    expect(total({ ...CHAT, modes: { standard: 0.5, batch: 0.5 } })).toBe('81');
  });

  it('knows a cache that is in use: reads at their rate, misses at the rate of writes', () => {
    // 9 of 10 read 8,000 tokens at $0.30, one writes them at $3.75 (5m) or $6 (1h); 2,000 are never cached.
    expect(total({ ...SONNET, cachedPrefix: { tokens: 8_000, hitShare: 0.9 } })).toBe('11.16');
    expect(total({ ...SONNET, cachedPrefix: { tokens: 8_000, hitShare: 0.9, ttl: '1h' } })).toBe('12.96');
    expect(total({ ...SONNET, cachedPrefix: { tokens: 8_000, hitShare: 1 } })).toBe('8.4');
    expect(total({ ...SONNET, cachedPrefix: { tokens: 8_000, hitShare: 0 } })).toBe('36');
  });

  it('adds services', () => {
    const estimate = estimateWorkload({
      tasks: [CHAT],
      services: [{ name: 'vectors', usdPerMonth: '350.4' }],
    });
    expect(estimate.total.toUsdString()).toBe('458.4');
  });

  it('prices by Region and by day', () => {
    const inFrankfurt = estimateWorkload({
      tasks: [{ ...CHAT, model: 'amazon.nova-pro-v1:0' }],
      region: 'eu-central-1',
    });
    const inVirginia = estimateWorkload({
      tasks: [{ ...CHAT, model: 'amazon.nova-pro-v1:0' }],
      region: 'us-east-1',
    });
    expect(inFrankfurt.total.usd).toBeGreaterThan(inVirginia.total.usd);
  });

  it('says which price is unknown, and counts it in no amount', () => {
    const estimate = estimateWorkload({
      tasks: [CHAT, { ...CHAT, name: 'fast', modes: { flex: 1 }, model: 'amazon.nova-micro-v1:0' }],
    });
    expect(estimate.complete).toBe(false);
    expect(estimate.total.toUsdString()).toBe('108');
    expect(estimate.tasks[1]).toMatchObject({ cost: undefined, costPerRequest: undefined });
    expect(estimate.missing.join()).toContain('flex price of input of amazon.nova-micro-v1:0');
    expect(estimate.sensitivity.every(({ amount }) => amount === undefined)).toBe(true);
  });

  it('shows what half and double of each input would mean', () => {
    const { sensitivity } = estimateWorkload({ tasks: [CHAT] });
    expect(sensitivity.map(({ input, factor, amount }) => [input, factor, amount?.toUsdString()])).toEqual([
      ['requestsPerMonth', 0.5, '54'],
      ['requestsPerMonth', 2, '216'],
      ['inputTokens', 0.5, '78'],
      ['inputTokens', 2, '168'],
      ['outputTokens', 0.5, '84'],
      ['outputTokens', 2, '156'],
    ]);
  });

  it('survives JSON', () => {
    const workload: Workload = { tasks: [{ ...SONNET, cachedPrefix: { tokens: 8_000, hitShare: 0.9 } }] };
    const again = JSON.parse(JSON.stringify(workload)) as Workload;
    expect(estimateWorkload(again).total.equals(estimateWorkload(workload).total)).toBe(true);
    expect(JSON.parse(JSON.stringify(estimateWorkload(workload)))).toMatchObject({ total: '11.16' });
  });

  it('says that reserved capacity is paid elsewhere instead of calling it free', () => {
    const { total, assumptions } = estimateWorkload({ tasks: [{ ...SONNET, modes: { reserved: 1 } }] });
    expect(total.toUsdString()).toBe('0');
    expect(assumptions.map(({ what, value }) => `${what}: ${value}`).join()).toMatch(
      /reserved requests of chat: Reserved capacity is paid by the month.*List the capacity as a service/,
    );
  });

  it('costs nothing when nothing is sent, and knows no cost of a request then', () => {
    const estimate = estimateWorkload({ tasks: [{ ...CHAT, requestsPerMonth: 0 }] });
    expect(estimate.total.toUsdString()).toBe('0');
    expect(estimate.tasks[0]?.costPerRequest).toBeUndefined();
  });
});
