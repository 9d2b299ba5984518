import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkData, unexplained } from '../scripts/check-data.js';
import { generate, readExceptions, readProviders, readSources } from '../scripts/generate.js';
import { packCatalogue } from '../scripts/pack.js';
import type { PriceEntry, ProviderFile } from '../scripts/provider-file.js';
import { CATALOGUE } from '../src/catalogue.js';

const SOURCES = readSources();

/** The provider files with one change, on a copy. */
function planted(
  id: string,
  change: (model: Record<string, unknown>, prices: Record<string, unknown>[]) => void,
): ProviderFile[] {
  const providers = structuredClone(readProviders());
  const model = providers.flatMap(({ models }) => models).find((candidate) => candidate.id === id);
  if (model === undefined) throw new Error(`no ${id}`);
  change(model as unknown as Record<string, unknown>, model.prices as unknown as Record<string, unknown>[]);
  return providers;
}

const problems = (providers: readonly ProviderFile[]): string[] =>
  unexplained(checkData(providers, SOURCES), readExceptions()).findings.map(({ check }) => check);

describe('generate', () => {
  it('has been run: the generated files are what the data say', () => {
    const files = generate();
    expect(files.map(({ url }) => url.pathname.split('/').at(-1))).toEqual([
      'catalogue.generated.ts',
      'names.generated.ts',
      'capacity.generated.ts',
      'refusals.generated.ts',
    ]);
    for (const { url, text } of files) expect(readFileSync(url, 'utf8')).toBe(text);
  });

  it('finds the data in order, with no exception to spare', () => {
    const { findings, stale } = unexplained(checkData(readProviders(), SOURCES), readExceptions());
    expect(findings).toEqual([]);
    expect(stale).toEqual([]);
  });

  it('reads back every rate as it is written in the provider files', () => {
    let compared = 0;
    for (const { models } of readProviders()) {
      for (const { id, prices } of models) {
        const rows = CATALOGUE.get(id)?.prices ?? [];
        for (const { scopes, tier, usdPerMillion, regions, columns, aboveTokens, effectiveFrom } of prices) {
          for (const [region, numbers] of Object.entries(regions ?? { '': undefined })) {
            const written =
              numbers === undefined
                ? usdPerMillion
                : Object.fromEntries((columns ?? []).map((kind, index) => [kind, numbers.split(' ')[index]]));
            for (const scope of scopes) {
              const row = rows.find(
                (candidate) =>
                  candidate.scope === scope &&
                  candidate.tier === tier &&
                  (candidate.region ?? '') === region &&
                  candidate.aboveTokens === aboveTokens &&
                  (candidate.effectiveFrom ?? 'launch') === effectiveFrom,
              );
              const expected = Object.fromEntries(
                Object.entries(written ?? {}).map(([kind, usd]) => [kind, Math.round(Number(usd) * 1e6)]),
              );
              expect(row?.rates, `${id} ${scope} ${region} ${tier}`).toEqual(expected);
              compared += 1;
            }
          }
        }
      }
    }
    expect(compared).toBeGreaterThan(1_000);
  });

  it('packs to a text that names its own state', () => {
    const text = packCatalogue(readProviders(), SOURCES);
    const changed = packCatalogue(
      planted('amazon.nova-lite-v1:0', (model) => Object.assign(model, { name: 'Nova Light' })),
      SOURCES,
    );
    const versionOf = (generated: string): string | undefined =>
      /PRICE_VERSION: string = '([^']+)'/.exec(generated)?.[1];
    expect(versionOf(text)).not.toBe(versionOf(changed));
  });

  it.each<[string, (model: Record<string, unknown>, prices: Record<string, unknown>[]) => void, RegExp]>([
    ['an unknown family', (model) => Object.assign(model, { family: 'nova-9' }), /family "nova-9"/],
    [
      'an unknown Region',
      (_, prices) =>
        Object.assign(prices.at(-2) ?? {}, {
          regions: { 'mars-north-1': '1 2' },
          columns: ['input', 'output'],
        }),
      /mars-north-1/,
    ],
    [
      'a source that is not listed',
      (_, prices) => Object.assign(prices[0] ?? {}, { source: 'hearsay' }),
      /hearsay/,
    ],
    [
      'a scope without a letter',
      (_, prices) => Object.assign(prices[0] ?? {}, { scopes: ['geo:mars'] }),
      /geo:mars/,
    ],
    [
      'columns that do not fit',
      (_, prices) =>
        Object.assign(prices[0] ?? {}, { regions: { 'eu-west-1': '1 2 3' }, columns: ['input'] }),
      /does not fit/,
    ],
  ])('refuses to pack %s', (_, change, message) => {
    expect(() => packCatalogue(planted('amazon.nova-lite-v1:0', change), SOURCES)).toThrow(message);
  });
});

describe('checkData', () => {
  const rates = (entry: Record<string, unknown> | undefined, usd: Record<string, string>): void => {
    Object.assign((entry as unknown as PriceEntry | undefined)?.usdPerMillion ?? {}, usd);
  };
  const opus = 'anthropic.claude-opus-4-6-v1';

  it.each<
    [string, string, (model: Record<string, unknown>, prices: Record<string, unknown>[]) => void, string]
  >([
    [
      'a 1-hour write at the 5-minute rate',
      opus,
      (_, prices) => rates(prices[0], { cacheWrite1h: '6.25' }),
      'cacheWrite1h is 2 x input',
    ],
    [
      'a 5-minute write at the input rate',
      opus,
      (_, prices) => rates(prices[0], { cacheWrite5m: '5' }),
      'cacheWrite5m is 1.25 x input',
    ],
    [
      'a read at half the input rate',
      opus,
      (_, prices) => rates(prices[0], { cacheRead: '2.5' }),
      'cacheRead is at most 0.25 x input',
    ],
    [
      'a geographic rate without its surcharge',
      opus,
      (_, prices) =>
        rates(
          prices.find(({ scopes }) => String(scopes).includes('geo:us')),
          { output: '26' },
        ),
      'geo and in-region are 1 or 1.1 x global, GovCloud 1.2 x',
    ],
    [
      'a batch rate that is the standard rate',
      opus,
      (_, prices) =>
        rates(
          prices.find(({ tier }) => tier === 'batch'),
          { input: '5' },
        ),
      'batch is 0.5 x standard',
    ],
    [
      'dollars per 1,000 tokens',
      'deepseek.r1-v1:0',
      (_, prices) => rates(prices[0], { input: '0.00135' }),
      'rates are plausible',
    ],
    ['cents', 'deepseek.r1-v1:0', (_, prices) => rates(prices[0], { output: '540' }), 'rates are plausible'],
    [
      'input and output exchanged',
      'deepseek.r1-v1:0',
      (_, prices) => rates(prices[0], { input: '5.4', output: '1.35' }),
      'output is at least input',
    ],
    [
      'text that is no number',
      'deepseek.r1-v1:0',
      (_, prices) => rates(prices[0], { input: '1,35' }),
      'rates are decimal text with at most 6 decimals',
    ],
    [
      'a threshold in thousands',
      'openai.gpt-5.6-luna',
      (_, prices) =>
        Object.assign(prices.find(({ aboveTokens }) => aboveTokens !== undefined) ?? {}, {
          aboveTokens: 272,
        }),
      'thresholds are known ones',
    ],
    [
      'a bracket that forgets the cache',
      'openai.gpt-5.6-luna',
      (_, prices) =>
        rates(
          prices.find(({ aboveTokens }) => aboveTokens !== undefined),
          { cacheRead: '0.02' },
        ),
      'a bracket multiplies every prompt rate alike, at least by 2',
    ],
    [
      'the same row twice',
      opus,
      (_, prices) => prices.push(structuredClone(prices[0] ?? {})),
      'one row per scope, Region, tier, bracket and date',
    ],
    [
      'a date that is none',
      opus,
      (_, prices) => Object.assign(prices[0] ?? {}, { effectiveFrom: 'soon' }),
      'dates are ISO dates',
    ],
    [
      'certainty that the source does not give',
      opus,
      (_, prices) => Object.assign(prices[0] ?? {}, { source: 'litellm-2026-08-01' }),
      'certainty follows from the source, or is assumed',
    ],
    [
      'rates left out without a word',
      opus,
      (_, prices) => Object.assign(prices[0] ?? {}, { usdPerMillion: {} }),
      'empty rates have a reason',
    ],
    [
      'a profile without a price',
      opus,
      (model) => Object.assign(model, { profiles: ['jp'] }),
      'every profile has a price',
    ],
    [
      'a cache without cache prices',
      'deepseek.r1-v1:0',
      (model) => Object.assign(model, { capabilities: { cache: { ttls: ['5m'] } } }),
      'a model that caches has cache prices',
    ],
    [
      'cache prices without a cache',
      opus,
      (model) => Object.assign(model, { capabilities: { cache: null } }),
      'cache prices say that the model caches',
    ],
    [
      'batch without a batch price',
      'deepseek.r1-v1:0',
      (model) => Object.assign(model, { capabilities: { batch: true } }),
      'a model with batch has a batch price',
    ],
    [
      'a batch price without batch',
      opus,
      (model) => Object.assign(model, { capabilities: { batch: false } }),
      'a batch price says that the model has batch',
    ],
    [
      'flex without a flex price',
      opus,
      (model) => Object.assign(model, { capabilities: { tiers: ['flex'] } }),
      'a tier that the model takes has a price',
    ],
    [
      'a listed tier that is off',
      'amazon.nova-pro-v1:0',
      (model) => Object.assign(model, { capabilities: { tiers: [] } }),
      'a listed tier is one that the model takes',
    ],
    [
      'a Region at ten times the price',
      'qwen.qwen3-32b-v1:0',
      (_, prices) =>
        Object.assign(
          (prices.find(({ regions }) => regions !== undefined)?.['regions'] as object | undefined) ?? {},
          { 'eu-west-1': '1.8 7' },
        ),
      'a Region is 0.8 to 2 x the base Region',
    ],
    [
      'an id with a space',
      'deepseek.r1-v1:0',
      (model) => Object.assign(model, { id: 'deepseek r1' }),
      'ids look like ids',
    ],
    [
      'an id that another model has',
      'deepseek.r1-v1:0',
      (model) => Object.assign(model, { id: 'deepseek.v3.2' }),
      'ids are unique',
    ],
    [
      'a unit price of a hundred dollars',
      'amazon.nova-canvas-v1:0',
      (_, prices) => Object.assign(prices[0] ?? {}, { usdPerUnit: { image: '100' } }),
      'units are plausible',
    ],
  ])('catches %s', (_, id, change, check) => {
    expect(problems(planted(id, change))).toContain(check);
  });

  it('lets no exception outlive its reason', () => {
    const exceptions = [
      ...readExceptions(),
      { model: opus, check: 'batch is 0.5 x standard', where: '', reason: 'planted' },
    ];
    expect(unexplained(checkData(readProviders(), SOURCES), exceptions).stale).toHaveLength(1);
  });
});
