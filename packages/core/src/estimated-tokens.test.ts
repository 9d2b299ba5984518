import { describe, expect, it } from 'vitest';
import { estimatedTokens } from './estimated-tokens.js';
import { viewRequest } from './view-request.js';

const view = viewRequest('Converse', {
  modelId: 'us.amazon.nova-lite-v1:0',
  system: [{ text: 'Be brief. '.repeat(50) }],
  messages: [
    { role: 'user', content: [{ image: { format: 'png', source: {} } }, { text: 'What is this?' }] },
  ],
});

describe('estimatedTokens', () => {
  it('estimates block by block, media as nothing, and adds up', () => {
    const { total, perBlock } = estimatedTokens(view);
    expect(perBlock).toHaveLength(3);
    expect(perBlock[0]).toBeGreaterThan(100);
    expect(perBlock[1]).toBe(0);
    expect(perBlock.reduce((sum, tokens) => sum + tokens, 0)).toBeCloseTo(total);
  });

  it('is made once for all views of one request', () => {
    expect(estimatedTokens(view.withMaxTokens(9).withModel('other'))).toBe(estimatedTokens(view));
    expect(estimatedTokens(view.withInstruction('Briefly.'))).not.toBe(estimatedTokens(view));
  });
});
