import { describe, expect, it } from 'vitest';
import { memoryStore } from './memory-store.js';

describe('memoryStore', () => {
  it('gives back what was set, until it is deleted', async () => {
    const store = memoryStore();
    await store.set('key', 'value');
    expect(await store.get('key')).toBe('value');
    await store.delete('key');
    expect(await store.get('key')).toBeUndefined();
    await store.delete('key');
  });

  it('forgets at the very end of the time to live', async () => {
    let now = 1_000;
    const store = memoryStore({ now: () => now });
    await store.set('key', 'value', { ttlMs: 100 });
    now = 1_099;
    expect(await store.get('key')).toBe('value');
    now = 1_100;
    expect(await store.get('key')).toBeUndefined();
  });

  it('starts the time anew when a key is set again', async () => {
    let now = 0;
    const store = memoryStore({ now: () => now });
    await store.set('key', 'one', { ttlMs: 100 });
    now = 90;
    await store.set('key', 'two', { ttlMs: 100 });
    now = 150;
    expect(await store.get('key')).toBe('two');
  });

  it('drops what was set longest ago when it is full', async () => {
    const store = memoryStore({ maxEntries: 2 });
    await store.set('one', '1');
    await store.set('two', '2');
    await store.set('one', '1b');
    await store.set('three', '3');
    expect([await store.get('one'), await store.get('two'), await store.get('three')]).toEqual([
      '1b',
      undefined,
      '3',
    ]);
  });

  it.each([{ maxEntries: 0 }, { now: 5 }, { size: 3 }])('refuses %j', (options) => {
    expect(() => memoryStore(options as never)).toThrow(
      expect.objectContaining({ code: 'COSTKIT_INVALID_OPTION' }),
    );
  });
});
