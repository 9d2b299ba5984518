/** What the process that is killed and its parent know of the corpus and the place of its jobs. */
export const BULK = {
  model: 'amazon.titan-embed-text-v2:0',
  bucket: 'vectors',
  roleArn: 'arn:aws:iam::123456789012:role/batch',
  source: Array.from({ length: 120 }, (_, index) => ({
    id: `${index}`,
    text: `Article ${index} of the rules.`,
  })),
} as const;
