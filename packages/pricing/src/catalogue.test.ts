import { describe, expect, it } from 'vitest';
import { CATALOGUE, PRICE_SOURCES } from './catalogue.js';
import { listModels } from './list-models.js';
import type { CatalogueModel } from './types.js';

const model = (id: string): CatalogueModel => {
  const found = CATALOGUE.get(id);
  if (found === undefined) throw new Error(`no ${id}`);
  return found;
};

describe('CATALOGUE', () => {
  it('is a map that reads each model once', () => {
    expect(CATALOGUE.size).toBeGreaterThanOrEqual(160);
    expect(CATALOGUE.has('amazon.nova-lite-v1:0')).toBe(true);
    expect(CATALOGUE.get('amazon.nova-lite-v1:0')).toBe(model('amazon.nova-lite-v1:0'));
    expect(CATALOGUE.get('acme.super-1')).toBeUndefined();
    const ids = [...CATALOGUE.keys()];
    expect([...CATALOGUE.values()].map(({ id }) => id)).toEqual(ids);
    expect([...CATALOGUE].map(([id]) => id)).toEqual(ids);
    const visited: string[] = [];
    CATALOGUE.forEach((value, id, map) => {
      expect(map.get(id)).toBe(value);
      visited.push(id);
    });
    expect(visited).toEqual(ids);
    expect(listModels().map(({ id }) => id)).toEqual(ids);
  });

  it('holds every provider, and what is not text', () => {
    expect(new Set(listModels().map(({ provider }) => provider))).toEqual(
      new Set([
        'ai21',
        'amazon',
        'anthropic',
        'cohere',
        'deepseek',
        'google',
        'luma',
        'meta',
        'minimax',
        'mistral',
        'moonshot',
        'moonshotai',
        'nvidia',
        'openai',
        'qwen',
        'stability',
        'twelvelabs',
        'writer',
        'xai',
        'zai',
      ]),
    );
    expect(new Set(listModels().map(({ kind }) => kind))).toEqual(
      new Set(['text', 'embedding', 'speech', 'image', 'video', 'rerank']),
    );
  });

  it('names a dated source and a certainty on every price row', () => {
    for (const { id, prices } of listModels()) {
      for (const { source, confirmedBy, certainty } of prices) {
        expect(PRICE_SOURCES.get(source), `${id}: ${source}`).toMatch(/^\d{4}-\d\d-\d\d$/);
        if (confirmedBy !== undefined) expect(PRICE_SOURCES.get(confirmedBy)).toMatch(/^\d{4}-\d\d-\d\d$/);
        expect(['documented', 'third-party', 'assumed']).toContain(certainty);
      }
    }
  });

  // Caching rules: table of the user guide, with its corrections.
  it.each<[string, number, string[], string[]]>([
    ['anthropic.claude-opus-5-5', 512, ['5m', '1h'], ['tools', 'system', 'messages']],
    ['anthropic.claude-sonnet-5-5', 512, ['5m', '1h'], ['tools', 'system', 'messages']],
    ['anthropic.claude-haiku-5-5', 512, ['5m', '1h'], ['tools', 'system', 'messages']],
    ['anthropic.claude-fable-5-1', 512, ['5m', '1h'], ['tools', 'system', 'messages']],
    ['anthropic.claude-mythos-5', 512, ['5m', '1h'], ['tools', 'system', 'messages']],
    ['anthropic.claude-opus-5', 512, ['5m', '1h'], ['tools', 'system', 'messages']],
    ['anthropic.claude-opus-4-8', 1_024, ['5m', '1h'], ['tools', 'system', 'messages']],
    ['anthropic.claude-sonnet-5', 1_024, ['5m', '1h'], ['tools', 'system', 'messages']],
    ['anthropic.claude-sonnet-4-6', 1_024, ['5m', '1h'], ['tools', 'system', 'messages']],
    ['anthropic.claude-sonnet-4-5-20250929-v1:0', 1_024, ['5m', '1h'], ['tools', 'system', 'messages']],
    ['anthropic.claude-opus-4-7', 4_096, ['5m', '1h'], ['tools', 'system', 'messages']],
    ['anthropic.claude-opus-4-6-v1', 4_096, ['5m', '1h'], ['tools', 'system', 'messages']],
    ['anthropic.claude-opus-4-5-20251101-v1:0', 4_096, ['5m', '1h'], ['tools', 'system', 'messages']],
    ['anthropic.claude-haiku-4-5-20251001-v1:0', 4_096, ['5m', '1h'], ['tools', 'system', 'messages']],
    ['anthropic.claude-3-7-sonnet-20250219-v1:0', 1_024, ['5m'], ['tools', 'system', 'messages']],
    ['anthropic.claude-3-5-sonnet-20241022-v2:0', 1_024, ['5m'], ['tools', 'system', 'messages']],
    ['anthropic.claude-3-5-haiku-20241022-v1:0', 2_048, ['5m'], ['tools', 'system', 'messages']],
    ['anthropic.claude-opus-4-1-20250805-v1:0', 1_024, ['5m'], ['tools', 'system', 'messages']],
    ['amazon.nova-micro-v1:0', 1_024, ['5m'], ['system', 'messages']],
    ['amazon.nova-lite-v1:0', 1_024, ['5m'], ['system', 'messages']],
    ['amazon.nova-pro-v1:0', 1_024, ['5m'], ['system', 'messages']],
    ['amazon.nova-premier-v1:0', 1_024, ['5m'], ['system', 'messages']],
    ['amazon.nova-2-lite-v1:0', 1_024, ['5m'], ['system', 'messages']],
  ])('knows the caching rules of %s', (id, minTokens, ttls, sections) => {
    expect(model(id).capabilities.cache).toMatchObject({
      minTokens,
      maxPoints: 4,
      ttls,
      sections,
      explicit: true,
    });
  });

  it('limits what Nova caches, and lets GPT cache by itself only', () => {
    expect(model('amazon.nova-lite-v1:0').capabilities.cache?.maxTokens).toBe(20_000);
    expect(model('openai.gpt-5.6-sol').capabilities.cache).toMatchObject({
      explicit: false,
      implicit: true,
      ttls: ['30m'],
    });
  });

  it.each([
    'anthropic.claude-3-5-sonnet-20240620-v1:0',
    'anthropic.claude-3-haiku-20240307-v1:0',
    'deepseek.v3.2',
    'meta.llama3-3-70b-instruct-v1:0',
  ])('has no cache for %s: a cache point there is refused by the service', (id) => {
    expect(model(id).capabilities).not.toHaveProperty('cache');
  });

  it('is unsure of the minimum of Sonnet 4.6 and sure of the rest', () => {
    expect(model('anthropic.claude-sonnet-4-6').capabilities.cache?.certainty).toBe('assumed');
    expect(model('anthropic.claude-opus-5-5').capabilities.cache?.certainty).toBe('documented');
  });

  it.each<[string, boolean]>([
    ['anthropic.claude-opus-4-6-v1', true],
    ['anthropic.claude-opus-5', true],
    ['anthropic.claude-opus-4-7', false],
    ['anthropic.claude-opus-4-8', false],
    ['anthropic.claude-sonnet-5', false],
    ['anthropic.claude-sonnet-5-5', false],
    ['anthropic.claude-opus-5-5', false],
    ['anthropic.claude-haiku-5-5', false],
    ['anthropic.claude-fable-5', false],
    ['amazon.nova-2-lite-v1:0', true],
    ['amazon.titan-embed-text-v2:0', true],
    ['cohere.embed-v4:0', false],
    ['openai.gpt-oss-120b-1:0', true],
  ])('knows whether %s runs in batch: %s', (id, batch) => {
    expect(model(id).capabilities.batch).toBe(batch);
  });

  it('never gives Claude flex or priority', () => {
    for (const { provider, capabilities } of listModels()) {
      if (provider === 'anthropic')
        expect(capabilities.tiers.filter((tier) => tier === 'flex' || tier === 'priority')).toEqual([]);
    }
    expect(model('amazon.nova-lite-v1:0').capabilities.tiers).toEqual([]);
    expect(model('amazon.nova-pro-v1:0').capabilities.tiers).toEqual([
      'flex',
      'priority',
      'latencyOptimized',
    ]);
  });

  it.each<[string, number, string]>([
    ['anthropic.claude-opus-4-8', 15, 'optional'],
    ['anthropic.claude-opus-5-5', 10, 'always'],
    ['anthropic.claude-opus-5', 10, 'default'],
    ['anthropic.claude-sonnet-5', 10, 'default'],
    ['anthropic.claude-sonnet-5-5', 10, 'default'],
    ['anthropic.claude-fable-5-1', 10, 'always'],
    ['openai.gpt-5.6-sol', 10, 'default'],
    ['anthropic.claude-sonnet-4-6', 5, 'optional'],
    ['amazon.nova-lite-v1:0', 1, 'none'],
  ])('knows the burndown and thinking of %s', (id, outputBurndown, thinking) => {
    expect(model(id).capabilities).toMatchObject({ outputBurndown, thinking });
  });

  it('says which fields are assumptions', () => {
    expect(model('anthropic.claude-sonnet-5-5').capabilities.assumed).toContain('outputBurndown');
    expect(model('anthropic.claude-opus-5').capabilities.assumed).not.toContain('outputBurndown');
    expect(model('writer.palmyra-x5-v1:0').capabilities.certainty).toBe('assumed');
  });

  it.each<[string, object]>([
    ['amazon.nova-premier-v1:0', { endOfLife: '2026-09-14' }],
    ['anthropic.claude-3-haiku-20240307-v1:0', { endOfLife: '2026-09-10' }],
    ['anthropic.claude-sonnet-4-20250514-v1:0', { endOfLife: '2026-10-14' }],
    [
      'anthropic.claude-opus-4-1-20250805-v1:0',
      { extendedAccessFrom: '2026-10-08', endOfLife: '2027-01-08' },
    ],
    ['ai21.jamba-1-5-large-v1:0', { endOfLife: '2026-11-26' }],
    ['amazon.nova-canvas-v1:0', { endOfLife: '2026-11-22', certainty: 'assumed' }],
    ['anthropic.claude-opus-5-5', {}],
  ])('knows the lifecycle of %s', (id, lifecycle) => {
    expect(model(id).lifecycle).toEqual(lifecycle);
  });

  it('knows where bare ids can be called, as far as it is known', () => {
    expect(model('anthropic.claude-sonnet-5-5').inRegion).toEqual([]);
    expect(model('anthropic.claude-opus-5-5').inRegion).toEqual(['eu-west-2']);
    expect(model('amazon.nova-lite-v1:0').inRegion).toBeUndefined();
    expect(model('qwen.qwen3-32b-v1:0').inRegion).toContain('eu-central-1');
  });

  it('knows which counts include the cache', () => {
    expect(model('openai.gpt-5.6-sol').usageSemantics).toBe('gross');
    expect(model('anthropic.claude-opus-5-5').usageSemantics).toBe('net');
    expect(model('amazon.nova-lite-v1:0').usageSemantics).toBe('net');
  });

  it('has an empty row where the base Region must not stand in', () => {
    const rows = model('amazon.nova-pro-v1:0').prices.filter(
      ({ region, tier }) => region === 'eu-south-1' && tier === 'batch',
    );
    expect(rows.map(({ scope, rates }) => [scope, rates])).toEqual([['inRegion', {}]]);
  });

  it('knows the dialects of InvokeModel', () => {
    expect(model('amazon.titan-embed-text-v2:0').dialect).toBe('titan-embed');
    expect(model('amazon.titan-embed-image-v1').dialect).toBe('titan-embed-image');
    expect(model('amazon.nova-2-multimodal-embeddings-v1:0').dialect).toBe('nova-embed');
    expect(model('cohere.embed-v4:0').dialect).toBe('cohere-embed');
    expect(model('anthropic.claude-opus-5-5').dialect).toBe('anthropic');
    expect(model('mistral.mistral-7b-instruct-v0:2').dialect).toBe('mistral');
    expect(model('openai.gpt-oss-20b-1:0').dialect).toBe('openai');
  });
});
