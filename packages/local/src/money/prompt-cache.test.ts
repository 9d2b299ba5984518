import { describe, expect, it } from 'vitest';
import { type CacheItem, type CacheRequest, type CacheSplit, createPromptCache } from './prompt-cache.js';

const RULES = {
  minTokens: 100,
  maxPoints: 4,
  ttls: ['5m', '1h'],
  sections: ['tools', 'system', 'messages'],
  explicit: true,
  implicit: true,
  certainty: 'assumed',
} as const;
const MINUTE = 60_000;

const item = (
  name: string,
  tokens: number,
  cachePoint?: CacheItem['cachePoint'],
  section: CacheItem['section'] = 'messages',
): CacheItem => ({
  section,
  canonical: name,
  tokens,
  ...(cachePoint === undefined ? {} : { cachePoint }),
});

function bench(options: { implicitHitRate?: number; rules?: CacheRequest['rules'] } = {}): {
  send(items: readonly CacheItem[], changes?: Partial<CacheRequest>): CacheSplit;
  pass(ms: number): void;
} {
  let now = 0;
  const cache = createPromptCache({
    now: () => now,
    implicitHitRate: options.implicitHitRate ?? 0,
    seed: 'seed',
  });
  return {
    send(items, changes = {}) {
      const lookup = cache.look({
        partition: 'model',
        rules: 'rules' in options ? options.rules : RULES,
        items,
        messageSettings: '',
        lookBackBlocks: 20,
        ...changes,
      });
      lookup.commit();
      return lookup.split;
    },
    pass(ms) {
      now += ms;
    },
  };
}

describe('createPromptCache', () => {
  it('writes up to the last point, reads it back, and bills the rest as input', () => {
    const { send } = bench();
    const prefix = [item('system', 150, '5m', 'system')];
    expect(send([...prefix, item('one', 10)])).toEqual({
      input: 10,
      cacheRead: 0,
      cacheWrite5m: 150,
      cacheWrite1h: 0,
    });
    expect(send([...prefix, item('two', 20)])).toEqual({
      input: 20,
      cacheRead: 150,
      cacheWrite5m: 0,
      cacheWrite1h: 0,
    });
  });

  it('stores nothing before the answer begins', () => {
    const cache = createPromptCache({ now: () => 0, implicitHitRate: 0, seed: '' });
    const request: CacheRequest = {
      partition: 'model',
      rules: RULES,
      items: [item('system', 150, '5m', 'system')],
      messageSettings: '',
      lookBackBlocks: 20,
    };
    const first = cache.look(request);
    expect(cache.look(request).split.cacheRead).toBe(0);
    first.commit();
    expect(cache.look(request).split.cacheRead).toBe(150);
  });

  it('caches nothing below the minimum, which counts from the start of the prompt', () => {
    const { send } = bench();
    expect(send([item('a', 99, '5m')])).toMatchObject({ input: 99, cacheWrite5m: 0 });
    expect(send([item('a', 99, '5m', 'tools'), item('b', 1, '5m', 'system')])).toMatchObject({
      input: 0,
      cacheWrite5m: 100,
    });
  });

  it('caches nothing above the most a model can hold', () => {
    const { send } = bench({ rules: { ...RULES, maxTokens: 200 } });
    expect(send([item('a', 150, '5m'), item('b', 100, '5m')])).toMatchObject({
      input: 100,
      cacheWrite5m: 150,
    });
  });

  it('splits writes by the lifetime of the point that ends them', () => {
    const { send } = bench();
    expect(send([item('a', 100, '1h'), item('b', 30, '5m'), item('c', 7)])).toEqual({
      input: 7,
      cacheRead: 0,
      cacheWrite5m: 30,
      cacheWrite1h: 100,
    });
  });

  it('forgets an entry when its time is over, unless a read refreshed it', () => {
    const { send, pass } = bench();
    const items = [item('a', 100, '5m')];
    send(items);
    pass(5 * MINUTE - 1);
    expect(send(items).cacheRead).toBe(100);
    pass(5 * MINUTE - 1);
    expect(send(items).cacheRead).toBe(100);
    pass(5 * MINUTE);
    expect(send(items)).toMatchObject({ cacheRead: 0, cacheWrite5m: 100 });
  });

  it('keeps a one-hour entry for an hour, also when it is read by a five-minute point', () => {
    const { send, pass } = bench();
    send([item('a', 100, '1h')]);
    pass(59 * MINUTE);
    expect(send([item('a', 100, '5m')]).cacheRead).toBe(100);
    pass(59 * MINUTE);
    expect(send([item('a', 100, '5m')]).cacheRead).toBe(100);
  });

  it('misses when any byte before the point changed', () => {
    const { send } = bench();
    send([item('tools', 50, undefined, 'tools'), item('a', 100, '5m')]);
    expect(send([item('Tools', 50, undefined, 'tools'), item('a', 100, '5m')]).cacheRead).toBe(0);
    expect(send([item('tools', 50, undefined, 'system'), item('a', 100, '5m')]).cacheRead).toBe(0);
  });

  it('reads the longest earlier prefix and writes only what is new, as a conversation grows', () => {
    const { send } = bench();
    const turns = Array.from({ length: 6 }, (_, index) => item(`turn ${index}`, 100));
    const upTo = (length: number): CacheItem[] =>
      turns
        .slice(0, length)
        .map((turn, index) => (index === length - 1 ? { ...turn, cachePoint: '5m' } : turn));
    expect(send(upTo(2))).toMatchObject({ cacheRead: 0, cacheWrite5m: 200 });
    expect(send(upTo(4))).toMatchObject({ cacheRead: 200, cacheWrite5m: 200, input: 0 });
    expect(send(upTo(6))).toMatchObject({ cacheRead: 400, cacheWrite5m: 200, input: 0 });
  });

  it.each([
    [20, 100],
    [21, 0],
  ])('looks back %i blocks and reads %i tokens', (blocks, cacheRead) => {
    const { send } = bench();
    send([item('start', 100, '5m')]);
    const between = Array.from({ length: blocks }, (_, index) =>
      item(`block ${index}`, 1, index === blocks - 1 ? '5m' : undefined),
    );
    expect(send([item('start', 100), ...between]).cacheRead).toBe(cacheRead);
  });

  it('does not look back where the model does not', () => {
    const { send } = bench();
    send([item('start', 100, '5m')], { lookBackBlocks: 0 });
    expect(send([item('start', 100), item('more', 5, '5m')], { lookBackBlocks: 0 }).cacheRead).toBe(0);
  });

  it('shares nothing between models, Regions or accounts', () => {
    const { send } = bench();
    send([item('a', 100, '5m')]);
    expect(send([item('a', 100, '5m')], { partition: 'other' }).cacheRead).toBe(0);
  });

  it('keeps tools and system but not messages when thinking is switched', () => {
    const { send } = bench();
    const items = [item('system', 100, '5m', 'system'), item('message', 100, '5m')];
    send(items, { messageSettings: 'adaptive' });
    expect(send(items, { messageSettings: 'disabled' })).toEqual({
      input: 0,
      cacheRead: 100,
      cacheWrite5m: 100,
      cacheWrite1h: 0,
    });
  });

  it('counts plain input when the model has no cache or the request no point', () => {
    expect(bench({ rules: undefined }).send([item('a', 500, '5m')])).toMatchObject({ input: 500 });
    expect(bench().send([item('a', 500)])).toMatchObject({ input: 500 });
  });

  describe('with implicit caching', () => {
    it('reads the shared prefix without writing, at rate 1', () => {
      const { send } = bench({ implicitHitRate: 1 });
      expect(send([item('a', 200), item('one', 5)])).toMatchObject({ input: 205, cacheRead: 0 });
      expect(send([item('a', 200), item('two', 5)])).toEqual({
        input: 5,
        cacheRead: 200,
        cacheWrite5m: 0,
        cacheWrite1h: 0,
      });
    });

    it('never reads the whole of a repeated prompt', () => {
      const { send } = bench({ implicitHitRate: 1 });
      send([item('a', 200), item('b', 300)]);
      expect(send([item('a', 200), item('b', 300)])).toMatchObject({ input: 300, cacheRead: 200 });
    });

    it('hits about as often as it is told, the same each run', () => {
      const run = (): number[] => {
        const { send } = bench({ implicitHitRate: 0.3 });
        send([item('a', 200), item('first', 1)]);
        return Array.from(
          { length: 500 },
          (_, index) => send([item('a', 200), item(`question ${index}`, 1)]).cacheRead,
        );
      };
      const hits = run().filter((read) => read > 0).length;
      expect(hits).toBeGreaterThan(110);
      expect(hits).toBeLessThan(190);
      expect(run()).toEqual(run());
    });

    it('does nothing for a model that does not cache by itself', () => {
      const { send } = bench({ implicitHitRate: 1, rules: { ...RULES, implicit: false } });
      send([item('a', 200), item('one', 5)]);
      expect(send([item('a', 200), item('two', 5)]).cacheRead).toBe(0);
    });

    it('leaves requests with cache points to the explicit cache', () => {
      const { send } = bench({ implicitHitRate: 1 });
      send([item('a', 200), item('one', 5)]);
      expect(send([item('a', 200, '5m'), item('two', 5)])).toMatchObject({ cacheRead: 0, cacheWrite5m: 200 });
    });
  });
});
