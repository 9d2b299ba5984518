import { InvalidOptionError, Money, type RequestView, type Tags } from '@costkit/core';
import { viewRequest } from '@costkit/core/views';
import { createTestClock } from '@costkit/testing';
import { describe, expect, it } from 'vitest';
import { aCall } from '../tests/a-call.js';
import { aReceipt } from '../tests/a-receipt.js';
import type { LoopAlert } from './alert.js';
import { LoopBreakerError } from './errors.js';
import { createLoopBreaker, type LoopBreaker } from './loop-breaker.js';
import { type LoopBreakerOptions, readyBreaker } from './loop-breaker-options.js';

const enforcing = (options: LoopBreakerOptions, onAlert: (alert: LoopAlert) => void): LoopBreaker =>
  createLoopBreaker(readyBreaker(options, 'enforce'), onAlert);

const ask = (text: string): RequestView =>
  viewRequest('Converse', {
    modelId: 'amazon.nova-lite-v1:0',
    messages: [{ role: 'user', content: [{ text }] }],
  });

function setUp(options: LoopBreakerOptions) {
  const clock = createTestClock();
  const alerts: LoopAlert[] = [];
  const breaker = enforcing(options, (alert) => alerts.push(alert));
  const send = (text: string, { tags = {}, usd = 0 }: { tags?: Tags; usd?: number } = {}) => {
    const call = aCall({ tags, clock });
    breaker.admit(ask(text), call);
    breaker.settle(aReceipt({ cost: Money.fromUsd(usd) }), call);
    return call;
  };
  return { clock, alerts, send };
}

describe('createLoopBreaker', () => {
  it.each([
    ['the message', (image: object) => [image, { text: 'What does it show?' }]],
    ['a tool result', (image: object) => [{ toolResult: { toolUseId: 'shot', content: [image] } }]],
  ])('takes the same question about another picture in %s for another request', (_, contentOf) => {
    const seen: LoopAlert[] = [];
    const breaker = enforcing({ maxRepeats: 5 }, (alert) => void seen.push(alert));
    const clock = createTestClock();
    const show = (pixel: number): void =>
      breaker.admit(
        viewRequest('Converse', {
          modelId: 'amazon.nova-lite-v1:0',
          messages: [
            {
              role: 'user',
              content: contentOf({
                image: { format: 'png', source: { bytes: new Uint8Array(9_000).fill(pixel) } },
              }),
            },
          ],
        }),
        aCall({ clock }),
      );
    for (let pixel = 0; pixel < 100; pixel += 1) show(pixel);
    expect(seen).toEqual([]);
    expect(() => {
      for (let time = 0; time < 6; time += 1) show(7);
    }).toThrow(LoopBreakerError);
  });

  it('stops a scope that sends the same request again and again, naming it', async () => {
    const { send, alerts } = setUp({ maxRepeats: 3, per: 'feature' });
    for (let index = 0; index < 3; index += 1) send('again', { tags: { feature: 'agent' } });
    const error = (() => {
      try {
        send('again', { tags: { feature: 'agent' } });
      } catch (thrown) {
        return thrown as LoopBreakerError;
      }
      return undefined;
    })();
    expect(error).toBeInstanceOf(LoopBreakerError);
    expect(error).toMatchObject({
      code: 'COSTKIT_LOOP_BREAKER_OPEN',
      scope: 'feature=agent',
      trigger: 'repeats',
    });
    expect(alerts).toEqual([
      {
        kind: 'loop',
        scope: 'feature=agent',
        trigger: 'repeats',
        stopped: true,
        timesTold: 1,
        reason: expect.stringContaining('3 times'),
      },
    ]);
  });

  it('stops the whole scope, and no other', () => {
    const { send } = setUp({ maxRepeats: 1, per: ['feature', 'tenant'] });
    const looping = { tags: { feature: 'agent', tenant: 'acme' } };
    send('again', looping);
    expect(() => send('again', looping)).toThrow(LoopBreakerError);
    expect(() => send('something else', looping)).toThrow(LoopBreakerError);
    expect(() => send('again', { tags: { feature: 'agent', tenant: 'other' } })).not.toThrow();
  });

  it('lets many different requests pass, and the same one over a long time', async () => {
    const { send, clock, alerts } = setUp({ maxRepeats: 3 });
    for (let index = 0; index < 500; index += 1) send(`question ${index}`);
    for (let index = 0; index < 20; index += 1) {
      send('the hourly question');
      await clock.advance(3_600_000);
    }
    expect(alerts).toEqual([]);
  });

  it('lets one call through after the cool-down, and closes when that asks something else', async () => {
    const { send, clock } = setUp({ maxRepeats: 1, coolDownMs: 10_000 });
    send('again');
    expect(() => send('again')).toThrow(LoopBreakerError);
    await clock.advance(9_999);
    expect(() => send('new')).toThrow(LoopBreakerError);
    await clock.advance(1);
    expect(() => send('new')).not.toThrow();
    expect(() => send('newer')).not.toThrow();
  });

  it('stays open when the trial is the repeated request once more', async () => {
    const { send, clock } = setUp({ maxRepeats: 1, coolDownMs: 10_000 });
    send('again');
    expect(() => send('again')).toThrow(LoopBreakerError);
    await clock.advance(10_000);
    expect(() => send('again')).not.toThrow();
    expect(() => send('new')).toThrow(LoopBreakerError);
    await clock.advance(10_000);
    expect(() => send('new')).not.toThrow();
    expect(() => send('newer')).not.toThrow();
  });

  it('stops a scope whose request grows and grows, and stays open while it goes on', async () => {
    const clock = createTestClock();
    const breaker = enforcing({ maxRepeats: 3, coolDownMs: 10_000 }, () => undefined);
    const admit = (text: string): void => breaker.admit(ask(text), aCall({ clock }));
    const prompt = (errors: number): string =>
      `${'Fix what the log speaks of. '.repeat(3)}${'Error: again. '.repeat(errors)}`;
    for (let errors = 0; errors <= 3; errors += 1) admit(prompt(errors));
    expect(() => admit(prompt(4))).toThrow('one request grew more than 3 times within 60 s');
    await clock.advance(10_000);
    const again = aCall({ clock });
    breaker.admit(ask(prompt(5)), again);
    breaker.settle(aReceipt(), again);
    expect(() => admit('something else')).toThrow(LoopBreakerError);
    await clock.advance(10_000);
    const trial = aCall({ clock });
    breaker.admit(ask('something else'), trial);
    breaker.settle(aReceipt(), trial);
    expect(() => admit('and more')).not.toThrow();
  });

  it('lets one call through at a time while half open, and another when the first never ends', async () => {
    const clock = createTestClock();
    const breaker = enforcing({ maxRepeats: 1, coolDownMs: 10_000 }, () => undefined);
    const admit = (text: string): void => breaker.admit(ask(text), aCall({ clock }));
    admit('again');
    expect(() => admit('again')).toThrow(LoopBreakerError);
    await clock.advance(10_000);
    admit('trial that never settles');
    expect(() => admit('other')).toThrow(LoopBreakerError);
    await clock.advance(10_000);
    expect(() => admit('second trial')).not.toThrow();
  });

  it('stops a scope that spends too fast, and starts counting anew afterwards', async () => {
    const { send, clock, alerts } = setUp({ maxUsdPerMinute: 1, coolDownMs: 60_000 });
    send('a', { usd: 0.6 });
    send('b', { usd: 0.6 });
    expect(() => send('c', { usd: 0.6 })).toThrow(LoopBreakerError);
    expect(alerts).toMatchObject([
      { trigger: 'spend', scope: 'all calls', reason: expect.stringContaining('$1.2000') },
    ]);
    await clock.advance(60_000);
    send('d', { usd: 0.6 });
    expect(() => send('e', { usd: 0.3 })).not.toThrow();
  });

  it('counts repeats no more when only dollars are limited', () => {
    const { send } = setUp({ maxUsdPerMinute: 1 });
    expect(() => {
      for (let index = 0; index < 200; index += 1) send('again');
    }).not.toThrow();
  });

  it('lets everything pass when it observes, but alerts and says what it would have done', () => {
    const { send, alerts } = setUp({ maxRepeats: 2, mode: 'observe' });
    const calls = Array.from({ length: 5 }, () => send('again'));
    expect(alerts).toMatchObject([{ stopped: false }]);
    expect(calls.map(({ decisions }) => decisions[0]?.action)).toEqual([
      undefined,
      undefined,
      ...Array(3).fill('would have stopped'),
    ]);
  });

  describe('while a loop goes on', () => {
    /** A call a second, each of which costs so many dollars. */
    const loopFor = async (
      { send, clock }: ReturnType<typeof setUp>,
      seconds: number,
      usd: number,
      textOf: (second: number) => string,
    ): Promise<void> => {
      for (let second = 0; second < seconds; second += 1) {
        send(textOf(second), { usd });
        await clock.advance(1_000);
      }
    };

    it('tells of dollars once when it observes, and again each time they are four times as many', async () => {
      const set = setUp({ maxUsdPerMinute: 1, mode: 'observe' });
      await loopFor(set, 3_600, 0.1, (second) => `question ${second}`);
      const spent = set.alerts.map(({ reason }) => Number(/\$([\d.]+) since/.exec(reason)?.[1] ?? 1.1));
      expect(set.alerts.map(({ timesTold }) => timesTold)).toEqual([1, 2, 3, 4]);
      for (const [index, usd] of spent.slice(1).entries())
        expect(usd).toBeGreaterThanOrEqual(4 * (spent[index] ?? 0));
      expect(spent.at(-1)).toBeLessThan(360);
    });

    it('tells of a repeated request in the same way', async () => {
      const set = setUp({ maxRepeats: 30, mode: 'observe' });
      await loopFor(set, 3_600, 0, () => 'again');
      expect(set.alerts.map(({ timesTold }) => timesTold)).toEqual([1, 2, 3, 4]);
      expect(set.alerts.map(({ reason }) => reason)[1]).toMatch(
        /^the same request came more than 30 times within 60 s, and \d+ such requests since it began$/,
      );
    });

    it('tells of the next loop after ten quiet minutes and the cool-down', async () => {
      const set = setUp({ maxUsdPerMinute: 1, mode: 'observe' });
      const burst = (): Promise<void> => loopFor(set, 20, 0.1, (second) => `question ${second}`);
      await burst();
      await set.clock.advance(5 * 60_000);
      await burst();
      expect(set.alerts).toHaveLength(1);
      await set.clock.advance(12 * 60_000);
      await burst();
      expect(set.alerts.map(({ timesTold }) => timesTold)).toEqual([1, 1]);
    });

    it('tells once when it stops the scope again and again', async () => {
      const set = setUp({ maxUsdPerMinute: 1, coolDownMs: 60_000 });
      for (let minute = 0; minute < 10; minute += 1) {
        for (const text of ['a', 'b', 'c']) {
          try {
            set.send(`${text} ${minute}`, { usd: 0.6 });
          } catch (error) {
            expect(error).toBeInstanceOf(LoopBreakerError);
          }
        }
        await set.clock.advance(60_000);
      }
      expect(set.alerts.map(({ timesTold }) => timesTold)).toEqual([1, 2]);
    });
  });

  it('holds a bounded number of scopes', () => {
    const { send, alerts } = setUp({ maxRepeats: 1, per: 'user' });
    for (let index = 0; index < 20_000; index += 1) send('hello', { tags: { user: `${index}` } });
    expect(alerts).toEqual([]);
  });

  it.each([
    { maxRepeats: 0 },
    { maxUsdPerMinute: -1 },
    { maxUsdPerMinute: Number.NaN },
    { windowMs: 0.5 },
    { per: ['', 'a'] },
    { mode: 'on' },
    { maxRetries: 3 },
  ])('refuses %o', (options) => {
    expect(() => readyBreaker(options as LoopBreakerOptions, 'enforce')).toThrow(InvalidOptionError);
  });

  it('refuses to enforce where the meter does not', () => {
    expect(() => readyBreaker({ mode: 'enforce' }, 'observe')).toThrow('breaker.mode');
  });

  it('counts on when the clock of the machine is set back', async () => {
    const clock = createTestClock();
    let setBackMs = 0;
    const movable = { now: () => clock.now() - setBackMs, monotonicMs: () => clock.monotonicMs() };
    const breaker = enforcing({ maxRepeats: 3, windowMs: 1_000 }, () => undefined);
    for (let index = 0; index < 10; index += 1) {
      await clock.advance(2_000);
      setBackMs += 3_600_000;
      breaker.admit(ask('again'), aCall({ clock: movable }));
    }
    const again = (): void => breaker.admit(ask('again'), aCall({ clock: movable }));
    for (let index = 0; index < 2; index += 1) again();
    expect(again).toThrow(LoopBreakerError);
    setBackMs += 3_600_000;
    await clock.advance(60_000);
    expect(again).not.toThrow();
  });
});
