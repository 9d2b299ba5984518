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

  it.each([
    ['USE1-NovaLite-ProvisionedThroughput-NoCommit-ModelUnits', 'hour', 'capacity'],
    ['USE1-MP:USE1_Reserved_1Month_InputTPM_Geo-Units', '1M TPM Hour', 'capacity'],
    ['USE1-NovaPro-Customization-Training', '1K tokens', 'customisation and storage'],
    ['USE1-NovaCanvas-Custom-T2I-1024-Standard', 'image', 'customisation and storage'],
    ['USE1-Guardrail-ContentPolicyUnitsConsumed', 'TextUnit', 'units of guardrails'],
    ['USE1-Guardrail-ContentPolicyImageUnitsConsumed', 'Images Processed', 'units of guardrails'],
    ['USE1-DataAutomation-Standard-ImagesProcessed', 'Images Processed', 'services around models'],
    ['USE1-Nova2.0Lite-nova-grounding', 'Requests', 'services around models'],
    ['USE1-NovaLite-something-new', 'Walls', 'prices for "Walls"'],
  ])('passes over what the catalogue has no place for: %s', (usageType, unit, what) => {
    expect(read({ usageType, unit })).toEqual({ passedOver: what });
  });

  it.each([
    [
      'Nova Canvas',
      'USE1-NovaCanvas-T2I-1024-Standard',
      'image',
      '0.04',
      'imageStandard1024',
      40_000_000_000,
    ],
    ['Nova Canvas', 'USE1-NovaCanvas-I2I-2048-Premium', 'image', '0.08', 'imagePremium2048', 80_000_000_000],
    ['Nova Reel', 'USE1-NovaReel-T2V-Medfps-HDRes', 'video', '0.08', 'videoSecond720p', 80_000_000_000],
    ['Ray v2', 'USE1-Ray-V2-Medfps-SDRes', 'Second', '0.75', 'videoSecond540p', 750_000_000_000],
    ['', 'USE1-AmazonRerank-v1-searchunits', 'Search Units', '0.001', 'query', 1_000_000_000],
    [
      'Nova Sonic',
      'USE1-NovaSonic-speech-input-tokens',
      '1K tokens',
      '0.0034',
      'speechInputToken',
      3_400_000,
    ],
    [
      'Nova 2.0 Omni',
      'USE1-Nova2.0Omni-output-image-token-count',
      '1K tokens',
      '0.044',
      'imageOutputToken',
      44_000_000,
    ],
    [
      'Nova MME',
      'USE1-NovaMultiModalEmbeddings-input-audio-second',
      '1K seconds',
      '0.14',
      'audioSecond',
      140_000_000,
    ],
    [
      'Nova MME',
      'USE1-NovaMultiModalEmbeddings-input-document-image',
      'Images Processed',
      '0.0006',
      'documentImage',
      600_000_000,
    ],
  ])('reads a unit that the catalogue has: %s %s', (model, usageType, unit, usd, name, picoUsd) => {
    expect(read({ usageType, unit, usd, attributes: { model } })).toMatchObject({
      rate: { counts: { unit: name }, picoUsd },
    });
  });

  it.each([
    ['Stable Diffusion 3.5 Large v1.0', 'Created_image', 'image', 'stability.sd3-5-large-v1:0'],
    ['Cohere Rerank v3.5', 'search_units', 'Search Units', 'cohere.rerank-v3-5:0'],
    ['TwelveLabs Pegasus 1.2', 'inputVideoSecond', 'seconds', 'twelvelabs.pegasus-1-2-v1:0'],
  ])('reads a unit of a Marketplace model: %s', (name, words, unit, model) => {
    const item = {
      ...NOVA,
      usageType: `USE1-MP:USE1_${words}-Units`,
      unit,
      usd: '0.02',
      attributes: { servicename: `${name} (Amazon Bedrock Edition)`, regioncode: 'us-east-1' },
    };
    expect(readItem(item, FILE, NAMES)).toMatchObject({ rate: { model, picoUsd: 20_000_000_000 } });
  });

  it('passes over units that the catalogue does not have for the model, and models that are no more', () => {
    const image = {
      usageType: 'USE1-Nova2.0Pro-input-image-token-count',
      attributes: { model: 'Nova 2.0 Pro' },
    };
    expect(read(image)).toEqual({
      passedOver: 'units that the catalogue does not have for the model: imageInputToken',
    });
    const titan = {
      usageType: 'USE1-TitanImageGeneratorG1-T2I-1024-Standard',
      unit: 'image',
      attributes: { model: '' },
    };
    expect(read(titan)).toEqual({ passedOver: 'retired models' });
  });

  it('does not take a price that is for something else than what it counts', () => {
    expect(
      read({
        usageType: 'USE1-NovaCanvas-T2I-1024-Standard',
        unit: 'hour',
        attributes: { model: 'Nova Canvas' },
      }),
    ).toEqual({ unknown: 'its price is for "hour", which is not what it counts' });
    expect(read({ usageType: 'USE1-NovaCanvas-T2I-1024-Standard-turbo', unit: 'image' })).toEqual({
      passedOver: 'prices for "image"',
    });
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

  it.each(['latencyOptimized', 'Latency Optimized', 'latency-optimized'])(
    'knows the tier "%s"',
    (servicetier) => {
      const item = {
        attributes: { servicetier },
        usageType: 'USE1-amazon.nova-lite-mantle-input-tokens-latency-optimized',
      };
      expect(read(item)).toMatchObject({ rate: { tier: 'latencyOptimized' } });
    },
  );

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
    expect(readItem(item, FILE, NAMES)).toEqual({ passedOver: 'prices in other currencies' });
    expect(read({ attributes: { feature: 'Custom Model Import' } })).toEqual({
      passedOver: 'prices of the feature "Custom Model Import"',
    });
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
