/** What the dying process and its parent know of the batch. */
export const MODEL = 'us.amazon.nova-2-lite-v1:0';
export const BUCKET = 'reviews';
export const ROLE = 'arn:aws:iam::123456789012:role/batch';
/** Three jobs, or two and some that go one by one. */
export const DYING_RECORDS = 64;
export const DYING_QUOTAS = { minRecords: 10, maxRecords: 25 } as const;

/** A record that asks for a summary. */
export const inputOf = (index: number, maxTokens?: number, text = 'Summarise review number') => ({
  messages: [{ role: 'user', content: [{ text: `${text} ${index}.` }] }],
  ...(maxTokens === undefined ? {} : { inferenceConfig: { maxTokens } }),
});
