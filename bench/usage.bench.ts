import { normaliseUsage, readResponse, viewRequest } from '@costkit/core/views';
import { resolveModel } from '@costkit/pricing';
import { extractUsage, findProvider } from '@pydantic/genai-prices';
import type { Comparison } from './comparison.js';

const MODEL = 'us.anthropic.claude-sonnet-4-5-20250929-v1:0';
const ANSWER = {
  output: { message: { role: 'assistant', content: [{ text: 'Yes, within thirty days.' }] } },
  stopReason: 'end_turn',
  usage: {
    inputTokens: 420,
    outputTokens: 12,
    totalTokens: 3_632,
    cacheReadInputTokens: 0,
    cacheWriteInputTokens: 3_200,
    cacheDetails: [{ ttl: '1h', inputTokens: 3_200 }],
  },
};

/** Reading what an answer used, beside the package that others use, which does not split writes by time to live. */
export function comparisons(): readonly Comparison[] {
  const provider = findProvider({ providerId: 'aws' });
  if (provider === undefined) throw new Error('genai-prices knows no provider called aws');
  const model = resolveModel(MODEL)?.model;
  const request = viewRequest('Converse', { modelId: MODEL, messages: [] });
  const result = { output: ANSWER, response: undefined };
  return [
    {
      title: 'read the usage of a Converse answer',
      baseline: '@pydantic/genai-prices',
      cases: {
        '@pydantic/genai-prices': () => extractUsage(provider, ANSWER, 'default'),
        'normaliseUsage, counts only': () =>
          normaliseUsage(
            {
              input: 420,
              output: 12,
              total: 3_632,
              cacheRead: 0,
              cacheWrite: 3_200,
              writes: { '1h': 3_200 },
            },
            model,
          ),
        'readResponse, text and tools too': () => readResponse(request, result),
      },
      limits: [{ case: 'readResponse, text and tools too', atMostRatio: 1 }],
    },
  ];
}
