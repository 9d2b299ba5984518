import { Money, withTags } from '@costkit/core';
import { describe, expect, it } from 'vitest';
import type { Budget } from './budget.js';
import type { BudgetStore } from './budget-store.js';
import { BudgetExceededError, BudgetStoreError } from './errors.js';
import { memoryBudgetStore } from './memory-budget-store.js';
import { createMeter } from './meter.js';

const usd = (amount: string): Money => Money.fromUsd(amount);
const budget = (more: Partial<Budget> = {}): Budget => ({
  name: 'team',
  limitUsd: 10,
  period: 'total',
  per: 'team',
  onExceed: 'block',
  ...more,
});
const tags = { team: 'search' };

describe('meter.reserve', () => {
  it('holds the whole amount, then books what was spent, once', async () => {
    const meter = createMeter({ budgets: [budget()] });
    const reservation = await meter.reserve({ amount: usd('6'), tags });
    expect(meter.remaining('team', tags).usd).toBe(4);
    reservation.settle(usd('2.5'));
    reservation.settle(usd('9'));
    expect(meter.remaining('team', tags).usd).toBe(7.5);
    expect(meter.remaining('team', { team: 'care' }).usd).toBe(10);
  });

  it('counts once in the process that goes on with its own work, also where that took longer than a lease', async () => {
    let now = Date.parse('2026-11-22T12:00:00Z');
    const clock = { now: () => now, monotonicMs: () => now };
    const meter = createMeter({ budgets: [budget()], clock });
    const { id } = await meter.reserve({ amount: usd('6'), tags });
    const resume = () => meter.reserve({ amount: usd('6'), tags, id, committed: true });
    await resume();
    expect(meter.remaining('team', tags).usd).toBe(4);
    now += 3_600_000;
    const resumed = await resume();
    expect(meter.remaining('team', tags).usd).toBe(4);
    resumed.settle(usd('2'));
    expect(meter.remaining('team', tags).usd).toBe(8);
    now += 3_600_000;
    expect(meter.remaining('team', tags).usd).toBe(8);
  });

  it('counts in the tags of the running code where none are given', async () => {
    const meter = createMeter({ budgets: [budget()] });
    await withTags(tags, () => meter.reserve({ amount: usd('6') }));
    expect(meter.remaining('team', tags).usd).toBe(4);
  });

  it('refuses what does not fit, in all budgets or in none, and alerts', async () => {
    const alerts: string[] = [];
    const meter = createMeter({
      budgets: [budget({ name: 'account', per: 'account', limitUsd: 100 }), budget({ onExceed: 'queue' })],
      onAlert: (alert) => void alerts.push(`${alert.kind} ${alert.scope}`),
    });
    await expect(meter.reserve({ amount: usd('10.01'), tags })).rejects.toMatchObject({
      name: 'BudgetExceededError',
      budget: 'team',
      neededUsd: 10.01,
    });
    await expect(meter.reserve({ amount: usd('10.01'), tags })).rejects.toBeInstanceOf(BudgetExceededError);
    expect(meter.remaining('account').usd).toBe(100);
    expect(alerts).toEqual(['budget team=search']);
  });

  it('counts unknown spending at what was held', async () => {
    const meter = createMeter({ budgets: [budget()] });
    (await meter.reserve({ amount: usd('6'), tags })).settle(undefined);
    expect(meter.remaining('team', tags).usd).toBe(4);
  });

  it('takes what is being paid already, room or not', async () => {
    const meter = createMeter({ budgets: [budget()] });
    const reservation = await meter.reserve({ amount: usd('25'), tags, committed: true });
    reservation.settle(usd('7'));
    expect(meter.remaining('team', tags).usd).toBe(3);
  });

  it.each([
    ['observes', 'observe' as const, budget()],
    ['alerts only', 'enforce' as const, budget({ onExceed: 'alert' })],
  ])('refuses nothing where it %s, and books what was spent', async (_, mode, only) => {
    const meter = createMeter({ mode, budgets: [only] });
    const reservation = await meter.reserve({ amount: usd('25'), tags });
    reservation.settle(usd('7'));
    expect(meter.remaining('team', tags).usd).toBe(3);
  });

  it('counts in no budget that the tags do not match', async () => {
    const meter = createMeter({ budgets: [budget({ match: { feature: 'chat' } })] });
    (await meter.reserve({ amount: usd('25'), tags })).settle(usd('25'));
    expect(meter.remaining('team', { ...tags, feature: 'chat' }).usd).toBe(10);
  });

  it('fails closed where the store cannot be asked, unless the budget says otherwise', async () => {
    const memory = memoryBudgetStore();
    const store: BudgetStore = { ...memory, reserve: () => Promise.reject(new Error('away')) };
    const strict = createMeter({ store, budgets: [budget()] });
    await expect(strict.reserve({ amount: usd('6'), tags })).rejects.toBeInstanceOf(BudgetStoreError);
    const lenient = createMeter({ store, budgets: [budget({ onUnreachable: 'alert' })] });
    (await lenient.reserve({ amount: usd('6'), tags })).settle(usd('2'));
    expect(lenient.remaining('team', tags).usd).toBe(8);
  });

  it('asks a shared store by the same name again, so that what a process has left counts once', async () => {
    const memory = memoryBudgetStore();
    const ids: string[] = [];
    const store: BudgetStore = {
      ...memory,
      reserve: (entry) => {
        ids.push(entry.id);
        return memory.reserve(entry);
      },
    };
    const meter = createMeter({ store, budgets: [budget()] });
    const { id } = await meter.reserve({ amount: usd('1'), tags });
    expect((await meter.reserve({ amount: usd('1'), tags, id, committed: true })).id).toBe(id);
    expect(ids).toEqual([id, id]);
  });
});
