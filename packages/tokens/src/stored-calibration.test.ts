import { describe, expect, it } from 'vitest';
import { type CalibrationStore, createCalibration } from './calibration.js';
import { estimateTokens } from './estimate-tokens.js';

const OPUS = 'us.anthropic.claude-opus-5-5';
const PROSE = 'The warranty covers defects in materials and workmanship for two years. '.repeat(20);
const estimate = estimateTokens(PROSE, { model: OPUS });

/** A store that counts its writes. */
function aStore(
  values = new Map<string, string>(),
): CalibrationStore & { values: typeof values; writes: number } {
  const store = {
    values,
    writes: 0,
    get: (key: string) => Promise.resolve(values.get(key)),
    set: (key: string, value: string) => {
      store.writes += 1;
      values.set(key, value);
      return Promise.resolve();
    },
  };
  return store;
}

const KEY = 'costkit:calibration';

describe('createCalibration with a store', () => {
  it('begins warm where another one has learned', async () => {
    const store = aStore();
    const first = createCalibration({ store });
    await first.ready();
    for (let call = 0; call < 20; call++) first.observe(OPUS, estimate, 300);
    await first.flush();
    const second = createCalibration({ store });
    expect(second.observations(OPUS)).toBe(0);
    await second.ready();
    expect(second.ready()).toBeUndefined();
    expect(second.observations(OPUS)).toBe(20);
    const [one, other] = [first, second].map((calibration) =>
      estimateTokens(PROSE, { model: OPUS, calibration }),
    );
    expect(other).toEqual(one);
    expect(other?.method).toBe('calibrated');
  });

  it('writes numbers and model ids, and no prompt', async () => {
    const store = aStore();
    const calibration = createCalibration({ store });
    calibration.observe(OPUS, estimate, 300);
    await calibration.flush();
    const content = store.values.get(KEY) ?? '';
    expect(content).toContain('anthropic.claude-opus-5-5');
    expect(content).not.toContain('warranty');
  });

  it('writes less often the more it knows', async () => {
    const store = aStore();
    const calibration = createCalibration({ store });
    await calibration.ready();
    for (let call = 0; call < 1_000; call++) {
      calibration.observe(OPUS, estimate, 300);
      await calibration.observations(OPUS);
      // Lets a write that has begun end.
      for (let turn = 0; turn < 10; turn++) await undefined;
    }
    expect(store.writes).toBeGreaterThan(15);
    expect(store.writes).toBeLessThan(25);
  });

  it('takes over from the one that has seen more, and overwrites it never with less', async () => {
    const store = aStore();
    const [busy, idle] = [createCalibration({ store }), createCalibration({ store })];
    await Promise.all([busy.ready(), idle.ready()]);
    for (let call = 0; call < 40; call++) busy.observe(OPUS, estimate, 300);
    await busy.flush();
    idle.observe(OPUS, estimate, 900);
    await idle.flush();
    expect(idle.observations(OPUS)).toBe(40);
    const third = createCalibration({ store });
    await third.ready();
    expect(third.observations(OPUS)).toBe(40);
  });

  it('goes on without a store that fails, and tries again', async () => {
    const store = aStore();
    let away = true;
    const failing: CalibrationStore = {
      get: (key) => (away ? Promise.reject(new Error('away')) : store.get(key)),
      set: (key, value) => store.set(key, value),
    };
    const calibration = createCalibration({ store: failing });
    await calibration.ready();
    calibration.observe(OPUS, estimate, 300);
    await expect(calibration.flush()).rejects.toThrow('away');
    expect(calibration.observations(OPUS)).toBe(1);
    away = false;
    await calibration.flush();
    expect(store.values.has(KEY)).toBe(true);
  });

  it('waits a moment, not for ever, for a store that hangs', async () => {
    const never = new Promise<string>(() => undefined);
    const calibration = createCalibration({ store: { get: () => never, set: () => Promise.resolve() } });
    await calibration.ready();
    expect(calibration.ready()).toBeUndefined();
  });

  it.each([
    ['nonsense', 'no JSON'],
    ['nothing', 'null'],
    ['another version', '{"version":0,"models":{}}'],
    ['no list', '{"version":1,"models":{"a":5}}'],
    [
      'a factor that is none',
      JSON.stringify({ version: 1, models: { a: [3, 0.1, [1, 2, 3, -4, 5, 6, 7], Array(49).fill(0)] } }),
    ],
    ['too few factors', JSON.stringify({ version: 1, models: { a: [3, 0.1, [1, 2], Array(49).fill(0)] } })],
    [
      'a variance below nothing',
      JSON.stringify({ version: 1, models: { a: [3, 0.1, Array(7).fill(1), Array(49).fill(-1)] } }),
    ],
    [
      'no observations',
      JSON.stringify({ version: 1, models: { a: [0, 0.1, Array(7).fill(1), Array(49).fill(0)] } }),
    ],
  ])('leaves out what it cannot read: %s', async (_, content) => {
    const calibration = createCalibration({ store: aStore(new Map([[KEY, content]])) });
    await calibration.ready();
    expect(calibration.observations('a')).toBe(0);
  });

  it('has nothing to wait for and nothing to write without one', async () => {
    const calibration = createCalibration();
    expect(calibration.ready()).toBeUndefined();
    await calibration.flush();
  });

  it('refuses what is no store', () => {
    expect(() => createCalibration({ store: {} as never })).toThrow('must have the methods get and set');
  });
});
