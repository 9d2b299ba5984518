/** The offers that hold prices per token: models that AWS bills itself, and models that AWS Marketplace bills. */
export const BEDROCK_OFFERS: readonly string[] = ['AmazonBedrock', 'AmazonBedrockFoundationModels'];
