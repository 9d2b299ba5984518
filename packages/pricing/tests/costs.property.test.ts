import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bareModelId,
  costOf,
  listModels,
  Money,
  type PriceQuery,
  parseArn,
  resolveModel,
  type TokenKind,
  type Usage,
} from '../src/index.js';

const KINDS: readonly TokenKind[] = [
  'input',
  'output',
  'cacheRead',
  'cacheWrite5m',
  'cacheWrite1h',
  'cacheWrite30m',
];
const MODELS = listModels();
const REGIONS = [
  'us-east-1',
  'us-west-1',
  'eu-central-1',
  'eu-south-1',
  'ap-northeast-1',
  'us-gov-west-1',
  'af-south-1',
];

const tokens = fc.integer({ min: 0, max: 2_000_000 });
const usages: fc.Arbitrary<Usage> = fc.record(
  Object.fromEntries(KINDS.map((kind) => [kind, tokens])) as { [Kind in TokenKind]: fc.Arbitrary<number> },
);
const queries: fc.Arbitrary<PriceQuery> = fc
  .record({
    model: fc
      .constantFrom(...MODELS)
      .chain(({ id, profiles }) => fc.constantFrom(id, ...profiles.map((prefix) => `${prefix}.${id}`))),
    region: fc.option(fc.constantFrom(...REGIONS), { nil: undefined }),
    tier: fc.constantFrom('standard', 'flex', 'priority', 'latencyOptimized' as const),
    batch: fc.boolean(),
    at: fc.option(
      fc.date({ min: new Date('2025-01-01'), max: new Date('2027-01-01'), noInvalidDate: true }),
      { nil: undefined },
    ),
  })
  .map(({ region, at, ...query }) => ({
    ...query,
    ...(region === undefined ? {} : { region }),
    ...(at === undefined ? {} : { at }),
  })) as fc.Arbitrary<PriceQuery>;

const promptOf = (usage: Usage): number =>
  KINDS.filter((kind) => kind !== 'output').reduce((sum, kind) => sum + usage[kind], 0);

describe('costOf', () => {
  it('is the sum of its lines, never negative, and names each kind once: as a line or as missing', () => {
    fc.assert(
      fc.property(usages, queries, (usage, query) => {
        const cost = costOf(usage, query);
        expect(cost.total.picoUsd).toBe(Money.sum(cost.lines.map(({ amount }) => amount)).picoUsd);
        for (const line of cost.lines) {
          expect(line.amount.picoUsd).toBe(BigInt(line.count) * BigInt(line.picoUsdPerUnit));
          expect(line.amount.picoUsd).toBeGreaterThanOrEqual(0n);
        }
        const used = KINDS.filter((kind) => usage[kind] > 0);
        expect([...cost.lines.map(({ kind }) => kind), ...cost.missing].sort()).toEqual([...used].sort());
        expect(cost.complete).toBe(cost.missing.length === 0);
      }),
    );
  });

  it('is additive within a bracket: a call costs what its parts cost', () => {
    const small = fc.integer({ min: 0, max: 8_000 });
    const parts = fc.record(
      Object.fromEntries(KINDS.map((kind) => [kind, small])) as { [Kind in TokenKind]: fc.Arbitrary<number> },
    );
    fc.assert(
      fc.property(parts, parts, queries, (one, other, query) => {
        const both = Object.fromEntries(
          KINDS.map((kind) => [kind, one[kind] + other[kind]]),
        ) as unknown as Usage;
        const sum = costOf(one, query).total.plus(costOf(other, query).total);
        expect(costOf(both, query).total.picoUsd).toBe(sum.picoUsd);
      }),
    );
  });

  it('is monotone: more tokens of any kind never cost less, across brackets too', () => {
    fc.assert(
      fc.property(
        usages,
        fc.constantFrom(...KINDS),
        fc.integer({ min: 1, max: 400_000 }),
        queries,
        (usage, kind, more, query) => {
          const before = costOf(usage, query);
          const after = costOf({ ...usage, [kind]: usage[kind] + more }, query);
          if (before.complete && after.complete)
            expect(after.total.compare(before.total)).toBeGreaterThanOrEqual(0);
        },
      ),
    );
  });

  it('prices kinds apart: tokens of one kind never change the rate of another within a bracket', () => {
    fc.assert(
      fc.property(usages, queries, (usage, query) => {
        const whole = costOf(usage, query);
        for (const line of whole.lines) {
          const alone = {
            input: 0,
            output: 0,
            cacheRead: 0,
            cacheWrite5m: 0,
            cacheWrite1h: 0,
            cacheWrite30m: 0,
            [line.kind]: line.count,
          };
          // Only where the single kind stays in the same bracket.
          if (line.kind === 'output' || promptOf(usage) !== line.count) continue;
          expect(costOf(alone, query).lines[0]?.picoUsdPerUnit).toBe(line.picoUsdPerUnit);
        }
      }),
    );
  });

  it('scales exactly with a multiplier that leaves whole pico-dollars', () => {
    fc.assert(
      fc.property(usages, queries, (usage, query) => {
        const doubled = costOf(usage, { ...query, overrides: [{ model: '*', multiplier: '2' }] });
        expect(doubled.total.picoUsd).toBe(costOf(usage, query).total.picoUsd * 2n);
      }),
    );
  });
});

describe('resolveModel', () => {
  const account = fc.stringMatching(/^\d{12}$/);
  const partition = fc.constantFrom('aws', 'aws-us-gov', 'aws-cn');
  const region = fc.constantFrom(...REGIONS);

  it('finds its way back from every ARN of every model', () => {
    fc.assert(
      fc.property(fc.constantFrom(...MODELS), partition, region, (model, inPartition, inRegion) => {
        const resolved = resolveModel(`arn:${inPartition}:bedrock:${inRegion}::foundation-model/${model.id}`);
        expect(resolved?.model.id).toBe(model.id);
        expect(resolved?.region).toBe(inRegion);
      }),
    );
  });

  it('finds its way back from every profile of every model, bare or as an ARN', () => {
    for (const { id, profiles } of MODELS) {
      for (const prefix of profiles) {
        const profile = `${prefix}.${id}`;
        expect(bareModelId(profile)).toBe(id);
        const scope = resolveModel(profile)?.scope;
        fc.assert(
          fc.property(region, account, (inRegion, inAccount) => {
            const resolved = resolveModel(
              `arn:aws:bedrock:${inRegion}:${inAccount}:inference-profile/${profile}`,
            );
            expect([resolved?.model.id, resolved?.scope]).toEqual([id, scope]);
          }),
          { numRuns: 2 },
        );
      }
    }
  });

  it('never throws and never invents, whatever the text', () => {
    const noise = fc.oneof(
      fc.string(),
      fc.string().map((text) => `arn:aws:bedrock:${text}`),
      fc.constantFrom(...MODELS).chain(({ id }) => fc.string().map((text) => `${text}${id}`)),
    );
    fc.assert(
      fc.property(noise, (text) => {
        const resolved = resolveModel(text);
        if (resolved === undefined) return;
        expect(text.includes(resolved.model.id) || parseArn(text)?.reference === 'imported-model').toBe(true);
      }),
    );
  });
});

describe('Money', () => {
  const amounts = fc
    .bigInt({ min: -(10n ** 24n), max: 10n ** 24n })
    .map((picoUsd) => Money.fromPicoUsd(picoUsd));

  it('reads back what it writes', () => {
    fc.assert(
      fc.property(amounts, (amount) => {
        expect(Money.fromUsd(amount.toUsdString()).equals(amount)).toBe(true);
        expect(Money.fromUsd(JSON.parse(JSON.stringify(amount)) as string).equals(amount)).toBe(true);
      }),
    );
  });

  it('adds like whole numbers, in any order', () => {
    fc.assert(
      fc.property(fc.array(amounts), (list) => {
        const reversed = Money.sum([...list].reverse());
        expect(Money.sum(list).equals(reversed)).toBe(true);
        expect(list.reduce((sum, amount) => sum.plus(amount), Money.zero).equals(reversed)).toBe(true);
        expect(list.reduce((rest, amount) => rest.minus(amount), reversed).equals(Money.zero)).toBe(true);
      }),
    );
  });
});
