import type { CatalogueModel } from '@costkit/pricing/catalogue';
import { describe, expect, it } from 'vitest';
import { catalogueRow } from '../../tests/_catalogue-row.js';
import { resolveModel, serveModel } from './resolve-model.js';

const model = catalogueRow({ profiles: ['us', 'eu', 'global', 'us-gov'], inRegion: ['eu-west-2'] });
const anywhere = catalogueRow({ id: 'maker.open-v1', profiles: [] });
const { inRegion: _, ...unknownRegions } = anywhere;
const catalogue: ReadonlyMap<string, CatalogueModel> = new Map([
  [model.id, model],
  ['maker.open-v1', { ...unknownRegions, id: 'maker.open-v1' }],
]);
const NO_ALIASES = new Map<string, string>();

describe('resolveModel', () => {
  it.each([
    ['maker.model-v1', 'eu-west-2', 'inRegion'],
    ['maker.model-v1', 'us-gov-west-1', 'govcloud'],
    ['us.maker.model-v1', 'us-east-1', 'geo:us'],
    ['global.maker.model-v1', 'us-east-1', 'global'],
    ['us-gov.maker.model-v1', 'us-gov-west-1', 'govcloud'],
    ['arn:aws:bedrock:us-east-1::foundation-model/maker.model-v1', 'us-east-1', 'inRegion'],
    ['arn:aws:bedrock:us-east-1:123456789012:inference-profile/eu.maker.model-v1', 'us-east-1', 'geo:eu'],
    ['arn:aws-us-gov:bedrock:us-gov-west-1::foundation-model/maker.model-v1', 'us-gov-west-1', 'govcloud'],
  ])('finds %s from %s in scope %s', (id, region, scope) => {
    expect(resolveModel(id, catalogue, NO_ALIASES, region)).toMatchObject({ model, scope, billing: 'token' });
  });

  it.each([
    '',
    'maker',
    'jp.maker.model-v1',
    'us.us.maker.model-v1',
    'maker.model',
    'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abcdefghijkl',
    'arn:aws:s3:::bucket',
  ])('knows no model behind "%s"', (id) => {
    expect(resolveModel(id, catalogue, NO_ALIASES, 'us-east-1')).toBeUndefined();
  });

  it('follows aliases of aliases, and does not turn in circles', () => {
    const aliases = new Map([
      ['one', 'two'],
      ['two', 'us.maker.model-v1'],
      ['left', 'right'],
      ['right', 'left'],
    ]);
    expect(resolveModel('one', catalogue, aliases, 'us-east-1')).toMatchObject({ scope: 'geo:us' });
    expect(resolveModel('left', catalogue, aliases, 'us-east-1')).toBeUndefined();
  });
});

describe('serveModel', () => {
  const serve = (id: string, region: string) => serveModel(id, catalogue, NO_ALIASES, region);

  it.each([
    ['us.maker.model-v1', 'us-west-2'],
    ['us.maker.model-v1', 'ca-central-1'],
    ['eu.maker.model-v1', 'eu-north-1'],
    ['global.maker.model-v1', 'ap-south-1'],
    ['maker.model-v1', 'eu-west-2'],
    ['maker.open-v1', 'sa-east-1'],
  ])('serves %s from %s', (id, region) => {
    expect(serve(id, region).model.id).toBe(id.replace(/^(us|eu|global)\./, ''));
  });

  it.each([
    ['us.maker.model-v1', 'eu-west-1', 'The provided model identifier is invalid.'],
    ['eu.maker.model-v1', 'us-gov-west-1', 'The provided model identifier is invalid.'],
    ['maker.model-v1', 'us-east-1', 'on-demand throughput isn\u2019t supported'],
    ['no.model', 'us-east-1', 'The provided model identifier is invalid.'],
  ])('refuses %s from %s', (id, region, message) => {
    expect(() => serve(id, region)).toThrow(message);
  });
});
