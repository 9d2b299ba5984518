import type { CatalogueModel } from './types.js';

/**
 * An imported model (Custom Model Import) as a catalogue model: its weights are the user's own, so the catalogue
 * knows nothing of it but that its tokens are never billed.
 */
export function importedModel(arn: string): CatalogueModel {
  return {
    id: arn,
    provider: 'imported',
    name: 'Imported model',
    kind: 'text',
    dialect: 'unknown',
    profiles: [],
    usageSemantics: 'net',
    capabilities: {
      converse: false,
      streaming: true,
      tools: false,
      images: false,
      documents: false,
      systemPrompts: false,
      structuredOutput: false,
      batch: false,
      countTokens: false,
      tiers: [],
      thinking: 'none',
      outputBurndown: 1,
      certainty: 'assumed',
    },
    lifecycle: {},
    prices: [],
  };
}
