/**
 * Providers whose models are sold through the Marketplace: their costs stand under a service of the model's own name,
 * not under Amazon Bedrock (model cards; Price List offer AmazonBedrockFoundationModels). A budget on Amazon Bedrock
 * alone would not see a cent of Claude.
 */
const MARKETPLACE_PROVIDERS: ReadonlySet<string> = new Set([
  'ai21',
  'anthropic',
  'cohere',
  'luma',
  'openai',
  'stability',
  'twelvelabs',
  'writer',
]);

const BEDROCK = 'Amazon Bedrock';
const editionOf = (model: string): string => `${model} (Amazon Bedrock Edition)`;

/** Whether a service of a bill is one of Bedrock's. */
const isBedrockService = (service: string): boolean => /\bBedrock\b/.test(service);

/**
 * The services under which a bill lists Bedrock: its own name, one for each model that the Marketplace sells, as the
 * catalogue knows them, and those that the account has been billed for.
 */
export async function bedrockServiceNames(billed: readonly string[]): Promise<string[]> {
  const { CATALOGUE } = await import('@costkit/pricing/catalogue');
  const models = [...CATALOGUE.values()].filter(({ provider }) => MARKETPLACE_PROVIDERS.has(provider));
  const editions = models.flatMap(({ name }) => (name === undefined ? [] : [editionOf(name)]));
  return [...new Set([BEDROCK, ...editions, ...billed.filter(isBedrockService)])].sort();
}
