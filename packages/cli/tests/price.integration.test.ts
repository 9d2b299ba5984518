import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CatalogueModel } from '@costkit/pricing';
import { CATALOGUE } from '@costkit/pricing/catalogue';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { linesOfModel, type SampleLine } from '../../pricing/tests/price-list/offer-samples.js';
import { offerJson } from '../../pricing/tests/price-list/offer-writers.js';
import { type PriceListServer, startPriceList } from '../../pricing/tests/price-list/price-list-server.js';
import { runInside } from './run-inside.js';
import { type CommandRun, runCommand } from './start-command.js';

const costkit = (args: readonly string[]): Promise<CommandRun> => runInside(args);

const modelOf = (id: string): CatalogueModel => CATALOGUE.get(id) as CatalogueModel;
const ASTRA = modelOf('openai.gpt-6-astra');
const NOVA = modelOf('amazon.nova-lite-v1:0');
const isOf = ({ attributes }: SampleLine, { name = '' }: CatalogueModel): boolean =>
  Object.values(attributes).some((value) => value.startsWith(name));
/** AWS's list on a day on which one price has fallen by a tenth and one has been written in the wrong unit. */
const LINES: readonly SampleLine[] = [...CATALOGUE.values()].flatMap(linesOfModel).map((line) => {
  const isSlip = isOf(line, NOVA) && line.region === 'eu-west-1';
  const factor = isOf(line, ASTRA) ? 0.9 : isSlip ? 1_000 : 1;
  return { ...line, usd: (Number(line.usd) * factor).toFixed(10) };
});

let list: PriceListServer;
let folder: string;
beforeAll(async () => {
  list = await startPriceList(LINES);
});
afterAll(() => list.stop());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'costkit-price-'));
});
afterEach(() => rm(folder, { recursive: true }));

const run = (...args: string[]): Promise<CommandRun> => costkit(['price', ...args]);
const out = (): string => join(folder, 'bedrock-prices.json');
const listed = (...args: string[]): string[] => [
  'refresh',
  '--price-list-url',
  list.url,
  '--region',
  'us-east-1',
  'eu-west-1',
  ...args,
];
const refresh = (...args: string[]): Promise<CommandRun> => run(...listed('--out', out(), ...args));

describe('costkit price', { timeout: 120_000 }, () => {
  it('shows every scope and tier with its day and source, and warns of old prices', async () => {
    const { code, stdout, stderr } = await run('eu.amazon.nova-lite-v1:0');
    expect([code, stdout]).toEqual([0, expect.stringContaining('Nova Lite (amazon.nova-lite-v1:0)')]);
    for (const part of ['geo:eu', 'eu-west-1', 'batch', '$0.069', 'aws-list-2026-08-20', '2026-08-20'])
      expect(stdout).toContain(part);
    expect(stderr).toMatch(/prices were last read 90 days ago or earlier/);
    const json = JSON.parse((await run('eu.amazon.nova-lite-v1:0', '--json')).stdout);
    expect(json).toMatchObject({
      id: 'amazon.nova-lite-v1:0',
      name: 'Nova Lite',
      priceVersion: expect.any(String),
    });
    expect(json.prices[0]).toMatchObject({
      rates: { input: 60_000 },
      readOn: '2026-09-17',
      isOld: expect.any(Boolean),
    });
  });

  it('names near models where it knows none, and exits with 2', async () => {
    const { code, stdout, stderr } = await runCommand(['price', 'us.anthropic.claude-haiku-5.5'], {
      cwd: folder,
    });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('Did you mean anthropic.claude-haiku-5-5?');
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(await run('amazon.nova-lite-v1:0', '--overlay', 'none.json')).toMatchObject({ code: 2 });
  });
});

describe('costkit price refresh', { timeout: 120_000 }, () => {
  it('writes what is newer, once, and shows what it would not take', async () => {
    const first = await refresh();
    expect(first).toMatchObject({ code: 0, stderr: '' });
    for (const part of ['openai.gpt-6-astra', 'input $10 → $9 (−10 %)', `Written: ${out()}`])
      expect(first.stdout).toContain(part);
    expect(first.stdout).toMatch(/not taken: .*--accept amazon\.nova-lite-v1:0/);
    expect(await readdir(folder)).toEqual(['bedrock-prices.json']);
    const overlay = JSON.parse(await readFile(out(), 'utf8'));
    expect(Object.keys(overlay.prices)).toContain('openai.gpt-6-astra');
    expect(Object.keys(overlay.prices)).not.toContain('amazon.nova-lite-v1:0');

    const again = await refresh('--json');
    expect(again.code).toBe(0);
    const { changes, file } = JSON.parse(again.stdout);
    expect(file).toBe(out());
    expect(changes.length).toBeGreaterThan(0);
    expect(changes.every(({ isTaken }: { isTaken: boolean }) => !isTaken)).toBe(true);

    const { stdout } = await run('openai.gpt-6-astra', '--overlay', out());
    for (const part of [`and ${out()}`, '$9', '$10', '2026-12-01', 'aws-list-2026-12-03'])
      expect(stdout).toContain(part);
  });

  it('checks without writing: 3 where something differs, 0 where nothing does', async () => {
    const differs = await refresh('--check');
    expect(differs).toMatchObject({ code: 3, stderr: '' });
    expect(differs.stdout).not.toContain('Written');
    expect(await readdir(folder)).toEqual([]);
    await refresh('--accept', 'all');
    const same = await refresh('--check', '--json');
    expect(same.code).toBe(0);
    expect(JSON.parse(same.stdout)).toEqual({
      changes: [],
      unknown: [],
      passedOver: [{ reason: 'retired models', count: 4, usageTypes: expect.any(Array) }],
      conflicts: [],
      lines: expect.any(Object),
    });
  });

  it('takes what looks like a slip only for the models that it is told', async () => {
    await refresh('--accept', 'amazon.nova-lite-v1:0');
    const overlay = JSON.parse(await readFile(out(), 'utf8'));
    expect(overlay.prices).toHaveProperty(['amazon.nova-lite-v1:0']);
    const wrong = await refresh('--accept', 'nova');
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('accept[0]') });
  });

  it('leaves the file as it was when a source breaks', async () => {
    await refresh();
    const before = await readFile(out(), 'utf8');
    list.trouble('AmazonBedrock/20261203080000/eu-west-1', { kind: 'status', status: 403 });
    const { code, stderr, stdout } = await runCommand(['price', ...listed()], { cwd: folder });
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain('[COSTKIT_PRICE_SOURCE_UNREACHABLE]');
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(await readFile(out(), 'utf8')).toBe(before);
    expect(await readdir(folder)).toEqual(['bedrock-prices.json']);
  });

  it('reads files that were fetched elsewhere, and learns names', async () => {
    const lines = linesOfModel(NOVA)
      .filter(({ region }) => region === 'us-east-1')
      .map((line) => ({
        ...line,
        attributes: { ...line.attributes, model: 'Nova Feather' },
        usageType: line.usageType.replace('NovaLite', 'NovaFeather'),
      }));
    const file = join(folder, 'list.json');
    await writeFile(file, offerJson('AmazonBedrock', lines));
    expect(await run('refresh', '--file', file, '--check')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('none is a price'),
    });
    const known = await run('refresh', '--file', file, '--name', `Nova Feather=${NOVA.id}`, '--check');
    expect(known).toMatchObject({ code: 0 });
  });

  it.each([
    ['--name', 'Nova Feather'],
    ['--name', 'Nova Feather=acme.nope'],
    ['--source', 'page'],
    ['--price-list-url', 'nowhere'],
    ['--turbo'],
  ])('exits with 2 for %s %s', async (...args) => {
    expect(await run('refresh', '--check', ...args)).toMatchObject({ code: 2, stdout: '' });
  });

  it('exits with 2 where the file cannot be written', async () => {
    const file = join(folder, 'list.json');
    await writeFile(file, offerJson('AmazonBedrock', linesOfModel(NOVA).slice(0, 2)));
    const { code, stderr } = await run(
      'refresh',
      '--file',
      file,
      '--out',
      join(folder, 'none', 'prices.json'),
    );
    expect([code, stderr]).toEqual([2, expect.stringContaining('[COSTKIT_CANNOT_WRITE]')]);
  });

  it('prints its own help', async () => {
    const { code, stdout } = await run('refresh', '--help');
    expect([code, stdout]).toEqual([0, expect.stringContaining('Exit codes: 0 done')]);
  });
});

describe('costkit price refresh through AWS APIs', { timeout: 120_000 }, () => {
  let api: Server;
  let url: string;
  const asked: string[] = [];
  const own = LINES.filter((line) => isOf(line, ASTRA) || isOf(line, NOVA));
  const card = own
    .filter(({ region, offer }) => region === 'us-east-1' && offer === 'AmazonBedrockFoundationModels')
    .map(({ usageType, usd }) => ({
      dimension: usageType.replace(/^\w+-MP:/, '').replace(/-Units$/, ''),
      price: usd,
      unit: 'Units',
      description: '',
    }));
  beforeAll(async () => {
    // The two wire formats that the SDK speaks to these services.
    api = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += String(chunk);
      asked.push(`${request.method} ${request.url} ${request.headers['x-amz-target'] ?? ''}`);
      if (request.headers['x-amz-target'] === 'AWSPriceListService.GetProducts') {
        const { ServiceCode } = JSON.parse(body) as { ServiceCode: string };
        const PriceList = own
          .filter(({ offer }) => offer === ServiceCode)
          .map((line) => {
            const { products, terms, publicationDate } = JSON.parse(offerJson(line.offer, [line]));
            return JSON.stringify({
              product: products.SKU0,
              terms: { OnDemand: terms.OnDemand.SKU0 },
              publicationDate,
            });
          });
        response
          .writeHead(200, { 'content-type': 'application/x-amz-json-1.1' })
          .end(JSON.stringify({ PriceList }));
      } else if (
        request.url === '/list-foundation-model-agreement-offers/openai.gpt-6-astra?offerType=PUBLIC'
      ) {
        const termDetails = { usageBasedPricingTerm: { rateCard: card }, legalTerm: {}, supportTerm: {} };
        response
          .writeHead(200, { 'content-type': 'application/json' })
          .end(JSON.stringify({ modelId: ASTRA.id, offers: [{ offerToken: 'secret', termDetails }] }));
      } else {
        response
          .writeHead(400, { 'content-type': 'application/json', 'x-amzn-errortype': 'ValidationException' })
          .end(JSON.stringify({ message: 'Agreement not supported for this model' }));
      }
    }).listen(0, '127.0.0.1');
    await once(api, 'listening');
    url = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    api.close();
    vi.unstubAllEnvs();
  });

  it('reads GetProducts and the rate cards of agreements', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL', url);
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
    const { code, stdout, stderr } = await run(
      'refresh',
      '--source',
      'query',
      'agreements',
      '--check',
      '--json',
    );
    expect([code, stderr]).toEqual([3, '']);
    const { changes, conflicts, lines } = JSON.parse(stdout);
    expect([conflicts, lines.read]).toEqual([[], own.length + card.length]);
    const astra = changes.filter(({ model }: { model: string }) => model === ASTRA.id);
    expect(astra).toHaveLength(4);
    expect(stdout).not.toContain('secret');
    expect(asked.filter((line) => line.includes('GetProducts'))).toHaveLength(2);
    expect(asked.filter((line) => line.includes('agreement-offers')).length).toBe(CATALOGUE.size);
  });
});
