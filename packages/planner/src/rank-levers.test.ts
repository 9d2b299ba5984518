import { Money } from '@costkit/pricing';
import { describe, expect, it } from 'vitest';
import { PLAYBOOK_EXAMPLE } from './playbook-example.js';
import { rankLevers } from './rank-levers.js';
import type { TaskLevers, Workload, WorkloadTask } from './workload.js';

const CHAT: WorkloadTask = {
  name: 'chat',
  model: 'global.anthropic.claude-sonnet-4-5-20250929-v1:0',
  requestsPerMonth: 100_000,
  inputTokens: 4_000,
  outputTokens: 400,
};
const after = (levers: TaskLevers, task: Partial<WorkloadTask> = {}): string =>
  rankLevers({ tasks: [{ ...CHAT, ...task, levers }] }).after.toUsdString();

describe('rankLevers', () => {
  it('turns the $9,000 of the playbook into its $1,700, and shows how long $25,000 of credits last then', () => {
    const ranking = rankLevers(PLAYBOOK_EXAMPLE);
    expect(ranking.today.toUsdString()).toBe('9000');
    expect(Math.round(ranking.after.usd / 100) * 100).toBe(1_700);
    expect(Math.round(ranking.savedShare * 100)).toBe(81);
    expect(ranking.credits?.months?.toFixed(1)).toBe('14.7');
    expect(ranking.waterfall.map(({ lever }) => lever).at(-1)).toBe('credits');
    expect(ranking.cashAfterCredits.toUsdString()).toBe('0');
  });

  it('knows what each lever does to a request', () => {
    // $0.012 of input and $0.006 of output a request: $1,800.
    expect(after({})).toBe('1800');
    expect(after({ outputLimits: { savedShare: 0.5 } })).toBe('1500');
    expect(after({ batch: { share: 0.5 } })).toBe('1350');
    expect(after({ caching: { prefixTokens: 3_000, hitShare: 1 } })).toBe('990');
    expect(after({ context: { inputTokens: 1_000, usdPerMonth: 100 } })).toBe('1000');
    expect(after({ provisioned: { share: 0.5, usdPerMonth: 400 } })).toBe('1300');
    expect(after({ routing: { model: 'global.anthropic.claude-haiku-4-5-20251001-v1:0', share: 0.5 } })).toBe(
      '1200',
    );
    expect(
      after({
        distillation: {
          model: 'global.anthropic.claude-haiku-4-5-20251001-v1:0',
          share: 0.5,
          usdPerMonth: 50,
        },
      }),
    ).toBe('1250');
  });

  it('takes no cache along to a model that would not keep the prefix', () => {
    const haiku = { routing: { model: 'global.anthropic.claude-haiku-4-5-20251001-v1:0', share: 1 } };
    const cached = (tokens: number, ttl: '5m' | '1h' = '5m'): Partial<WorkloadTask> => ({
      inputTokens: 6_000,
      cachedPrefix: { tokens, hitShare: 1, ttl },
    });
    // Haiku 4.5 caches from 4,096 tokens: 6,000 and 400 tokens at $1 and $5, of which 5,000 are read at $0.10.
    expect(after(haiku, cached(2_000))).toBe('800');
    expect(after(haiku, cached(5_000))).toBe('350');
    // Nova knows no hour: all is plain input, at $0.06 and $0.24.
    expect(after({ routing: { model: 'amazon.nova-lite-v1:0', share: 1 } }, cached(5_000, '1h'))).toBe(
      '45.6',
    );
  });

  it('keeps no cache where retrieval leaves too little of the prefix', () => {
    const task = { cachedPrefix: { tokens: 3_000, hitShare: 1 } };
    // Sonnet 4.5 caches from 1,024: of 3,000 cached tokens 1,200 stay in the cache, but 800 are plain input and $1,140.
    expect(after({ context: { inputTokens: 2_200 } }, task)).toBe('936');
    expect(after({ context: { inputTokens: 1_800 } }, task)).toBe('990');
  });

  it('uses no lever where it costs', () => {
    expect(after({ provisioned: { share: 1, usdPerMonth: 50_000 } })).toBe('1800');
    expect(after({ caching: { prefixTokens: 3_000, hitShare: 0 } })).toBe('1800');
    expect(after({ routing: { model: 'anthropic.claude-opus-4-1-20250805-v1:0', share: 1 } })).toBe('1800');
    const [lever] = rankLevers({
      tasks: [{ ...CHAT, levers: { provisioned: { share: 1, usdPerMonth: 50_000 } } }],
    }).levers.filter((one) => one.lever === 'provisioned');
    expect(lever).toMatchObject({ verdict: 'does not pay' });
    expect(lever?.alone?.toUsdString()).toBe('0');
  });

  it('weighs batch against a warm cache: what reads the cache for less than half is not batched', () => {
    const caching = { prefixTokens: 3_900, hitShare: 1 };
    const short = { outputTokens: 1 };
    expect(after({ caching, batch: { share: 1 } }, short)).toBe(after({ caching }, short));
    expect(Number(after({ batch: { share: 1 } }, short))).toBeGreaterThan(Number(after({ caching }, short)));
  });

  it('takes what a shorter context drops from the cached prefix', () => {
    const caching = { prefixTokens: 3_000, hitShare: 1 };
    // 1,000 tokens stay, all behind the prefix: nothing is left to cache.
    expect(after({ caching, context: { inputTokens: 1_000 } })).toBe('900');
  });

  it('finds cache hits from arrivals, and fewer of them after routing', () => {
    const few = { requestsPerMonth: 730 };
    const caching = { prefixTokens: 3_000 };
    const alone = rankLevers({ tasks: [{ ...CHAT, ...few, levers: { caching } }] });
    expect(alone.after.compare(alone.today)).toBe(-1);
    expect(after({ caching: { ...caching, prefixes: 1_000 } }, few)).toBe(alone.today.toUsdString());
  });

  it('puts measuring first, then dollars against effort, and what is unknown last', () => {
    const ranking = rankLevers({
      tasks: [
        {
          ...CHAT,
          levers: {
            batch: { share: 0.3, evidence: 'nightly job' },
            outputLimits: { savedShare: { low: 0.1, expected: 0.3, high: 0.5 } },
          },
        },
      ],
    });
    expect(ranking.levers.map(({ lever }) => lever)).toEqual([
      'metering',
      'outputLimits',
      'batch',
      'routing',
      'caching',
      'provisioned',
      'context',
      'embeddings',
      'credits',
    ]);
    expect(ranking.levers.map(({ rank }) => rank)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(ranking.levers[1]?.interval?.low.toUsdString()).toBe('60');
    expect(ranking.levers[1]?.interval?.high.toUsdString()).toBe('300');
    expect(ranking.levers[2]?.evidence).toEqual(['nightly job']);
    expect(ranking.levers[3]).toMatchObject({ verdict: 'unknown', alone: undefined, added: undefined });
  });

  it('lets a smaller saving of little effort come before a larger one of much', () => {
    const order = (effort: 'low' | 'high') =>
      rankLevers({
        tasks: [{ ...CHAT, levers: { batch: { share: 0.4, effort }, outputLimits: { savedShare: 0.5 } } }],
      })
        .levers.slice(1, 3)
        .map(({ lever }) => lever);
    expect(order('low')).toEqual(['batch', 'outputLimits']);
    expect(order('high')).toEqual(['outputLimits', 'batch']);
  });

  it('counts what two levers both save once', () => {
    const levers: TaskLevers = { batch: { share: 1 }, outputLimits: { savedShare: 0.5 } };
    const ranking = rankLevers({ tasks: [{ ...CHAT, levers }] });
    const added = Money.sum(
      ranking.levers.flatMap((lever) => (lever.added === undefined ? [] : [lever.added])),
    );
    expect(added.equals(ranking.saved)).toBe(true);
    expect(ranking.saved.toUsdString()).toBe('1050');
    // Alone: $900 by batch and $300 by shorter answers.
    expect(ranking.overlap.toUsdString()).toBe('150');
  });

  it('says when others save already what a lever would save alone', () => {
    // Everything goes to a batch of half the price, and a batch reads no cache.
    const levers: TaskLevers = {
      batch: { share: 1, effort: 'low' },
      caching: { prefixTokens: 2_000, hitShare: 1, effort: 'high' },
    };
    const { levers: ranked } = rankLevers({ tasks: [{ ...CHAT, levers }] });
    const caching = ranked.find(({ lever }) => lever === 'caching');
    expect(caching).toMatchObject({ verdict: 'covered' });
    expect(caching?.alone?.toUsdString()).toBe('540');
    expect(caching?.added?.toUsdString()).toBe('0');
  });

  it('knows levers of the whole bill', () => {
    const workload: Workload = {
      tasks: [CHAT],
      services: [{ name: 'vectors', usdPerMonth: 200 }],
      levers: {
        metering: { wasteShare: 0.1 },
        embeddings: { service: 'vectors', savedShare: 0.5 },
        credits: { pools: [{ name: 'POC', usd: 1_200, eligible: ['Bedrock'] }], horizonMonths: 12 },
      },
    };
    const ranking = rankLevers(workload);
    expect(ranking.today.toUsdString()).toBe('2000');
    expect(ranking.after.toUsdString()).toBe('1720');
    expect(ranking.cashAfterCredits.toUsdString()).toBe('1620');
    expect(ranking.levers.find(({ lever }) => lever === 'credits')?.added?.toUsdString()).toBe('100');
  });

  it('takes no more off a growing bill by credits than there is of it', () => {
    const cashOf = (usd: number, growthPerMonth: number): string =>
      rankLevers({
        tasks: [CHAT],
        levers: { credits: { pools: [{ name: 'all', usd }], growthPerMonth } },
      }).cashAfterCredits.toUsdString();
    for (const growth of [0, 0.2, 1]) expect(cashOf(100_000_000, growth)).toBe('0');
    // 1,800 a month that doubles: 1,800 × 4,095 in a year, of which a tenth is paid.
    expect(Number(cashOf(180 * 4_095, 1))).toBeCloseTo(1_800 - 180, 9);
    expect(Number(cashOf(180 * 12, 0))).toBe(1_800 - 180);
  });

  it('calls a lever unknown, not useless, whose price is unknown', () => {
    const routing = { model: 'us.amazon.nova-lite-v1:0', share: 1 };
    const ranking = rankLevers({ region: 'cn-north-1', tasks: [{ ...CHAT, levers: { routing } }] });
    expect(ranking.unpriced).toEqual([]);
    expect(ranking.levers.find(({ lever }) => lever === 'routing')).toMatchObject({
      verdict: 'unknown',
      added: undefined,
    });
    expect(ranking.missing.join()).toContain('us.amazon.nova-lite-v1:0 in cn-north-1');
  });

  it('leaves tasks without a price out, and names them', () => {
    const ranking = rankLevers({
      tasks: [CHAT, { ...CHAT, name: 'fast', modes: { priority: 1 }, levers: { batch: { share: 1 } } }],
    });
    expect(ranking.unpriced).toEqual(['fast']);
    expect(ranking.today.toUsdString()).toBe('1800');
    expect(ranking.saved.toUsdString()).toBe('0');
    expect(ranking.missing.length).toBeGreaterThan(0);
  });
});
