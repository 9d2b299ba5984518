import { CATALOGUE } from '@costkit/pricing/catalogue';
import { describe, expect, it } from 'vitest';
import { GEOGRAPHIES } from './geographies.js';

describe('GEOGRAPHIES', () => {
  it('knows every prefix of the catalogue', () => {
    for (const { id, profiles } of CATALOGUE.values()) {
      for (const prefix of profiles) expect(GEOGRAPHIES.has(prefix), `${prefix} of ${id}`).toBe(true);
    }
  });

  it.each([
    ['us', 'us-west-2', true],
    ['us', 'us-gov-west-1', false],
    ['eu', 'eu-central-1', true],
    ['eu', 'us-east-1', false],
    ['jp', 'ap-northeast-1', true],
    ['global', 'ap-south-1', true],
    ['global', 'us-gov-west-1', false],
  ])('%s from %s: %s', (prefix, region, callable) => {
    expect(GEOGRAPHIES.get(prefix)?.sources.test(region)).toBe(callable);
  });
});
