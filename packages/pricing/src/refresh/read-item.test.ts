import { describe, expect, it } from 'vitest';
import { modelNames } from './model-names.js';
import type { PriceDocument, PriceItem } from './price-source.js';
import { readItem } from './read-item.js';

const NAMES = modelNames();
const FILE: PriceDocument = {
  title: 'AmazonBedrock us-east-1',
  source: 'aws-list',
  offer: 'AmazonBedrock',
  region: 'us-east-1',
  publishedOn: '2026-12-03',
  items: [],
};
const CARD: PriceDocument = {
  title: 'rate card',
  source: 'aws-agreement',
  offer: 'agreement',
  model: 'anthropic.claude-opus-5',
  publishedOn: '2026-12-03',
  items: [],
};
const NOVA: PriceItem = {
  usageType: 'USE1-NovaLite-input-tokens',
  attributes: { model: 'Nova Lite', regioncode: 'us-east-1', feature: 'On-demand Inference' },
  unit: '1K tokens',
  usd: '0.0000600000',
  effectiveOn: '2026-12-01',
};
const read = (item: Partial<PriceItem> & { attributes?: Record<string, string> }, document = FILE) =>
  readItem({ ...NOVA, ...item, attributes: { ...NOVA.attributes, ...item.attributes } }, document, NAMES);

describe('readItem', () => {
  it('understands a line', () => {
    expect(read({})).toEqual({
      rate: {
        model: 'amazon.nova-lite-v1:0',
        place: 'regional',
        region: 'us-east-1',
        tier: 'standard',
        longContext: false,
        counts: 'input',
        picoUsd: 60_000,
        mantle: false,
        usageType: 'USE1-NovaLite-input-tokens',
        effectiveOn: '2026-12-01',
      },
    });
  });

  it('takes a published zero for a price', () => {
    const item = { usageType: 'USE1-NovaLite-cache-write-input-token-count', usd: '0.0000000000' };
    expect(read(item)).toMatchObject({ rate: { counts: 'cacheWrite', picoUsd: 0 } });
  });

  it('takes the Region from the product, else from the file, else from the code in front', () => {
    const { region: _, ...all } = FILE;
    const elsewhere = { usageType: 'APS3-NovaLite-input-tokens', attributes: { regioncode: 'ap-south-1' } };
    expect(read(elsewhere, all)).toMatchObject({ rate: { region: 'ap-south-1' } });
    const { regioncode: __, ...attributes } = NOVA.attributes;
    expect(readItem({ ...NOVA, attributes }, FILE, NAMES)).toMatchObject({ rate: { region: 'us-east-1' } });
    const ireland = { ...NOVA, attributes, usageType: 'EU-NovaLite-input-tokens' };
    expect(readItem(ireland, all, NAMES)).toMatchObject({ rate: { region: 'eu-west-1' } });
    expect(readItem({ ...ireland, usageType: 'ZZ9-NovaLite-input-tokens' }, all, NAMES)).toEqual({
      unknown: 'the Region behind "ZZ9" is not known',
    });
  });

  it('knows what is not priced by the token of a text', () => {
    for (const item of [
      { usageType: 'USE1-NovaCanvas-T2I-1024-Standard', unit: 'image' },
      { usageType: 'USW2-AmazonRerank-v1-searchunits', unit: 'Search Units' },
      { usageType: 'USE1-NovaLite-ProvisionedThroughput-NoCommit-ModelUnits', unit: 'hour' },
      { usageType: 'USE1-MP:USE1_Reserved_1Month_InputTPM_Geo-Units', unit: '1M TPM Hour' },
      { usageType: 'USE1-MP:USE1_Created_image-Units', unit: 'Units' },
      { usageType: 'USE1-NovaPro-Customization-Training', unit: '1K tokens' },
      { usageType: 'USE1-Nova2.0Pro-input-image-token-count', unit: '1K tokens' },
      { usageType: 'USE1-NovaSonic-speech-understanding-input-token', unit: '1K tokens' },
      { usageType: 'USE1-Nova2.0Omni-input-audio-token-count', unit: '1K tokens' },
    ])
      expect(read(item), item.usageType).toEqual({ other: true });
  });

  it('counts the text of a model of images', () => {
    const { model: _, ...attributes } = NOVA.attributes;
    const item = {
      ...NOVA,
      usageType: 'USE1-TitanEmbeddingsG1-Image-input-tokens',
      attributes: { ...attributes, titanmodel: 'Titan Embeddings G1 Image' },
    };
    expect(readItem(item, FILE, NAMES)).toMatchObject({ rate: { model: 'amazon.titan-embed-image-v1' } });
  });

  it('lists what it does not understand, with a reason', () => {
    const cases: [Parameters<typeof read>[0], string][] = [
      [{ usageType: 'USE1-NovaLite-input-tokens-turbo' }, 'its usage type is in no known form'],
      [
        { attributes: { model: 'Nova Ultra' }, usageType: 'USE1-NovaUltra-input-tokens' },
        'no model of the catalogue is called "Nova Ultra"',
      ],
      [{ attributes: { servicetier: 'flex' } }, 'its attributes and its usage type name two tiers'],
      [{ attributes: { feature: 'Batch Inference' } }, 'its attributes and its usage type name two tiers'],
      [{ attributes: { servicetier: 'ultrafast' } }, 'its attributes and its usage type name two tiers'],
      [{ isTiered: true }, 'its price depends on the volume used'],
      [{ attributes: { regioncode: 'us-west-2' } }, 'it is of us-west-2, in the file of us-east-1'],
      [
        { usd: '0.00000000001' },
        '"0.00000000001" per "1K tokens" is no whole number of pico-dollars per token',
      ],
    ];
    for (const [item, reason] of cases) expect(read(item), reason).toEqual({ unknown: reason });
  });

  it('leaves prices in other currencies and other products of a feature alone', () => {
    const { usd: _, ...item } = NOVA;
    expect(readItem(item, FILE, NAMES)).toEqual({ other: true });
    expect(read({ attributes: { feature: 'Custom Model Import' } })).toEqual({ other: true });
  });

  it("prices a customised model by the offer's own line", () => {
    const item = {
      usageType: 'USE1-NovaLite-input-tokens-custom-model',
      attributes: { feature: 'Model Customization' },
    };
    expect(read(item)).toMatchObject({ rate: { place: 'custom' } });
  });

  it('reads a rate card, whose model is known and whose Units are a million tokens', () => {
    const item = {
      ...NOVA,
      attributes: {},
      usageType: 'input_tokens_global_standard',
      unit: 'Units',
      usd: '5',
    };
    expect(readItem(item, CARD, NAMES)).toMatchObject({
      rate: { model: 'anthropic.claude-opus-5', place: 'global', picoUsd: 5_000_000 },
    });
    expect(readItem(item, CARD, NAMES)).not.toHaveProperty('rate.region');
    expect(readItem({ ...item, usageType: 'UGE1_input_tokens_standard' }, CARD, NAMES)).toMatchObject({
      rate: { region: 'us-gov-east-1' },
    });
  });
});
