import { describe, expect, it } from 'vitest';
import { readModel } from './packed-model.js';
import type { CatalogueModel } from './types.js';

const FAMILY = 'dnova f111001010 tflex hoptional b5 c1024,4,20000,5m+1h,ts,ei,a yd';
const read = (traits: string): CatalogueModel => readModel('a.b', `${FAMILY} ${traits}`.trimEnd(), '', []);

describe('readModel', () => {
  it('reads what a family shares', () => {
    expect(read('')).toEqual({
      id: 'a.b',
      provider: 'a',
      kind: 'text',
      dialect: 'nova',
      profiles: [],
      usageSemantics: 'net',
      capabilities: {
        converse: true,
        streaming: true,
        tools: true,
        images: false,
        documents: false,
        systemPrompts: true,
        structuredOutput: false,
        batch: true,
        countTokens: false,
        tiers: ['flex'],
        thinking: 'optional',
        outputBurndown: 5,
        cache: {
          minTokens: 1_024,
          maxPoints: 4,
          maxTokens: 20_000,
          ttls: ['5m', '1h'],
          sections: ['tools', 'system'],
          explicit: true,
          implicit: true,
          certainty: 'assumed',
        },
        certainty: 'documented',
      },
      lifecycle: {},
      prices: [],
    });
  });

  it('lets the model have the last word', () => {
    const { capabilities } = read('f000000000 t h b c a09c yt');
    expect(capabilities).toMatchObject({ converse: false, tiers: [], certainty: 'third-party' });
    expect(capabilities.assumed).toEqual(['converse', 'tiers', 'cache']);
    expect(capabilities).not.toHaveProperty('cache');
  });

  it('reads what is the model alone', () => {
    expect(read('kembedding dcohere-embed w512 m64 gguejvi ran p= ug')).toMatchObject({
      kind: 'embedding',
      dialect: 'cohere-embed',
      contextWindow: 512,
      maxOutputTokens: 64,
      profiles: ['global', 'us', 'eu', 'jp', 'us-gov', 'in'],
      inRegion: ['us-east-1', 'eu-west-1'],
      pricedRegions: ['us-east-1', 'eu-west-1'],
      usageSemantics: 'gross',
    });
  });

  it('tells nowhere from not known', () => {
    expect(read('r').inRegion).toEqual([]);
    expect(read('').inRegion).toBeUndefined();
    expect(read('pa')).toMatchObject({ pricedRegions: ['us-east-1'] });
  });

  it('reads lifecycles', () => {
    expect(read('l2026-01-01 x2026-04-01 e2026-10-01 va').lifecycle).toEqual({
      legacyFrom: '2026-01-01',
      extendedAccessFrom: '2026-04-01',
      endOfLife: '2026-10-01',
      certainty: 'assumed',
    });
  });

  it('reads caches without limit, without times to live, and implicit only', () => {
    const { cache } = read('c1024,4,,,tsm,i,d').capabilities;
    expect(cache).toMatchObject({
      ttls: [],
      explicit: false,
      implicit: true,
      sections: ['tools', 'system', 'messages'],
    });
    expect(cache).not.toHaveProperty('maxTokens');
  });
});
