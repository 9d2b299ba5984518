import { describe, expect, it, vi } from 'vitest';
import { costOf } from './cost-of.js';
import { CostkitError, UnknownModelError } from './errors.js';
import { resolveModelAsync } from './resolve-model-async.js';
import type { Billing, ModelReference, Scope } from './types.js';

const arnOf = (path: string): string => `arn:aws:bedrock:eu-west-1:123456789012:${path}`;
const PROFILE = arnOf('application-inference-profile/abcdef123456');
const DEPLOYMENT = arnOf('custom-model-deployment/abcdef123456');
const CUSTOM = arnOf('custom-model/amazon.nova-lite-v1:0/abcdef123456');
const PROVISIONED = arnOf('provisioned-model/abcdef123456');
const PROMPT = arnOf('prompt/ABCDEF1234:1');
const ROUTER = arnOf('default-prompt-router/amazon.nova:1');
const ENDPOINT = 'arn:aws:sagemaker:eu-west-1:123456789012:endpoint/llama';

const LOOKUP: Readonly<Record<string, string>> = {
  [PROFILE]: 'eu.amazon.nova-lite-v1:0',
  [DEPLOYMENT]: CUSTOM,
  [CUSTOM]: 'arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0',
  [PROVISIONED]: 'arn:aws:bedrock:eu-west-1::foundation-model/amazon.nova-lite-v1:0:300k',
  [PROMPT]: PROVISIONED,
  [ROUTER]: 'eu.amazon.nova-lite-v1:0',
  [ENDPOINT]: 'meta.llama3-1-8b-instruct-v1:0',
};

describe('resolveModelAsync', () => {
  it.each<[string, ModelReference, Scope, Billing | undefined]>([
    [PROFILE, 'application-inference-profile', 'geo:eu', undefined],
    [DEPLOYMENT, 'custom-model-deployment', 'custom', undefined],
    [CUSTOM, 'custom-model', 'inRegion', 'unknown'],
    [PROVISIONED, 'provisioned-model', 'inRegion', 'provisioned'],
    [PROMPT, 'prompt', 'inRegion', 'provisioned'],
    [ROUTER, 'prompt-router', 'geo:eu', undefined],
    [ENDPOINT, 'marketplace-endpoint', 'inRegion', 'unknown'],
  ])('follows %s to its model', async (arn, reference, scope, billing) => {
    for (const lookup of [LOOKUP, new Map(Object.entries(LOOKUP)), async (asked: string) => LOOKUP[asked]]) {
      const resolved = await resolveModelAsync(arn, { lookup });
      expect(resolved).toMatchObject({ input: arn, reference, scope, region: 'eu-west-1' });
      expect(resolved.billing).toBe(billing);
    }
  });

  it('prices an application inference profile like the profile behind it, in its own Region', async () => {
    const model = await resolveModelAsync(PROFILE, { lookup: LOOKUP });
    const usage = {
      input: 1_000_000,
      output: 0,
      cacheRead: 0,
      cacheWrite5m: 0,
      cacheWrite1h: 0,
      cacheWrite30m: 0,
    };
    expect(costOf(usage, { model }).total.toUsdString()).toBe('0.069');
  });

  it('asks nobody about what the text says itself', async () => {
    const lookup = vi.fn(async () => undefined);
    const resolved = await resolveModelAsync('us.amazon.nova-lite-v1:0', { lookup });
    expect(resolved).toMatchObject({ reference: 'inference-profile', scope: 'geo:us' });
    expect(lookup).not.toHaveBeenCalled();
  });

  it('asks a function once per ARN, also when asked twice at once', async () => {
    const lookup = vi.fn(async () => 'us.amazon.nova-lite-v1:0');
    await Promise.all([resolveModelAsync(PROFILE, { lookup }), resolveModelAsync(PROFILE, { lookup })]);
    await resolveModelAsync(PROFILE, { lookup });
    expect(lookup).toHaveBeenCalledTimes(1);
    expect(lookup).toHaveBeenCalledWith(PROFILE);
  });

  it('forgets failures and passes the same error object through', async () => {
    const failure = new Error('throttled');
    const lookup = vi.fn<(arn: string) => Promise<string | undefined>>().mockRejectedValueOnce(failure);
    lookup.mockResolvedValueOnce(undefined).mockResolvedValueOnce('us.amazon.nova-lite-v1:0');
    await expect(resolveModelAsync(PROFILE, { lookup })).rejects.toBe(failure);
    await expect(resolveModelAsync(PROFILE, { lookup })).rejects.toThrow(UnknownModelError);
    await expect(resolveModelAsync(PROFILE, { lookup })).resolves.toMatchObject({ scope: 'geo:us' });
  });

  it('sees a change of a static map', async () => {
    const lookup = new Map([[PROFILE, 'us.amazon.nova-lite-v1:0']]);
    expect((await resolveModelAsync(PROFILE, { lookup })).scope).toBe('geo:us');
    lookup.set(PROFILE, 'global.anthropic.claude-opus-5-5');
    expect((await resolveModelAsync(PROFILE, { lookup })).scope).toBe('global');
  });

  it('survives a flood of ARNs', async () => {
    const lookup = vi.fn(async () => 'us.amazon.nova-lite-v1:0');
    for (let index = 0; index < 1_100; index += 1) {
      await resolveModelAsync(arnOf(`application-inference-profile/${index}`), { lookup });
    }
    expect(lookup).toHaveBeenCalledTimes(1_100);
  });

  it.each<[string, Record<string, string>, RegExp]>([
    [
      'nothing is known',
      {},
      /type application-inference-profile, whose ARN does not say its model\. Name the model in `lookup`/,
    ],
    ['the answer is no model', { [PROFILE]: 'acme.super-1' }, /Pass a foundation-model id/],
    [
      'the ARNs go round in a circle',
      { [PROFILE]: PROVISIONED, [PROVISIONED]: PROFILE },
      /without reaching a model/,
    ],
    [
      'the map has it only by inheritance',
      Object.create({ [PROFILE]: 'us.amazon.nova-lite-v1:0' }),
      /Name the model/,
    ],
  ])('throws a coded error when %s', async (_, lookup, message) => {
    const error = await resolveModelAsync(PROFILE, { lookup }).catch((reason: unknown) => reason);
    expect(CostkitError.isInstance(error) && error.code).toBe('COSTKIT_UNKNOWN_MODEL');
    expect((error as UnknownModelError).message).toMatch(message);
    expect((error as UnknownModelError).modelId).toBe(PROFILE);
  });

  it('says that the catalogue is too old for a foundation model it does not have', async () => {
    const arn = 'arn:aws:bedrock:us-east-1::foundation-model/acme.super-1';
    await expect(resolveModelAsync(arn, { lookup: {} })).rejects.toThrow(/Update @costkit\/pricing/);
  });
});
