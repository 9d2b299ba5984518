import { CATALOGUE, type CatalogueModel } from '@costkit/pricing/catalogue';
import { describe, expect, it } from 'vitest';
import { catalogueRow } from '../../tests/_catalogue-row.js';
import { converseUsage, invocationMetrics, type ReportedUsage, tokenCountHeaders } from './usage-members.js';

const NOTHING_CACHED = { input: 100, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0 };
const CACHED = { input: 10, cacheRead: 40, cacheWrite5m: 20, cacheWrite1h: 30 };
const usage = (changes: Partial<ReportedUsage> = {}): ReportedUsage => ({
  split: NOTHING_CACHED,
  outputTokens: 7,
  thinkingTokens: 0,
  cachePointSent: false,
  ...changes,
});
const model = (id: string): CatalogueModel => CATALOGUE.get(id) ?? catalogueRow();
const CLAUDE = model('anthropic.claude-haiku-4-5-20251001-v1:0');
const NOVA = model('amazon.nova-lite-v1:0');
const QWEN = model('qwen.qwen3-32b-v1:0');
const GPT = model('openai.gpt-5.6-sol');

describe('converseUsage', () => {
  const cacheMembers = (reported: Record<string, unknown>): string[] =>
    Object.keys(reported).filter((name) => name.startsWith('cache'));
  const READ_AND_WRITE = [
    'cacheReadInputTokenCount',
    'cacheReadInputTokens',
    'cacheWriteInputTokenCount',
    'cacheWriteInputTokens',
  ];

  it.each([
    ['Claude', CLAUDE, false, {}, READ_AND_WRITE],
    ['Claude in a stream', CLAUDE, true, {}, []],
    ['Claude in a stream that cached', CLAUDE, true, { split: CACHED }, [...READ_AND_WRITE, 'cacheDetails']],
    ['Nova without a cache point', NOVA, false, {}, []],
    ['Nova with a cache point', NOVA, true, { cachePointSent: true }, READ_AND_WRITE],
    ['Nova that cached', NOVA, false, { split: CACHED, cachePointSent: true }, READ_AND_WRITE],
    ['a model without a cache', QWEN, false, {}, []],
  ])('sends the members %s sends', (_, of, streamed, changes, expected) => {
    expect(cacheMembers(converseUsage(of, usage(changes), streamed))).toEqual(expected);
  });

  it('adds up to totalTokens, the aliases counted once', () => {
    for (const of of [CLAUDE, NOVA]) {
      const reported = converseUsage(of, usage({ split: CACHED }), false);
      expect(reported).toMatchObject({ inputTokens: 10, outputTokens: 7, totalTokens: 107 });
      expect(reported['cacheReadInputTokenCount']).toBe(reported['cacheReadInputTokens']);
      expect(reported['cacheWriteInputTokens']).toBe(50);
    }
  });

  it('tells writes by lifetime, the longer first', () => {
    expect(converseUsage(CLAUDE, usage({ split: CACHED }), false)['cacheDetails']).toEqual([
      { ttl: '1h', inputTokens: 30 },
      { ttl: '5m', inputTokens: 20 },
    ]);
  });

  it('includes cached tokens in the input of families that report it so', () => {
    expect(GPT.usageSemantics).toBe('gross');
    const split = { input: 10, cacheRead: 40, cacheWrite5m: 0, cacheWrite1h: 0 };
    expect(converseUsage(GPT, usage({ split }), false)).toMatchObject({
      inputTokens: 50,
      cacheReadInputTokens: 40,
      totalTokens: 57,
    });
  });
});

describe('tokenCountHeaders', () => {
  it('sends cache counts always for Nova, for others when something was cached', () => {
    expect(tokenCountHeaders(NOVA, usage())).toHaveProperty(
      'x-amzn-bedrock-cache-read-input-token-count',
      '0',
    );
    expect(tokenCountHeaders(CLAUDE, usage())).not.toHaveProperty(
      'x-amzn-bedrock-cache-read-input-token-count',
    );
    expect(tokenCountHeaders(CLAUDE, usage({ split: CACHED }))).toEqual({
      'x-amzn-bedrock-input-token-count': '10',
      'x-amzn-bedrock-output-token-count': '7',
      'x-amzn-bedrock-cache-read-input-token-count': '40',
      'x-amzn-bedrock-cache-write-input-token-count': '50',
    });
  });

  it('sends the input count alone for embeddings', () => {
    expect(Object.keys(tokenCountHeaders(catalogueRow({ kind: 'embedding' }), usage()))).toEqual([
      'x-amzn-bedrock-input-token-count',
    ]);
  });
});

describe('invocationMetrics', () => {
  it('holds counts and times', () => {
    expect(invocationMetrics(CLAUDE, usage({ split: CACHED }), { totalMs: 90, firstByteMs: 30 })).toEqual({
      inputTokenCount: 10,
      outputTokenCount: 7,
      invocationLatency: 90,
      firstByteLatency: 30,
      cacheReadInputTokenCount: 40,
      cacheWriteInputTokenCount: 50,
    });
  });
});
