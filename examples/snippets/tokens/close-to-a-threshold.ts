import { countWithTiktoken, estimateTokens, type TokenEstimate } from '@costkit/tokens';

const model = 'us.anthropic.claude-haiku-4-5-20251001-v1:0';
const maxTokens = 4_000;

/** Counts only when the estimate cannot tell on which side of the limit the text lies. */
async function countIfClose(text: string): Promise<TokenEstimate> {
  const estimate = estimateTokens(text, { model });
  const close = estimate.low < maxTokens && estimate.high > maxTokens;
  return close ? countWithTiktoken(text, { model }) : estimate;
}

const sentence = 'The warranty covers defects in materials and workmanship. ';
for (const text of [sentence.repeat(50), sentence.repeat(330), sentence.repeat(2_000)]) {
  const { tokens, method } = await countIfClose(text);
  console.log(`${text.length} characters: ${tokens} tokens, ${method}`);
}
