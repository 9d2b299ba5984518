import { describe, expect, it } from 'vitest';
import { windowCost } from './window-cost.js';
import { windowMessages } from './window-messages.js';

const MODEL = 'us.anthropic.claude-sonnet-4-5-20250929-v1:0';
const conversationOf = (sentences: number) =>
  Array.from({ length: 40 }, (_, index) => ({
    role: index % 2 === 0 ? 'user' : 'assistant',
    content: [{ text: `Turn ${index}. ${'The parcel is on its way to the customer. '.repeat(sentences)}` }],
  }));
const conversation = conversationOf(40);
const half = windowMessages(conversation, { maxTokens: 9_000 });

describe('windowCost', () => {
  it('says that a trim of a cached conversation does not pay when few requests follow, and does when many do', () => {
    const few = windowCost(conversation, half, { model: MODEL, requests: 2 });
    expect(few.pays).toBe(false);
    expect(few.window?.usd).toBeGreaterThan(few.whole?.usd as number);
    expect(windowCost(conversation, half, { model: MODEL, requests: 60 }).pays).toBe(true);
  });

  it('says that every trim pays where nothing is cached', () => {
    const { pays, whole, window } = windowCost(conversation, half, {
      model: MODEL,
      requests: 1,
      cached: false,
    });
    expect(pays).toBe(true);
    expect(window?.usd).toBeLessThan(whole?.usd as number);
  });

  it('says that a trim below what the model caches costs more for good', () => {
    const short = conversationOf(6);
    const little = windowMessages(short, { maxTokens: 700 });
    const options = { model: MODEL, requests: 100 };
    const { pays, whole, window } = windowCost(short, little, options);
    expect(pays).toBe(false);
    expect(window?.usd).toBeGreaterThan(whole?.usd as number);
    expect(windowCost(short, little, { ...options, stableTokens: 5_000 }).pays).toBe(true);
    expect(windowCost(short, little, { ...options, cached: false }).pays).toBe(true);
  });

  it('takes a window that leaves nothing out for what it is', () => {
    const { pays, whole, window } = windowCost(conversation, conversation, { model: MODEL, requests: 3 });
    expect([pays, window?.picoUsd]).toEqual([false, whole?.picoUsd]);
  });

  it('says nothing of prices that it does not know, and rejects what is wrong', () => {
    expect(windowCost(conversation, half, { model: 'nobody.knows', requests: 9 })).toEqual({
      whole: undefined,
      window: undefined,
      pays: false,
    });
    expect(() => windowCost(conversation, half, { model: MODEL, requests: 0 })).toThrow(
      'option "requests" must',
    );
    expect(() => windowCost(conversation, half, { model: MODEL } as never)).toThrow(
      'option "requests" is missing',
    );
  });
});
