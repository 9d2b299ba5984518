import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { CATALOGUE } from '../src/catalogue.js';
import type { CatalogueModel } from '../src/index.js';
import {
  agreementOffers,
  type BulkPriceListOptions,
  bulkPriceList,
  offerFiles,
  type PriceDocument,
  type PriceSource,
  queriedPriceList,
  refreshPrices,
} from '../src/refresh.js';
import { linesOfModel, type SampleLine } from './price-list/offer-samples.js';
import { offerCsv, offerJson } from './price-list/offer-writers.js';
import { type PriceListServer, startPriceList } from './price-list/price-list-server.js';

const modelOf = (id: string): CatalogueModel => CATALOGUE.get(id) as CatalogueModel;
const LINES = [
  ...linesOfModel(modelOf('amazon.nova-lite-v1:0')),
  ...linesOfModel(modelOf('anthropic.claude-opus-5')),
];
const REGIONS = ['us-east-1', 'eu-west-1'];

let server: PriceListServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

async function serve(lines: readonly SampleLine[] = LINES, options = {}): Promise<PriceListServer> {
  server = await startPriceList(lines, options);
  return server;
}

async function read(source: PriceSource): Promise<PriceDocument[]> {
  const documents: PriceDocument[] = [];
  for await (const document of source.documents()) documents.push(document);
  return documents;
}

const bulk = (url: string, options: BulkPriceListOptions = {}): PriceSource =>
  bulkPriceList({ baseUrl: url, regions: REGIONS, retryDelayMs: 0, ...options });

describe('bulkPriceList', () => {
  it("reads every Region's file of both offers, and reports how far it is", async () => {
    const { url, asked } = await serve();
    const progress: string[] = [];
    const { changes, lines } = await refreshPrices({
      sources: [bulkPriceList({ baseUrl: url })],
      accept: ['*'],
      onProgress: ({ done, total, title }) => progress.push(`${done}/${total} ${title}`),
    });
    expect(lines).toEqual({ read: LINES.length, understood: LINES.length });
    expect(changes.filter(({ change }) => change !== 'ended')).toEqual([]);
    const files = new Set(LINES.map(({ offer, region }) => `${offer} ${region}`));
    expect(progress).toHaveLength(files.size);
    expect(progress.at(-1)).toMatch(
      new RegExp(`^${files.size}/${files.size} AmazonBedrockFoundationModels `),
    );
    expect(asked.filter((path) => path.endsWith('region_index.json'))).toHaveLength(2);
    expect(asked).toHaveLength(files.size + 2);
  });

  it.each(['json', 'csv'] as const)('reads the same from %s, with a byte order mark too', async (format) => {
    const { url } = await serve(LINES, { byteOrderMark: true });
    const documents = await read(bulk(url, { format }));
    expect(documents).toHaveLength(4);
    const document = documents.find(({ title }) => title === 'AmazonBedrock us-east-1');
    expect(document).toMatchObject({
      title: 'AmazonBedrock us-east-1',
      source: 'aws-list',
      offer: 'AmazonBedrock',
      region: 'us-east-1',
      publishedOn: '2026-12-03',
    });
    const expected = LINES.filter(({ offer, region }) => offer === 'AmazonBedrock' && region === 'us-east-1');
    expect(
      document?.items.map(({ usageType, usd, unit, effectiveOn }) => [usageType, usd, unit, effectiveOn]),
    ).toEqual(expected.map(({ usageType, usd, unit }) => [usageType, usd, unit, '2026-12-01']));
    expect(document?.items[0]?.attributes).toMatchObject({ regioncode: 'us-east-1', model: 'Nova Lite' });
    const { changes } = await refreshPrices({ sources: [bulk(url, { format })] });
    expect(changes.filter(({ change }) => change !== 'ended')).toEqual([]);
  });

  it.each([
    ['a status of 503', { kind: 'status', status: 503 } as const],
    ['a status of 429', { kind: 'status', status: 429 } as const],
    ['a connection that breaks', { kind: 'cut', bytes: 700 } as const],
    ['an answer that is too short', { kind: 'short', bytes: 700 } as const],
    ['an answer that is no price list', { kind: 'text', text: '<html>sign in</html>' } as const],
    ['an answer without a date', { kind: 'text', text: '{"products":{},"terms":{}}' } as const],
  ])('tries again after %s', async (_, trouble) => {
    const { url, trouble: plan, asked } = await serve();
    plan('us-east-1/index.json', trouble, 2);
    expect(await read(bulk(url))).toHaveLength(4);
    expect(asked.filter((path) => path.endsWith('us-east-1/index.json'))).toHaveLength(4);
  });

  it.each([
    ['a connection that breaks', { kind: 'cut', bytes: 700 } as const, 'COSTKIT_PRICE_SOURCE_UNREACHABLE'],
    ['a status of 500', { kind: 'status', status: 500 } as const, 'COSTKIT_PRICE_SOURCE_UNREACHABLE'],
    ['an answer that is too short', { kind: 'short', bytes: 700 } as const, 'COSTKIT_PRICE_SOURCE_BROKEN'],
  ])('gives up after three times %s', async (_, trouble, code) => {
    const { url, trouble: plan, asked } = await serve();
    plan('AmazonBedrock/20261203080000/eu-west-1', trouble, 99);
    await expect(read(bulk(url))).rejects.toMatchObject({ code });
    expect(asked.filter((path) => path.includes('AmazonBedrock/20261203080000/eu-west-1'))).toHaveLength(3);
  });

  it('takes a cut CSV for broken, wherever it is cut', async () => {
    const [line] = LINES as [SampleLine];
    const whole = offerCsv('AmazonBedrock', [line]);
    const { url, trouble } = await serve([line]);
    const source = bulk(url, {
      format: 'csv',
      offers: ['AmazonBedrock'],
      regions: [line.region],
      attempts: 1,
    });
    const end = whole.trimEnd().length;
    for (const bytes of [1, 60, whole.indexOf('SKU') + 5, end - 30, end - 1]) {
      trouble('index.csv', { kind: 'short', bytes });
      await expect(read(source), String(bytes)).rejects.toMatchObject({
        code: 'COSTKIT_PRICE_SOURCE_BROKEN',
      });
    }
    expect(await read(source)).toHaveLength(1);
  });

  it('does not try again what will not change', async () => {
    const { url, asked } = await serve();
    await expect(
      read(bulk(url, { offers: ['AmazonBedRock'], regions: ['us-east-1'] })),
    ).rejects.toMatchObject({
      code: 'COSTKIT_PRICE_SOURCE_BROKEN',
    });
    const { trouble } = server as PriceListServer;
    trouble('us-east-1/index.json', { kind: 'status', status: 403 }, 9);
    await expect(read(bulk(url, { concurrency: 1 }))).rejects.toMatchObject({
      code: 'COSTKIT_PRICE_SOURCE_UNREACHABLE',
      message: expect.stringContaining('status 403'),
    });
    expect(asked.filter((path) => path.endsWith('us-east-1/index.json'))).toHaveLength(1);
  });

  it('counts a connection on which nothing comes as broken', async () => {
    const { url, trouble } = await serve();
    trouble('us-east-1/index.json', { kind: 'stall' }, 9);
    await expect(read(bulk(url, { idleTimeoutMs: 20, attempts: 1 }))).rejects.toMatchObject({
      code: 'COSTKIT_PRICE_SOURCE_UNREACHABLE',
      message: expect.stringContaining('nothing came for 20 ms'),
    });
  });

  it('says that nobody is there', async () => {
    const { url } = await serve();
    await server?.stop();
    server = undefined;
    await expect(read(bulk(url))).rejects.toMatchObject({ code: 'COSTKIT_PRICE_SOURCE_UNREACHABLE' });
  });

  it('fetches nothing from elsewhere than it was told', async () => {
    const { url, trouble } = await serve();
    const elsewhere = {
      regions: { 'us-east-1': { currentVersionUrl: 'http://example.invalid/index.json' } },
    };
    trouble('region_index', { kind: 'text', text: JSON.stringify(elsewhere) });
    await expect(read(bulk(url))).rejects.toMatchObject({
      code: 'COSTKIT_PRICE_SOURCE_BROKEN',
      message: expect.stringContaining('names no file for us-east-1'),
    });
    trouble('region_index', { kind: 'text', text: 'hello' });
    await expect(read(bulk(url))).rejects.toMatchObject({ code: 'COSTKIT_PRICE_SOURCE_BROKEN' });
  });

  it('ends when it is told to', async () => {
    const { url, trouble } = await serve();
    trouble('us-east-1/index.json', { kind: 'stall' });
    const controller = new AbortController();
    const reading = read(
      bulk(url, {
        signal: controller.signal,
        fetch: async (input, init) => {
          const response = await fetch(input, init);
          if (String(input).endsWith('us-east-1/index.json')) controller.abort(new Error('enough'));
          return response;
        },
      }),
    );
    await expect(reading).rejects.toThrow('enough');
  });

  it('refuses an unknown option and what is no address', () => {
    expect(() => bulkPriceList({ region: 'us-east-1' } as never)).toThrow('"region" is unknown');
    for (const baseUrl of ['', 'pricing.us-east-1.amazonaws.com', 'file:///etc/passwd'])
      expect(() => bulkPriceList({ baseUrl })).toThrow('"baseUrl"');
  });
});

describe('offerFiles', () => {
  it('reads files of both forms from the disk', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'costkit-offers-'));
    const [first = '', second = ''] = [join(folder, 'a.json'), join(folder, 'b.CSV')];
    const own = LINES.filter(({ offer, region }) => offer === 'AmazonBedrock' && REGIONS.includes(region));
    await writeFile(
      first,
      offerJson(
        'AmazonBedrock',
        own.filter(({ region }) => region === 'us-east-1'),
      ),
    );
    await writeFile(
      second,
      offerCsv(
        'AmazonBedrock',
        own.filter(({ region }) => region === 'eu-west-1'),
      ),
    );
    const { changes, lines } = await refreshPrices({ sources: [offerFiles([first, second])] });
    expect([changes, lines.understood]).toEqual([[], own.length]);
    await expect(read(offerFiles([join(folder, 'none.json')]))).rejects.toMatchObject({
      code: 'COSTKIT_PRICE_SOURCE_UNREACHABLE',
    });
    await rm(folder, { recursive: true });
  });
});

class GetProductsCommand {
  readonly input: { ServiceCode: string; NextToken?: string };
  constructor(input: { ServiceCode: string; NextToken?: string }) {
    this.input = input;
  }
}

/** `GetProducts` by pages, each product a text of its own. */
function pricingClient(lines: readonly SampleLine[], pageSize = 100) {
  const asked: GetProductsCommand['input'][] = [];
  return {
    asked,
    send: async ({ input }: GetProductsCommand) => {
      asked.push(input);
      const own = lines.filter(({ offer }) => offer === input.ServiceCode);
      const from = Number(input.NextToken ?? 0);
      const page = own.slice(from, from + pageSize).map((line) => {
        const { products, terms, publicationDate } = JSON.parse(offerJson(line.offer, [line]));
        const OnDemand = terms.OnDemand.SKU0;
        return JSON.stringify({
          product: products.SKU0,
          serviceCode: line.offer,
          terms: { OnDemand },
          publicationDate,
        });
      });
      const next = from + pageSize;
      return { PriceList: page, ...(next < own.length ? { NextToken: String(next) } : {}) };
    },
  };
}

describe('queriedPriceList', () => {
  it('reads every page of every offer', async () => {
    const client = pricingClient(LINES, 7);
    const source = queriedPriceList(client, { GetProductsCommand });
    const { changes, lines } = await refreshPrices({ sources: [source] });
    expect(changes.filter(({ change }) => change !== 'ended')).toEqual([]);
    expect(lines).toEqual({ read: LINES.length, understood: LINES.length });
    expect(client.asked.length).toBeGreaterThan(LINES.length / 7);
    expect(client.asked.every((input) => 'FormatVersion' in input)).toBe(true);
  });

  it('does not go round in circles', async () => {
    const client = pricingClient(LINES);
    expect(() => queriedPriceList(client, { GetProductsCommand }, { offer: 'x' } as never)).toThrow(
      '"offer"',
    );
    const source = queriedPriceList(
      { send: async (command) => ({ ...(await client.send(command)), NextToken: '7' }) },
      { GetProductsCommand },
    );
    await expect(read(source)).rejects.toMatchObject({ code: 'COSTKIT_PRICE_SOURCE_BROKEN' });
  });

  it.each([
    ['no products', { PriceList: [] }],
    ['nothing', {}],
    ['a product that is no JSON', { PriceList: ['{'] }],
  ])('takes %s for broken', async (_, answer) => {
    const source = queriedPriceList({ send: async () => answer }, { GetProductsCommand });
    await expect(read(source)).rejects.toMatchObject({ code: 'COSTKIT_PRICE_SOURCE_BROKEN' });
  });

  it('hands on errors of the SDK as they are', async () => {
    const error = Object.assign(new Error('no'), { name: 'AccessDeniedException' });
    const source = queriedPriceList({ send: () => Promise.reject(error) }, { GetProductsCommand });
    await expect(read(source)).rejects.toBe(error);
  });
});

class ListFoundationModelAgreementOffersCommand {
  readonly input: { modelId: string; offerType: string };
  constructor(input: { modelId: string; offerType: string }) {
    this.input = input;
  }
}

/** Rate cards of Marketplace models; the others have no agreement. */
function bedrockClient(cards: Readonly<Record<string, readonly { dimension: string; price: string }[]>>) {
  return {
    send: async ({ input }: ListFoundationModelAgreementOffersCommand) => {
      const card = cards[input.modelId];
      if (card === undefined)
        throw Object.assign(new Error('Agreement not supported for this model'), {
          name: 'ValidationException',
        });
      return {
        modelId: input.modelId,
        offers: [
          {
            offerId: 'offer-1',
            offerToken: 'secret',
            termDetails: {
              usageBasedPricingTerm: {
                rateCard: card.map((rate) => ({ ...rate, unit: 'Units', description: '' })),
              },
            },
          },
        ],
      };
    },
  };
}

describe('agreementOffers', () => {
  const now = (): Date => new Date('2026-12-05T12:00:00Z');
  const commands = { ListFoundationModelAgreementOffersCommand };
  const card = LINES.filter(({ offer }) => offer === 'AmazonBedrockFoundationModels').map(
    ({ usageType, usd }) => ({
      dimension: usageType.replace(/^\w+-MP:/, '').replace(/-Units$/, ''),
      price: String(Number(usd)),
    }),
  );

  it('reads rate cards of the models that have one, and keeps no token', async () => {
    const source = agreementOffers(bedrockClient({ 'anthropic.claude-opus-5': card }), commands, { now });
    const documents = await read(source);
    expect(documents).toMatchObject([
      { source: 'aws-agreement', model: 'anthropic.claude-opus-5', publishedOn: '2026-12-05' },
    ]);
    expect(JSON.stringify(documents)).not.toContain('secret');
    const { changes, lines } = await refreshPrices({ sources: [source] });
    expect([changes, lines]).toEqual([[], { read: card.length, understood: card.length }]);
  });

  it('reads cards without Regions', async () => {
    const rates = [
      { dimension: 'input_tokens_global_standard', price: '0.09' },
      { dimension: 'output_tokens_global_standard', price: '0.45' },
      { dimension: 'cache_read_tokens_global_standard', price: '0.009' },
      { dimension: 'cache_write_tokens_30m_global_standard', price: '0.1125' },
      { dimension: 'input_tokens_standard', price: '0.099' },
      { dimension: 'output_tokens_standard', price: '0.495' },
      { dimension: 'cache_read_tokens_standard', price: '0.0099' },
      { dimension: 'cache_write_tokens_30m_standard', price: '0.12375' },
      { dimension: 'Reserved_1Month_InputTPM_Geo', price: '0.2' },
    ];
    const source = agreementOffers(bedrockClient({ 'openai.gpt-6-luna': rates }), commands, { now });
    const { changes, unknown } = await refreshPrices({ sources: [source] });
    expect(unknown).toEqual([]);
    expect(
      changes.map(({ change, scopes, regions, rates: [input] }) => [change, scopes, regions, input?.percent]),
    ).toEqual([
      ['changed', ['global'], [], -10],
      ['changed', ['inRegion', 'geo:us'], [], -10],
    ]);
    expect(changes.every(({ isTaken, source: from }) => isTaken && from === 'aws-agreement-2026-12-05')).toBe(
      true,
    );
  });

  it('does not choose between a rate card and the price list', async () => {
    const other = card.map((rate) =>
      rate.dimension === 'USE1_input_tokens_standard' ? { ...rate, price: '5.6' } : rate,
    );
    const { url } = await serve();
    const { conflicts, changes } = await refreshPrices({
      sources: [
        bulk(url),
        agreementOffers(bedrockClient({ 'anthropic.claude-opus-5': other }), commands, { now }),
      ],
    });
    expect(conflicts).toEqual([
      {
        model: 'anthropic.claude-opus-5',
        what: 'input regional us-east-1 standard',
        usd: {
          'USE1-MP:USE1_input_tokens_standard-Units': '5.5',
          USE1_input_tokens_standard: '5.6',
        },
      },
    ]);
    expect(changes.filter(({ change }) => change !== 'ended')).toEqual([]);
  });

  it('asks for the models that it is told, and hands on other errors', async () => {
    const error = Object.assign(new Error('slow down'), { name: 'ThrottlingException' });
    const asked: string[] = [];
    const client = {
      send: ({ input }: ListFoundationModelAgreementOffersCommand): Promise<never> => {
        asked.push(`${input.modelId} ${input.offerType}`);
        return Promise.reject(error);
      },
    };
    expect(() => agreementOffers(client, commands, { model: 'x' } as never)).toThrow('"model"');
    await expect(read(agreementOffers(client, commands, { models: ['cohere.embed-v4:0'] }))).rejects.toBe(
      error,
    );
    expect(asked).toEqual(['cohere.embed-v4:0 PUBLIC']);
  });
});
