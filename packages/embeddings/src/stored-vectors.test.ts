import { describe, expect, it } from 'vitest';
import { memoryStore } from './memory-store.js';
import { storedVectors } from './stored-vectors.js';
import type { SinkRecord } from './types.js';

const SPACE = 'amazon.titan-embed-text-v2:0/2';
const record = (id: string, hash: string, space = SPACE): SinkRecord => ({
  id,
  space,
  document: 'a.md',
  position: 0,
  start: 0,
  hash,
  revision: '1',
  text: 'a',
  vector: Float32Array.of(1, 0),
});

describe('storedVectors', () => {
  it('gives every chunk its vector, in the order of their ids', async () => {
    const store = memoryStore();
    const vectors = new Map([
      ['one', Float32Array.of(1, 0)],
      ['two', Float32Array.of(0, 1)],
    ]);
    await store.index.put(SPACE, vectors);
    await store.upsert([record('b', 'one'), record('a', 'two'), record('c', 'one'), record('d', 'lost')]);
    const { space, vectors: stored } = await storedVectors(store);
    expect(space).toBe(SPACE);
    expect([...stored]).toEqual([
      ['a', Float32Array.of(0, 1)],
      ['b', Float32Array.of(1, 0)],
      ['c', Float32Array.of(1, 0)],
    ]);
  });

  it('refuses a store without vectors, and one in the middle of a migration', async () => {
    const store = memoryStore();
    await expect(storedVectors(store)).rejects.toMatchObject({ code: 'COSTKIT_EMBEDDINGS_SOURCE_EMPTY' });
    await store.upsert([record('a', 'one'), record('b', 'one', 'cohere.embed-v4:0/2')]);
    await expect(storedVectors(store)).rejects.toMatchObject({
      code: 'COSTKIT_EMBEDDINGS_MIGRATION',
      message: expect.stringContaining(`amazon.titan-embed-text-v2:0/2 and cohere.embed-v4:0/2`),
    });
  });
});
