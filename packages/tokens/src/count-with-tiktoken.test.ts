import { CostkitError } from '@costkit/pricing';
import { get_encoding } from 'tiktoken';
import { describe, expect, it, vi } from 'vitest';
import { countWithTiktoken } from './count-with-tiktoken.js';
import { encodedTokens } from './encoded-tokens.js';
import { TokenizerMissingError } from './errors.js';
import { estimateTokens } from './estimate-tokens.js';

const O200K = 'openai.gpt-oss-120b-1:0';
const TEXT =
  'Antidisestablishmentarianism confounds estimators; counting does not mind. 保修期为二十四个月。';

function exactly(text: string): number {
  const encoding = get_encoding('o200k_base');
  try {
    return encoding.encode_ordinary(text).length;
  } finally {
    encoding.free();
  }
}

describe('countWithTiktoken', () => {
  it('counts the text of a model that uses o200k exactly', async () => {
    const counted = await countWithTiktoken(TEXT, { model: O200K });
    expect(counted).toMatchObject({ tokens: exactly(TEXT), method: 'tiktoken', unknown: [] });
  });

  it('is surer than the estimate, and no surer than the family allows', async () => {
    const text = TEXT.repeat(20);
    for (const model of [O200K, 'anthropic.claude-sonnet-4-6']) {
      const counted = await countWithTiktoken(text, { model });
      const estimated = estimateTokens(text, { model });
      expect(counted.high / counted.low).toBeLessThan(estimated.high / estimated.low);
    }
    const { low, high } = await countWithTiktoken(text, { model: 'anthropic.claude-sonnet-4-6' });
    expect(high / low).toBeGreaterThan(1.2);
  });

  it('counts every text of a request', async () => {
    const request = {
      system: [{ text: TEXT }],
      messages: [{ content: [{ text: 'Why?' }, { toolResult: { content: [{ json: { a: 1 } }] } }] }],
    };
    const { parts } = await countWithTiktoken(request, { model: O200K });
    expect(parts.words + parts.signs + parts.cjk + parts.scripts).toBeCloseTo(
      exactly(TEXT) + exactly('Why?') + exactly('{"a":1}'),
      6,
    );
  });

  // Half a minute, while the time grew with the square of the length.
  it('counts a word of 200,000 letters in a moment', { timeout: 10_000 }, async () => {
    const { tokens } = await countWithTiktoken('x'.repeat(200_000), { model: 'openai.gpt-oss-120b-1:0' });
    expect(tokens).toBeGreaterThanOrEqual(25_000);
    expect(tokens).toBeLessThan(25_010);
  });

  it('counts an empty text as nothing', async () => {
    expect(await countWithTiktoken('', { model: O200K })).toMatchObject({ tokens: 0, low: 0, high: 0 });
  });

  it('treats what looks like a special token as text', async () => {
    expect((await countWithTiktoken('<|endoftext|>', { model: O200K })).tokens).toBeGreaterThan(1);
  });
});

describe('TokenizerMissingError', () => {
  it('says what to install when tiktoken is not there, and keeps the cause', async () => {
    vi.resetModules();
    vi.doMock('tiktoken', () => {
      throw new Error('Cannot find package tiktoken');
    });
    const { countWithTiktoken: count } = await import('./count-with-tiktoken.js');
    const error = await count('text', { model: O200K }).catch((reason: unknown) => reason);
    vi.doUnmock('tiktoken');
    expect(CostkitError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({
      name: 'TokenizerMissingError',
      code: 'COSTKIT_TOKENIZER_MISSING',
      message:
        'costkit tokens: exact counts need the package "tiktoken", which could not be loaded. ' +
        'Install it (npm install tiktoken), or use estimateTokens.',
    });
    expect((error as Error).cause).toBeInstanceOf(Error);
  });

  it('reaches the caller of a loader that fails', async () => {
    const failing = (): Promise<never> => Promise.reject(new TokenizerMissingError());
    await expect(encodedTokens(failing, 'text', { model: O200K })).rejects.toBeInstanceOf(
      TokenizerMissingError,
    );
  });
});
