import { describe, expect, it } from 'vitest';
import { aCall, attempted, aView } from '../tests/a-call.js';
import { followModels, readKnownModels } from './known-models.js';

const arn = (kind: string): string => `arn:aws:bedrock:us-east-1:123456789012:${kind}/abcdefghijkl`;
const NOVA = 'us.amazon.nova-lite-v1:0';

const MODELS = {
  [arn('application-inference-profile')]: NOVA,
  [arn('provisioned-model')]: 'amazon.nova-lite-v1:0',
  [arn('custom-model-deployment')]: arn('custom-model'),
  [arn('custom-model')]: 'amazon.nova-lite-v1:0',
  [arn('prompt')]: arn('application-inference-profile'),
  'a-name': NOVA,
  [arn('prompt-router')]: 'acme.unheard-of-v1',
};

describe('readKnownModels', () => {
  it.each([
    ['application-inference-profile', 'geo:us', undefined],
    ['provisioned-model', 'inRegion', 'provisioned'],
    ['custom-model-deployment', 'custom', undefined],
    ['prompt', 'geo:us', undefined],
  ])('knows the scope and the billing of a %s', async (kind, scope, billing) => {
    const known = (await readKnownModels(MODELS)).get(arn(kind));
    expect(known).toMatchObject({ scope, model: { id: 'amazon.nova-lite-v1:0' } });
    expect(known?.billing).toBe(billing);
  });

  it('leaves out what leads to no known model, and takes plain names', async () => {
    const known = await readKnownModels(MODELS);
    expect(known.has(arn('prompt-router'))).toBe(false);
    expect(known.get('a-name')?.scope).toBe('geo:us');
  });

  it('reads a map once', () => {
    expect(readKnownModels(MODELS)).toBe(readKnownModels(MODELS));
  });
});

describe('followModels', () => {
  it('follows from ARN to ARN, and stops in a circle', () => {
    expect(followModels(arn('prompt'), MODELS)).toBe(NOVA);
    expect(followModels('other', MODELS)).toBe('other');
    expect(['one', 'two']).toContain(followModels('one', { one: 'two', two: 'one' }));
    expect(followModels('toString', {})).toBe('toString');
  });
});

describe('a receipt', () => {
  const receipt = async (modelId: string) => {
    const call = await aCall(aView({ modelId }), { models: MODELS });
    attempted(call, call.original, { inputTokens: 1_000, outputTokens: 100 });
    call.settle();
    return call.attempts[0]!;
  };

  it('prices an application profile as what it copies', async () => {
    expect((await receipt(arn('application-inference-profile'))).cost?.picoUsd).toBe(
      (await receipt(NOVA)).cost?.picoUsd,
    );
  });

  it('books no marginal cost on provisioned throughput', async () => {
    expect(await receipt(arn('provisioned-model'))).toMatchObject({
      mode: 'provisioned',
      cost: { picoUsd: 0n },
    });
  });

  it('does not know the cost of an imported model, which is paid by windows of five minutes', async () => {
    expect(await receipt(arn('imported-model'))).toMatchObject({ mode: 'imported', cost: undefined });
  });

  it('does not guess what stands behind an ARN that nobody named', async () => {
    const unknown = arn('provisioned-model').replace('abc', 'xyz');
    expect(await receipt(unknown)).toMatchObject({ servedModel: unknown, scope: 'unknown', cost: undefined });
  });
});
