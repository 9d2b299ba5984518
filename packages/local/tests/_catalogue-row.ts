import type { CatalogueModel } from '@costkit/pricing/catalogue';

/** A row with round numbers, so that a test can be checked by head. */
export function catalogueRow(changes: Partial<CatalogueModel> = {}): CatalogueModel {
  return {
    id: 'maker.model-v1',
    provider: 'maker',
    name: 'Model',
    kind: 'text',
    dialect: 'anthropic',
    contextWindow: 10_000,
    maxOutputTokens: 1_000,
    profiles: ['us', 'global'],
    inRegion: ['us-east-1'],
    usageSemantics: 'net',
    lifecycle: {},
    prices: [
      {
        scope: 'inRegion',
        tier: 'standard',
        rates: { input: 1_000, output: 5_000, cacheRead: 100, cacheWrite5m: 1_250, cacheWrite1h: 2_000 },
        source: 'test',
        certainty: 'assumed',
      },
    ],
    capabilities: {
      converse: true,
      streaming: true,
      tools: true,
      images: true,
      documents: true,
      systemPrompts: true,
      structuredOutput: true,
      batch: true,
      countTokens: true,
      tiers: ['flex', 'priority'],
      thinking: 'none',
      outputBurndown: 5,
      cache: {
        minTokens: 100,
        maxPoints: 4,
        ttls: ['5m', '1h'],
        sections: ['tools', 'system', 'messages'],
        explicit: true,
        implicit: true,
        certainty: 'assumed',
      },
      certainty: 'assumed',
    },
    ...changes,
  };
}
