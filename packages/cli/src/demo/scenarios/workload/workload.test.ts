import { get_encoding, type Tiktoken } from 'tiktoken';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ENRICHMENT_PROMPT, REVIEW_DOCUMENTS } from './nightly-documents.js';
import { PRODUCTS, ZONES } from './shop.js';
import { SUPPORT_PROMPT } from './support-prompt.js';
import { orderTotalCents, SUPPORT_QUESTIONS } from './support-questions.js';

let encoding: Tiktoken;
beforeAll(() => {
  encoding = get_encoding('o200k_base');
});
afterAll(() => encoding.free());
const tokens = (text: string): number => encoding.encode(text).length;

describe('SUPPORT_PROMPT', () => {
  it('has 3,000 ± 150 tokens', () => {
    expect(Math.abs(tokens(SUPPORT_PROMPT) - 3_000)).toBeLessThanOrEqual(150);
  });

  it('asks for no brevity, which is a lever of its own', () => {
    expect(SUPPORT_PROMPT + ENRICHMENT_PROMPT).not.toMatch(/brief|concise|short answer|sentences/i);
  });
});

describe('SUPPORT_QUESTIONS', () => {
  it('are 160 easy and 40 hard ones', () => {
    expect(SUPPORT_QUESTIONS.filter(({ task }) => task === 'lookup')).toHaveLength(160);
    expect(SUPPORT_QUESTIONS.filter(({ task }) => task === 'order-total')).toHaveLength(40);
  });

  it('have 40 to 120 tokens each', () => {
    const counts = SUPPORT_QUESTIONS.map(({ text }) => tokens(text));
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(40);
    expect(Math.max(...counts)).toBeLessThanOrEqual(120);
  });

  it('ask each question once', () => {
    expect(new Set(SUPPORT_QUESTIONS.map(({ core }) => core)).size).toBe(200);
  });
});

describe('orderTotalCents', () => {
  const [product] = PRODUCTS;
  const [home] = ZONES;

  it('takes the club discount off the goods before delivery becomes free', () => {
    const lines = [{ product: { ...product!, priceCents: 27_000 }, count: 1 }];
    expect(orderTotalCents(lines, { member: false, express: false, zone: home! })).toBe(27_000);
    expect(orderTotalCents(lines, { member: true, express: false, zone: home! })).toBe(24_840 + 490);
    expect(orderTotalCents(lines, { member: false, express: true, zone: home! })).toBe(27_000 + 1_190);
  });
});

describe('REVIEW_DOCUMENTS', () => {
  it('are 300 of 1,000 to 1,500 tokens', () => {
    const counts = REVIEW_DOCUMENTS.map(({ text }) => tokens(text));
    expect(counts).toHaveLength(300);
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(1_000);
    expect(Math.max(...counts)).toBeLessThanOrEqual(1_500);
  });
});
