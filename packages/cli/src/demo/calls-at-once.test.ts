import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { type CallsAtOnce, createCallsAtOnce } from './calls-at-once.js';

/** Calls that write down what they do; each takes as many turns of the event loop as it is told, at every step. */
function bench() {
  const log: string[] = [];
  let endOfWait: () => void = () => undefined;
  const jobDone = new Promise<void>((resolve) => {
    endOfWait = resolve;
  });
  let passed = 0;
  const atOnce: CallsAtOnce = createCallsAtOnce(async () => {
    passed += 1;
    if (passed === 3) endOfWait();
    await nextTurn();
  });
  const turns = async (count: number): Promise<void> => {
    for (let turn = 0; turn < count; turn += 1) await nextTurn();
  };
  const overTheWire = (name: string, delay: number) => async (): Promise<string> => {
    await turns(delay);
    log.push(`plan ${name}`);
    await atOnce.atWire();
    await turns(delay);
    log.push(`answer ${name}`);
    return name;
  };
  const waiting = (name: string, delay: number) => async (): Promise<string> => {
    await turns(delay);
    log.push(`plan ${name}`);
    atOnce.waits();
    await jobDone;
    log.push(`job ${name}`);
    return name;
  };
  return { log, atOnce, overTheWire, waiting, jobDone, passed: () => passed };
}

describe('createCallsAtOnce', () => {
  it.each([[[0, 0, 0]], [[5, 0, 2]], [[0, 3, 9]]])(
    'plans all calls before the first is answered, in their order whatever each takes: %o',
    async (delays) => {
      const { log, atOnce, overTheWire } = bench();
      const results = await atOnce.make(delays.map((delay, index) => overTheWire(String(index), delay)));
      expect(results).toEqual(['0', '1', '2']);
      expect(log).toEqual(['plan 0', 'plan 1', 'plan 2', 'answer 0', 'answer 1', 'answer 2']);
    },
  );

  it('lets time pass once nothing moves but what waits', async () => {
    const { log, atOnce, overTheWire, waiting, passed } = bench();
    await atOnce.make([waiting('0', 4), overTheWire('1', 2), waiting('2', 1)]);
    expect(log).toEqual(['plan 0', 'plan 1', 'plan 2', 'answer 1', 'job 0', 'job 2']);
    expect(passed()).toBeGreaterThanOrEqual(3);
  });

  it('lets a call go over the wire that has waited in vain, and one that comes there again', async () => {
    const { log, atOnce, overTheWire, jobDone, passed } = bench();
    const inVain = async (): Promise<void> => {
      atOnce.waits();
      await jobDone;
      await overTheWire('late', 1)();
      const before = passed();
      await overTheWire('again', 2)();
      expect(passed()).toBe(before);
    };
    await atOnce.make<unknown>([inVain, overTheWire('1', 1)]);
    expect(log).toEqual(['plan 1', 'answer 1', 'plan late', 'answer late', 'plan again', 'answer again']);
  });

  it('throws what a call threw, once all others have ended', async () => {
    const { log, atOnce, overTheWire } = bench();
    const failing = async (): Promise<string> => {
      await atOnce.atWire();
      throw new RangeError('no');
    };
    const made = atOnce.make([() => Promise.reject(new TypeError('at once')), failing, overTheWire('2', 3)]);
    await expect(made).rejects.toThrow('at once');
    expect(log).toEqual(['plan 2', 'answer 2']);
  });

  it('does not hold a call that was made alone', async () => {
    const { log, atOnce, overTheWire } = bench();
    atOnce.waits();
    await overTheWire('alone', 1)();
    expect(log).toEqual(['plan alone', 'answer alone']);
    expect(await atOnce.make([])).toEqual([]);
  });
});
