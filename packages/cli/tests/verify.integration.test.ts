import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { type LocalBedrock, type LocalBedrockOptions, startLocalBedrock } from '@costkit/local';
import { resolveModel } from '@costkit/pricing';
import { CATALOGUE } from '@costkit/pricing/catalogue';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createProgram } from '../src/index.js';
import { renderVerify } from '../src/verify/render-verify.js';
import { runVerify, type Verification, type VerifyResult } from '../src/verify/run-verify.js';
import { localEnvironment } from './local-environment.js';
import { runInside } from './run-inside.js';

const HAIKU = 'us.anthropic.claude-haiku-4-5-20251001-v1:0';

/** Stands in for the service. */
let service: LocalBedrock | undefined;
afterEach(() => service?.stop());

async function verify(options: LocalBedrockOptions, maxUsd = 1): Promise<VerifyResult> {
  service = await startLocalBedrock(options);
  const live = new BedrockRuntimeClient({ ...service.clientConfig, maxAttempts: 1 });
  const model = resolveModel(HAIKU)?.model;
  if (model === undefined) throw new Error('not in the catalogue');
  const models = [{ modelId: HAIKU, model }];
  const result = await runVerify({ models, region: 'us-east-1', live, maxUsd, onProgress: () => undefined });
  live.destroy();
  return result;
}

const of = ({ verifications }: VerifyResult, probe: string): Verification | undefined =>
  verifications.find((one) => one.probe === probe);

describe('runVerify', () => {
  it('finds no difference where there is none, for what the service has billed', async () => {
    const result = await verify({});
    expect(result.verifications.filter(({ status }) => status !== 'same')).toEqual([]);
    expect(result.verifications.length).toBeGreaterThan(10);
    expect(result.spent?.picoUsd).toBe(service?.bill().total.picoUsd);
    expect(result.spent?.usd).toBeCloseTo(result.forecast.usd, 4);
  });

  it('says in what the service differs, and what only its words are', async () => {
    const row = CATALOGUE.get('anthropic.claude-haiku-4-5-20251001-v1:0');
    const cache = row?.capabilities.cache;
    if (row === undefined || cache === undefined) throw new Error('not in the catalogue');
    const changed = {
      ...row,
      capabilities: { ...row.capabilities, cache: { ...cache, minTokens: 50_000 } },
    };
    const result = await verify({ catalogue: new Map([...CATALOGUE, [row.id, changed]]) });
    expect(of(result, 'write, then read')).toMatchObject({
      status: 'differs',
      differences: expect.arrayContaining([
        { fact: 'firstWrites', local: true, live: false, wordingOnly: false },
      ]),
    });
    expect(of(result, 'five cache points')?.status).toBe('same');
    expect(renderVerify(result)).toMatch(/firstWrites: true → false/);
    expect(renderVerify(result)).toMatch(/1 differ/);
  });

  it('tells other words from another outcome, and a refusal of the account from both', async () => {
    const refuse = (code: string, message: string): LocalBedrockOptions => ({
      trouble: [{ operation: 'Converse', action: { type: 'error', code, message } }],
    });
    const worded = await verify(refuse('ValidationException', 'No.'));
    expect(of(worded, 'five cache points')).toMatchObject({
      status: 'wording',
      differences: [{ fact: 'wording', live: 'No.', wordingOnly: true }],
    });
    expect(of(worded, 'usage of an answer')?.status).toBe('differs');
    await service?.stop();
    const denied = await verify(refuse('AccessDeniedException', 'You have no access to the model.'));
    expect(of(denied, 'usage of an answer')).toMatchObject({
      status: 'not asked',
      reason: 'AccessDeniedException: You have no access to the model.',
    });
  });

  it('asks nothing for which the limit of dollars has no room', async () => {
    const result = await verify({}, 0.0001);
    expect(of(result, 'write, then read')).toMatchObject({
      status: 'not asked',
      reason: 'The limit of dollars has no room for it.',
    });
    expect(service?.bill().total.usd).toBeLessThanOrEqual(0.0001);
  });
});

describe('costkit verify', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'costkit-verify-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('sends nothing without --live, and says what it would cost', async () => {
    const { code, stdout } = await runInside(['verify', '--model', HAIKU, '--json'], {
      env: { AWS_ENDPOINT_URL: 'http://127.0.0.1:9' },
    });
    expect(code).toBe(0);
    const { forecastUsd, spentUsd, verifications } = JSON.parse(stdout);
    expect(forecastUsd).toBeGreaterThan(0);
    expect(spentUsd).toBeUndefined();
    expect(new Set(verifications.map(({ status }: Verification) => status))).toEqual(new Set(['expected']));
  });

  it('asks the service of the environment, and writes down what it found', async () => {
    service = await startLocalBedrock();
    const out = join(folder, 'differences.json');
    const { code, stdout, stderr } = await runInside(['verify', '--live', '--model', HAIKU, '--out', out], {
      env: localEnvironment(service, folder),
    });
    expect([code, stderr]).toEqual([0, expect.not.stringMatching(/costkit/)]);
    expect(stdout).toMatch(/\d+ same, 0 in other words, 0 differ, 0 not asked/);
    const written = JSON.parse(await readFile(out, 'utf8'));
    expect(written.spentUsd).toBeCloseTo(service.bill().total.usd, 9);
  });

  it.each([
    [['--max-usd', '0'], /no number of dollars/],
    [['--model', 'nobody.knows'], /names no model of the catalogue/],
    [['--live', '--out', '/no/such/folder/file.json'], /cannot write/],
  ])('refuses %j', async (args, message) => {
    await expect(createProgram().parseAsync(['node', 'costkit', 'verify', ...args])).rejects.toThrow(message);
  });
});
