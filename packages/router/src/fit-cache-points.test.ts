import type { CachePoint } from '@costkit/core';
import { type CatalogueModel, resolveModel } from '@costkit/pricing';
import { describe, expect, it } from 'vitest';
import { converseView } from '../tests/call-fixture.js';
import { fitCachePoints } from './fit-cache-points.js';

function modelOf(modelId: string): CatalogueModel {
  const model = resolveModel(modelId)?.model;
  if (model === undefined) throw new Error(modelId);
  return model;
}

const haiku = modelOf('anthropic.claude-haiku-5-5');
const nova = modelOf('amazon.nova-lite-v1:0');
const llama = modelOf('meta.llama3-1-8b-instruct-v1:0');
const point = (ttl?: '5m' | '1h'): object => ({
  cachePoint: { type: 'default', ...(ttl === undefined ? {} : { ttl }) },
});
const tool = { toolSpec: { name: 'find', inputSchema: { json: { type: 'object' } } } };

// Blocks: 0 tool, 1 system, 2 message.
const view = converseView({
  toolConfig: { tools: [tool, point('1h')] },
  system: [{ text: 'Sort.' }, point('1h')],
  messages: [{ role: 'user', content: [{ text: 'Where?' }, point()] }],
});

const fitted = (target: CatalogueModel): readonly CachePoint[] =>
  fitCachePoints(view, target, haiku).cachePoints;

describe('fitCachePoints', () => {
  it('leaves a request alone whose points the model takes', () => {
    expect(fitCachePoints(view, haiku, haiku)).toBe(view);
    const plain = converseView();
    expect(fitCachePoints(plain, llama, haiku)).toBe(plain);
  });

  it('takes all points away for a model without explicit caching', () => {
    expect(fitted(llama)).toEqual([]);
    const { cache } = haiku.capabilities;
    if (cache === undefined) throw new Error('no cache rules');
    expect(
      fitted({ ...haiku, capabilities: { ...haiku.capabilities, cache: { ...cache, explicit: false } } }),
    ).toEqual([]);
    expect(JSON.stringify(fitCachePoints(view, llama, haiku).input)).not.toContain('cachePoint');
  });

  it('drops sections the model does not cache and lifetimes it does not have', () => {
    expect(fitted(nova)).toEqual([{ afterBlock: 1 }, { afterBlock: 2 }]);
  });

  it('keeps the last points where there are too many', () => {
    const { cache } = haiku.capabilities;
    if (cache === undefined) throw new Error('no cache rules');
    const two = { ...haiku, capabilities: { ...haiku.capabilities, cache: { ...cache, maxPoints: 2 } } };
    expect(fitted(two)).toEqual([{ afterBlock: 1, ttl: '1h' }, { afterBlock: 2 }]);
  });

  it('drops points behind blocks where the family refuses them, and the one asked for does not', () => {
    const source = { bytes: new Uint8Array(1) };
    const messages = [
      { role: 'user', content: [{ text: 'Find it.' }] },
      { role: 'assistant', content: [{ toolUse: { toolUseId: 't1', name: 'find', input: {} } }] },
      {
        role: 'user',
        content: [{ toolResult: { toolUseId: 't1', content: [{ text: 'Rome' }] } }, point()],
      },
      { role: 'assistant', content: [{ text: 'In Rome.' }] },
      { role: 'user', content: [{ document: { format: 'pdf', name: 'd', source } }, point()] },
      { role: 'assistant', content: [{ text: 'A bill.' }, point()] },
    ];
    const agent = converseView({ messages });
    const kept = (target: CatalogueModel, requested: CatalogueModel): number[] =>
      fitCachePoints(agent, target, requested).cachePoints.map(({ afterBlock }) => afterBlock);
    expect(kept(nova, haiku)).toEqual([4, 5]);
    expect(kept(haiku, nova)).toEqual([2, 5]);
    expect(kept(haiku, modelOf('anthropic.claude-opus-5-5'))).toEqual([2, 4, 5]);
  });

  it("does not change the caller's input", () => {
    const before = structuredClone(view.input);
    fitted(nova);
    expect(view.input).toEqual(before);
  });
});
