import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../src/catalogue.js';
import { costOf, InvalidOptionError } from '../src/index.js';
import { priceOverridesOf } from '../src/overlay.js';
import { type PriceChange, type PriceRefresh, PriceSourceError, refreshPrices } from '../src/refresh.js';
import type { CatalogueModel } from '../src/types.js';
import { listOf } from './price-list/documents.js';
import { linesOf, linesOfModel, type SampleLine } from './price-list/offer-samples.js';

const modelOf = (id: string): CatalogueModel => CATALOGUE.get(id) as CatalogueModel;
const NOVA = modelOf('amazon.nova-lite-v1:0');
const MICRO = modelOf('amazon.nova-micro-v1:0');
const OPUS = modelOf('anthropic.claude-opus-5');
const SONNET_5_5 = modelOf('anthropic.claude-sonnet-5-5');
const ASTRA = modelOf('openai.gpt-6-astra');

const NO_TOKENS = {
  input: 0,
  output: 0,
  cacheRead: 0,
  cacheWrite5m: 0,
  cacheWrite1h: 0,
  cacheWrite30m: 0,
};

/** Prices multiplied, where `isHit` says so. */
function scaled(
  lines: readonly SampleLine[],
  factor: number,
  isHit: (line: SampleLine) => boolean = () => true,
): SampleLine[] {
  return lines.map((line) =>
    isHit(line) ? { ...line, usd: (Number(line.usd) * factor).toFixed(10) } : line,
  );
}

const refresh = (lines: readonly SampleLine[], options = {}): Promise<PriceRefresh> =>
  refreshPrices({ sources: [listOf(lines, { isComplete: false })], ...options });

describe('refreshPrices', () => {
  it('finds nothing where the list says what is known', async () => {
    for (const model of [NOVA, OPUS, SONNET_5_5, ASTRA]) {
      const lines = linesOfModel(model);
      const { changes, unknown, conflicts, lines: count } = await refresh(lines);
      expect(changes, model.id).toEqual([]);
      expect([unknown, conflicts]).toEqual([[], []]);
      expect(count).toEqual({ read: lines.length, understood: lines.length });
    }
  });

  it('takes a price that moved everywhere as one change, with old, new and percent', async () => {
    const { changes, overlay } = await refresh(scaled(linesOfModel(ASTRA), 0.8));
    expect(changes).toHaveLength(4);
    expect(changes[0]).toEqual({
      change: 'changed',
      model: 'openai.gpt-6-astra',
      scopes: ['global'],
      regions: [],
      tier: 'standard',
      rates: [
        { kind: 'input', before: '10', after: '8', percent: -20 },
        { kind: 'output', before: '50', after: '40', percent: -20 },
        { kind: 'cacheRead', before: '1', after: '0.8', percent: -20 },
        { kind: 'cacheWrite30m', before: '12.5', after: '10', percent: -20 },
      ],
      effectiveFrom: '2026-12-01',
      source: 'aws-list-2026-12-03',
      doubts: [],
      isTaken: true,
    });
    expect(changes[1]).toMatchObject({ scopes: ['global'], aboveTokens: 272_000 });
    expect(overlay.prices['openai.gpt-6-astra']?.[0]).toEqual({
      scopes: ['global'],
      tier: 'standard',
      usdPerMillion: { input: '8', output: '40', cacheRead: '0.8', cacheWrite30m: '10' },
      effectiveFrom: '2026-12-01',
      source: 'aws-list-2026-12-03',
      certainty: 'documented',
    });
    expect(overlay.sources).toEqual({
      'aws-list-2026-12-03': {
        date: '2026-12-03',
        what: expect.stringMatching(/^AWS Price List: AmazonBedrockFoundationModels us-east-1 and \d+ more$/),
      },
    });
  });

  it('follows the source Region where it decides', async () => {
    const lines = scaled(linesOfModel(NOVA), 1.1, ({ region }) => region === 'eu-south-1');
    const { changes } = await refresh(lines);
    expect(changes.map(({ scopes, regions }) => [scopes, regions])).toEqual([
      [['inRegion', 'geo:eu'], ['eu-south-1']],
    ]);
  });

  it('moves the row without a Region with the Regions that have no row of their own', async () => {
    const own = new Set(NOVA.prices.map(({ region }) => region));
    const shared = NOVA.pricedRegions?.filter((region) => !own.has(region)) ?? [];
    expect(shared).toContain('us-east-2');
    const lines = scaled(
      linesOfModel(NOVA),
      1.1,
      ({ region, usageType }) => shared.includes(region) && /(input|output)-tokens$/.test(usageType),
    );
    const { changes } = await refresh(lines);
    expect(changes.map(({ scopes, regions }) => [scopes, regions])).toEqual([[['inRegion', 'geo:us'], []]]);
    const oneOfThem = scaled(
      linesOfModel(NOVA),
      1.1,
      ({ region, usageType }) => region === 'us-east-2' && /(input|output)-tokens$/.test(usageType),
    );
    expect((await refresh(oneOfThem)).changes).toMatchObject([
      { scopes: ['inRegion', 'geo:us'], regions: ['us-east-2'] },
    ]);
  });

  it('does not take what one Region lists otherwise, of a model with one price', async () => {
    const odd = ({ region, usageType }: SampleLine): boolean =>
      region === 'eu-west-1' && /cache_read_tokens_global/.test(usageType);
    const { changes, overlay } = await refresh(scaled(linesOfModel(OPUS), 1.2, odd));
    expect(changes).toMatchObject([
      {
        change: 'changed',
        scopes: ['global'],
        regions: ['eu-west-1'],
        doubts: [expect.stringContaining('it differs from what other Regions list')],
        isTaken: false,
      },
    ]);
    expect(overlay.prices).toEqual({});
  });

  it.each<[string, number, RegExp]>([
    ['a slip of the unit', 1_000, /goes from \$5 to \$5000/],
    ['a doubling', 2, /goes from \$5 to \$10/],
    ['a halving', 0.5, /goes from \$5 to \$2.5/],
  ])('flags %s and takes it only when told to', async (_, factor, doubt) => {
    const lines = scaled(linesOfModel(OPUS), factor, ({ usageType }) => /global_standard/.test(usageType));
    const { changes, overlay } = await refresh(lines);
    expect(changes).toHaveLength(1);
    expect(changes[0]?.doubts.join('\n')).toMatch(doubt);
    expect([changes[0]?.isTaken, overlay.prices]).toEqual([false, {}]);
    const accepted = await refresh(lines, { accept: ['anthropic.claude-opus-5'] });
    expect(accepted.changes[0]?.isTaken).toBe(true);
    expect(Object.keys(accepted.overlay.prices)).toEqual(['anthropic.claude-opus-5']);
    const other = await refresh(lines, { accept: ['anthropic.claude-opus-5-5'] });
    expect(other.changes[0]?.isTaken).toBe(false);
  });

  it('flags a price that is unusual beside another one', async () => {
    const only =
      (pattern: RegExp) =>
      ({ usageType }: SampleLine): boolean =>
        pattern.test(usageType);
    const doubtsOf = async (model: CatalogueModel, factor: number, pattern: RegExp): Promise<string> =>
      (await refresh(scaled(linesOfModel(model), factor, only(pattern)))).changes
        .flatMap(({ doubts }) => doubts)
        .join('\n');
    expect(await doubtsOf(OPUS, 1.3, /cache_write_tokens_1h_global/)).toContain(
      'cacheWrite1h is an unusual multiple of input',
    );
    expect(await doubtsOf(OPUS, 1.45, /global_batch/)).toContain('input is an unusual multiple of standard');
    expect(await doubtsOf(OPUS, 1.25, /tokens(_1h|_5m)?_standard/)).toContain(
      'input is an unusual multiple of the price through global.',
    );
    expect(await doubtsOf(modelOf('qwen.qwen3-32b-v1:0'), 0.2, /^USE1.*output-tokens$/)).toContain(
      'output is an unusual multiple of input',
    );
  });

  it('does not know a free kind of token of a model that has none', async () => {
    const tokyo = { ...PLACE, region: 'ap-northeast-1' };
    const nova = await refresh(linesOf(NOVA, { input: 72_000, cacheWrite5m: 0 }, tokyo));
    expect(nova.changes).toMatchObject([{ change: 'added', doubts: [] }]);
    const qwen = modelOf('qwen.qwen3-32b-v1:0');
    const { changes } = await refresh([...linesOf(qwen, { cacheRead: 0 }, PLACE)]);
    expect(changes).toMatchObject([{ change: 'added', doubts: ['cacheRead is free'], isTaken: false }]);
  });

  it('adds what was not known: a tier, a Region, a kind of token', async () => {
    const lines = linesOf(NOVA, { input: 30_000, output: 120_000 }, { ...PLACE, tier: 'flex' });
    expect((await refresh(lines)).changes).toMatchObject([
      {
        change: 'added',
        scopes: ['inRegion', 'geo:us'],
        regions: ['us-east-1'],
        tier: 'flex',
        isTaken: true,
      },
    ]);
    const mexico = linesOf(NOVA, { input: 66_000 }, { ...PLACE, region: 'mx-central-1' });
    expect((await refresh(mexico)).changes).toMatchObject([
      {
        change: 'added',
        scopes: ['inRegion'],
        regions: ['mx-central-1'],
        rates: [{ kind: 'input', after: '0.066' }],
      },
    ]);
    const kind = linesOf(NOVA, { input: 72_000, cacheRead: 18_000 }, { ...PLACE, region: 'ap-northeast-1' });
    const [change] = (await refresh(kind)).changes;
    // What the list does not repeat is kept as long as the rest is as it was.
    expect(change).toMatchObject({
      change: 'added',
      rates: [{}, { kind: 'output', before: '0.288', after: '0.288' }, { kind: 'cacheRead', after: '0.018' }],
    });
  });

  it('does not keep an old rate beside a new one', async () => {
    const lines = linesOf(NOVA, { input: 61_000, output: 244_000 }, { ...PLACE, region: 'us-east-1' });
    const [change] = (await refresh(lines)).changes;
    expect(change?.doubts).toEqual(['cacheRead is no longer listed', 'cacheWrite5m is no longer listed']);
    expect(change?.isTaken).toBe(false);
  });

  it('dates a change to the day of publication where the list claims a day on which the old price was read', async () => {
    // Sonnet 5.5's cache reads were read at their price on 8 October; AWS dates everything to the first of the month.
    const lines = scaled(linesOfModel(SONNET_5_5), 0.9).map((line) => ({
      ...line,
      effectiveDate: '2026-10-01T00:00:00Z',
    }));
    const { changes } = await refreshPrices({
      sources: [listOf(lines, { isComplete: false, publicationDate: '2026-12-20T00:00:00Z' })],
    });
    expect(new Set(changes.map(({ effectiveFrom }) => effectiveFrom))).toEqual(new Set(['2026-12-20']));
  });

  it('flags a list that is older than what is known', async () => {
    const { changes } = await refreshPrices({
      sources: [
        listOf(scaled(linesOfModel(OPUS), 0.9), {
          isComplete: false,
          publicationDate: '2026-05-01T00:00:00Z',
        }),
      ],
    });
    for (const { doubts, isTaken } of changes) {
      expect(doubts[0]).toMatch(/^the list is older than what is known \(/);
      expect(isTaken).toBe(false);
    }
  });

  it('says what AWS lists no longer, when it has read every Region', async () => {
    const lines = [NOVA, MICRO, OPUS].flatMap(linesOfModel);
    const isHere = ({ model }: PriceChange): boolean => [NOVA.id, MICRO.id, OPUS.id].includes(model);
    const without = lines.filter(
      ({ usageType, region }) =>
        !(region === 'eu-central-1' && /NovaLite-(input|output)-tokens$/.test(usageType)) &&
        !/NovaMicro-.*-batch$/.test(usageType),
    );
    const { changes, overlay } = await refreshPrices({ sources: [listOf(without)] });
    const ended = changes.filter(isHere);
    expect(ended.map(({ model, scopes, regions, tier }) => [model, scopes, regions, tier])).toEqual([
      ['amazon.nova-lite-v1:0', ['inRegion', 'geo:eu'], ['eu-central-1'], 'standard'],
      ['amazon.nova-micro-v1:0', ['inRegion', 'geo:us'], [], 'batch'],
    ]);
    expect(ended.every(({ isTaken, doubts }) => !isTaken && doubts[0] === 'AWS lists it no longer')).toBe(
      true,
    );
    expect(overlay.prices['amazon.nova-lite-v1:0']).toBeUndefined();
    const accepted = await refreshPrices({ sources: [listOf(without)], accept: ['amazon.nova-lite-v1:0'] });
    expect(accepted.overlay.prices['amazon.nova-lite-v1:0']).toMatchObject([
      { regions: ['eu-central-1'], usdPerMillion: {}, unknownBecause: 'AWS lists it no longer' },
    ]);
    const partial = await refreshPrices({ sources: [listOf(without, { isComplete: false })] });
    expect(partial.changes.filter(isHere).map(({ model }) => model)).toEqual(['amazon.nova-lite-v1:0']);
  });

  it('goes on from an overlay: a second refresh changes nothing, a third adds a day', async () => {
    const lines = scaled(linesOfModel(ASTRA), 0.8);
    const first = await refresh(lines);
    const again = await refresh(lines, { overlay: first.overlay });
    expect(again.changes).toEqual([]);
    expect(again.overlay).toEqual(first.overlay);
    const later = await refreshPrices({
      sources: [listOf(scaled(lines, 0.9), { isComplete: false, publicationDate: '2026-12-17T00:00:00Z' })],
      overlay: first.overlay,
    });
    expect(later.changes[0]).toMatchObject({
      effectiveFrom: '2026-12-17',
      rates: [{ before: '8', after: '7.2' }, {}, {}, {}],
    });
    expect(later.overlay.prices['openai.gpt-6-astra']).toHaveLength(8);
  });

  it('confirms tiers of which every price is listed as known', async () => {
    const { overlay } = await refresh(linesOfModel(OPUS));
    expect(overlay.confirmed).toEqual({
      'anthropic.claude-opus-5': { standard: 'aws-list-2026-12-03', batch: 'aws-list-2026-12-03' },
    });
    const [override] = priceOverridesOf(overlay);
    expect(
      override?.published?.prices.every(({ confirmedBy }) => confirmedBy === 'aws-list-2026-12-03'),
    ).toBe(true);
    const part = await refresh(
      linesOfModel(OPUS).filter(({ usageType }) => !/_global_batch/.test(usageType)),
    );
    expect(part.overlay.confirmed).toEqual({
      'anthropic.claude-opus-5': { standard: 'aws-list-2026-12-03' },
    });
  });

  it('takes one of two endpoints, and neither of two prices', async () => {
    const qwen = modelOf('qwen.qwen3-32b-v1:0');
    const both = [
      ...linesOf(qwen, { input: 150_000, output: 600_000 }, PLACE, 'own'),
      ...linesOf(qwen, { input: 150_000, output: 600_000 }, PLACE, 'mantle'),
    ];
    expect(await refresh(both)).toMatchObject({ changes: [], conflicts: [] });
    const apart = [
      ...linesOf(qwen, { input: 150_000, output: 600_000 }, PLACE, 'own'),
      ...linesOf(qwen, { input: 160_000, output: 600_000 }, PLACE, 'mantle'),
    ];
    expect(await refresh(apart)).toMatchObject({ changes: [], conflicts: [] });
    const twice = [
      ...linesOf(qwen, { input: 150_000, output: 600_000 }, PLACE),
      ...linesOf(qwen, { input: 160_000 }, PLACE),
    ];
    expect(await refresh(twice)).toMatchObject({
      changes: [],
      conflicts: [
        {
          model: 'qwen.qwen3-32b-v1:0',
          what: 'input regional us-east-1 standard',
          usd: { 'USE1-Qwen332B-input-tokens': '0.16' },
        },
      ],
    });
    const newer = [
      ...linesOf(qwen, { input: 150_000, output: 600_000 }, PLACE),
      ...linesOf(qwen, { input: 160_000 }, PLACE).map((line) => ({
        ...line,
        effectiveDate: '2027-01-01T00:00:00Z',
      })),
    ];
    const { changes } = await refresh(newer);
    expect(changes).toMatchObject([{ effectiveFrom: '2027-01-01', rates: [{ after: '0.16' }, {}] }]);
  });

  it('asks from how many tokens on a long prompt is long', async () => {
    const sonnet = modelOf('anthropic.claude-sonnet-4-6');
    const place = { ...PLACE, longContext: true };
    const base = linesOf(sonnet, { input: 3_300_000 }, PLACE);
    const same = await refresh([...base, ...linesOf(sonnet, { input: 3_300_000 }, place)]);
    expect([same.changes, same.unknown]).toEqual([[], []]);
    const { unknown } = await refresh([...base, ...linesOf(sonnet, { input: 6_600_000 }, place)]);
    expect(unknown).toEqual([
      {
        reason: 'it is for long prompts, and from how many tokens on is not known',
        count: 1,
        usageTypes: ['USE1-MP:USE1_InputTokenCount_LCtx-Units'],
      },
    ]);
  });

  it('gives a cache write that names no lifetime the default of its model', async () => {
    const unnamed = linesOfModel(ASTRA).map((line) => ({
      ...line,
      usageType: line.usageType.replace('_30m', ''),
    }));
    expect((await refresh(unnamed)).changes).toEqual([]);
  });

  describe('of what is no token', () => {
    const SONIC = modelOf('amazon.nova-2-sonic-v1:0');
    const isSpeech = ({ usageType }: SampleLine): boolean => /-speech-/.test(usageType);
    const everywhere = ({ overlay }: PriceRefresh) =>
      overlay.prices[SONIC.id]?.filter(({ regions }) => regions === undefined) ?? [];

    it('finds nothing where the list says what is known of units', async () => {
      const models = [...CATALOGUE.values()].filter(({ prices }) => prices.some(({ units }) => units));
      expect(models.length).toBeGreaterThan(20);
      for (const model of models) {
        const { changes, unknown, passedOver, lines } = await refresh(linesOfModel(model));
        expect(changes, model.id).toEqual([]);
        expect([unknown, passedOver], model.id).toEqual([[], []]);
        expect(lines.understood).toBe(lines.read);
      }
    });

    it('takes a price of an image, a query or a second that moved, and prices calls by it', async () => {
      for (const [id, unit] of [
        ['stability.stable-image-core-v1:1', 'image'],
        ['cohere.rerank-v3-5:0', 'query'],
        ['luma.ray-v2:0', 'videoSecond720p'],
      ] as const) {
        const { overlay, changes } = await refresh(scaled(linesOfModel(modelOf(id)), 0.75));
        expect(changes).toMatchObject([{ change: 'changed', model: id, doubts: [], isTaken: true }]);
        expect(changes[0]?.rates).toContainEqual(expect.objectContaining({ kind: unit, percent: -25 }));
        const usage = { ...NO_TOKENS, units: { [unit]: 2 } };
        const query = { model: id, at: new Date('2026-12-24') };
        const newer = costOf(usage, { ...query, overrides: priceOverridesOf(overlay) });
        expect(newer.complete).toBe(true);
        expect(newer.total.usd).toBeCloseTo(costOf(usage, query).total.usd * 0.75, 9);
      }
    });

    it('moves tokens and units of one row together', async () => {
      const found = await refresh(scaled(linesOfModel(SONIC), 0.9));
      expect(everywhere(found).map(({ usdPerUnit, usdPerMillion }) => [usdPerUnit, usdPerMillion])).toEqual([
        [
          { speechInputToken: '0.0000027', speechOutputToken: '0.0000108' },
          { input: '0.297', output: '2.475' },
        ],
      ]);
    });

    it('keeps what the list does not have: units beside tokens that move, and tokens beside units', async () => {
      const tokens = await refresh(
        scaled(
          linesOfModel(SONIC).filter((line) => !isSpeech(line)),
          0.9,
        ),
      );
      expect(everywhere(tokens).map(({ usdPerUnit }) => usdPerUnit)).toEqual([SONIC.prices[0]?.units]);
      const units = await refresh(scaled(linesOfModel(SONIC).filter(isSpeech), 0.9));
      expect(everywhere(units).map(({ usdPerMillion }) => usdPerMillion)).toEqual([
        { input: '0.33', output: '2.75' },
      ]);
      expect(units.changes.flatMap(({ doubts }) => doubts)).toEqual([]);
    });

    it('asks about a slip of the unit, and takes it only when told so', async () => {
      const lines = scaled(linesOfModel(modelOf('amazon.rerank-v1:0')), 1_000);
      const { changes } = await refresh(lines);
      expect(changes).toMatchObject([{ doubts: ['query goes from $0.001 to $1'], isTaken: false }]);
      expect((await refresh(lines, { accept: ['amazon.rerank-v1:0'] })).changes).toMatchObject([
        { isTaken: true },
      ]);
    });

    it('does not choose between text-to-image and image-to-image where they differ', async () => {
      const canvas = linesOfModel(modelOf('amazon.nova-canvas-v1:0'));
      const others = canvas.map((line) => ({
        ...line,
        usageType: line.usageType.replace(/-[TI]2I-/, (word) => (word === '-T2I-' ? '-I2I-' : '-T2I-')),
      }));
      expect((await refresh([...canvas, ...others])).conflicts).toEqual([]);
      const { conflicts, changes } = await refresh([...canvas, ...scaled(others, 1.1)]);
      expect(changes).toEqual([]);
      expect(conflicts[0]).toMatchObject({
        what: expect.stringMatching(/^image(Standard|Premium)/),
        usd: expect.objectContaining({ 'USE1-NovaCanvas-T2I-1024-Standard': '0.04' }),
      });
    });

    it('lists what it passes over, by what it is', async () => {
      const [line] = linesOfModel(NOVA) as [SampleLine];
      const { passedOver, lines } = await refresh([
        ...linesOfModel(NOVA),
        { ...line, usageType: 'USE1-Guardrail-TopicPolicyUnitsConsumed', unit: 'TextUnit', attributes: {} },
        { ...line, usageType: 'USE1-NovaLite-ProvisionedThroughput-NoCommit-ModelUnits', unit: 'hour' },
      ]);
      expect(passedOver).toEqual([
        {
          reason: 'units of guardrails',
          count: 1,
          usageTypes: ['USE1-Guardrail-TopicPolicyUnitsConsumed'],
        },
        {
          reason: 'capacity',
          count: 1,
          usageTypes: ['USE1-NovaLite-ProvisionedThroughput-NoCommit-ModelUnits'],
        },
      ]);
      expect(lines.read - lines.understood).toBe(2);
    });
  });

  it('lists unknown lines by reason, with examples, and never guesses', async () => {
    const [line] = linesOfModel(NOVA) as [SampleLine];
    const strange = ['a', 'b', 'c', 'd'].map((word) => ({
      ...line,
      usageType: `USE1-NovaLite-input-tokens-${word}x`,
    }));
    const { unknown, changes } = await refresh([...linesOfModel(NOVA), ...strange]);
    expect(changes).toEqual([]);
    expect(unknown).toEqual([
      {
        reason: 'its usage type is in no known form',
        count: 4,
        usageTypes: ['ax', 'bx', 'cx'].map((word) => `USE1-NovaLite-input-tokens-${word}`),
      },
    ]);
  });

  it('learns a name from the caller', async () => {
    const lines = linesOfModel(OPUS).map((line) => ({
      ...line,
      attributes: { servicename: 'Claude Magnum' },
    }));
    await expect(refresh(lines)).rejects.toThrow(PriceSourceError);
    const { changes, unknown } = await refresh(lines, { names: { 'Claude Magnum': OPUS.id } });
    expect([changes, unknown]).toEqual([[], []]);
  });

  it('does not take an empty list for the end of all prices', async () => {
    await expect(refreshPrices({ sources: [listOf([])] })).rejects.toMatchObject({
      code: 'COSTKIT_PRICE_SOURCE_BROKEN',
    });
  });

  it('refuses options that name nothing', async () => {
    const sources = [listOf([])];
    await expect(refreshPrices({ sources, accept: ['us.amazon.nova-lite-v1:0'] })).rejects.toThrow(
      InvalidOptionError,
    );
    await expect(refreshPrices({ sources, names: { x: 'acme.nope' } })).rejects.toThrow('names["x"]');
    await expect(refreshPrices({ sources, acept: [] } as never)).rejects.toThrow('"acept" is unknown');
  });
});

const PLACE = { place: 'regional', region: 'us-east-1', tier: 'standard', longContext: false } as const;
