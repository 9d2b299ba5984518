import { viewRequest } from '@costkit/core/views';
import { describe, expect, it } from 'vitest';
import { requestFingerprint } from './request-fingerprint.js';

const ask = (texts: readonly string[], modelId = 'amazon.nova-lite-v1:0'): number =>
  requestFingerprint(
    viewRequest('Converse', {
      modelId,
      messages: texts.map((text, index) => ({
        role: index % 2 === 0 ? 'user' : 'assistant',
        content: [{ text }],
      })),
    }),
  );

describe('requestFingerprint', () => {
  it('is the same for the same question', () => {
    expect(ask(['hello'])).toBe(ask(['hello']));
  });

  it('is the same when a conversation grows but asks the same again', () => {
    expect(ask(['again'])).toBe(ask(['first', 'answer', 'again']));
  });

  it('differs with the last message, wherever it differs', () => {
    const long = 'x'.repeat(10_000);
    const prints = [
      ask(['a']),
      ask(['b']),
      ask([long]),
      ask([`${long}y`]),
      ask([`y${long}`]),
      ask([`${long}x`]),
      ask(['']),
    ];
    expect(new Set(prints).size).toBe(prints.length);
  });

  it('differs with the model', () => {
    expect(ask(['a'])).not.toBe(ask(['a'], 'amazon.nova-pro-v1:0'));
  });
});
