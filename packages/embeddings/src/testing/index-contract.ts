import { strict as assert } from 'node:assert';
import type { EmbeddingIndex } from '../types.js';
import type { ContractCase } from './contract-case.js';

/** What the suite needs to know of an index. */
export interface IndexContractOptions {
  /** Opens an index that holds nothing. */
  readonly open: () => EmbeddingIndex | Promise<EmbeddingIndex>;
}

const vector = (...values: number[]): Float32Array => Float32Array.from(values);

const CASES: Readonly<Record<string, (index: EmbeddingIndex) => Promise<void>>> = {
  'knows what was kept, by space': async (index) => {
    await index.put('a/2', new Map([['one', vector(0.25, -1e-7)]]));
    await index.put('b/2', new Map([['two', vector(3, 4)]]));
    assert.deepEqual(
      await index.get('a/2', ['one', 'two', 'three']),
      new Map([['one', vector(0.25, -1e-7)]]),
    );
    assert.deepEqual(await index.has('b/2', ['one', 'two']), new Set(['two']));
  },
  'answers for nothing with nothing': async (index) => {
    await index.put('a/2', new Map());
    assert.equal((await index.get('a/2', [])).size, 0);
    assert.equal((await index.has('a/2', ['one'])).size, 0);
  },
  'takes what it has already': async (index) => {
    await index.put('a/1', new Map([['one', vector(1)]]));
    await index.put(
      'a/1',
      new Map([
        ['one', vector(1)],
        ['two', vector(2)],
      ]),
    );
    assert.deepEqual(await index.has('a/1', ['one', 'two']), new Set(['one', 'two']));
  },
  'answers for many at once': async (index) => {
    const many = new Map(
      Array.from({ length: 1_500 }, (_, number) => [`hash ${number}`, vector(number)] as const),
    );
    await index.put('a/1', many);
    assert.equal((await index.get('a/1', [...many.keys()])).size, 1_500);
  },
  'gives a lock to one owner': async (index) => {
    const lease = { now: 1_000, ttlMs: 50 };
    assert.deepEqual(
      await Promise.all(['one', 'two', 'three'].map((owner) => index.lock('sink', owner, lease))).then(
        (taken) => taken.filter(Boolean).length,
      ),
      1,
    );
    assert.equal(await index.lock('other sink', 'four', lease), true);
  },
  'prolongs a lock for its owner, and gives it away once its time is over': async (index) => {
    assert.equal(await index.lock('sink', 'one', { now: 1_000, ttlMs: 50 }), true);
    assert.equal(await index.lock('sink', 'one', { now: 1_040, ttlMs: 50 }), true);
    assert.equal(await index.lock('sink', 'two', { now: 1_060, ttlMs: 50 }), false);
    assert.equal(await index.lock('sink', 'two', { now: 1_090, ttlMs: 50 }), true);
    assert.equal(await index.lock('sink', 'one', { now: 1_091, ttlMs: 50 }), false);
  },
  'takes a lock back from its owner alone': async (index) => {
    const lease = { now: 1_000, ttlMs: 50 };
    await index.lock('sink', 'one', lease);
    await index.unlock('sink', 'two');
    assert.equal(await index.lock('sink', 'two', lease), false);
    await index.unlock('sink', 'one');
    await index.unlock('sink', 'one');
    assert.equal(await index.lock('sink', 'two', lease), true);
  },
};

/**
 * What every index of paid vectors does, ours or yours.
 *
 * @example
 * ```ts
 * describe('myIndex', () => {
 *   it.each(indexContract({ open: () => myIndex() }))('$name', ({ run }) => run());
 * });
 * ```
 */
export function indexContract({ open }: IndexContractOptions): readonly ContractCase[] {
  return Object.entries(CASES).map(([name, work]) => ({ name, run: async () => work(await open()) }));
}
