import { describe, expect, it, vi } from 'vitest';
import { lazyLever } from './lazy-lever.js';
import type { Call, CallOutput, Lever, NextCall } from './lever.js';
import type { Attempt, Receipt } from './receipt.js';
import type { RequestView } from './request-view.js';

const view = {} as RequestView;
const call = {} as Call;
const answer: CallOutput = { output: {}, view: undefined };
const next: NextCall = () => Promise.resolve(answer);
const HEAD = { name: 'some', mode: 'enforce' } as const;

describe('lazyLever', () => {
  it('loads nothing before a call comes, and once for calls that come together', async () => {
    const around = vi.fn<NonNullable<Lever['around']>>((given, _call, onward) => onward(given));
    const load = vi.fn(() => Promise.resolve<Lever>({ ...HEAD, slot: 'route', around }));
    const lever = lazyLever({ ...HEAD, slot: 'route', failsClosed: true }, load);
    expect(lever).toMatchObject({ name: 'some', slot: 'route', mode: 'enforce', failsClosed: true });
    expect(load).not.toHaveBeenCalled();
    const outputs = await Promise.all([lever.around?.(view, call, next), lever.around?.(view, call, next)]);
    expect(outputs).toEqual([answer, answer]);
    await lever.around?.(view, call, next);
    expect(load).toHaveBeenCalledTimes(1);
    expect(around).toHaveBeenCalledTimes(3);
  });

  it('goes on with the request where the loaded lever has nothing to do there', async () => {
    const lever = lazyLever({ ...HEAD, slot: 'attempt' }, () =>
      Promise.resolve({ ...HEAD, slot: 'attempt' }),
    );
    await expect(lever.around?.(view, call, next)).resolves.toBe(answer);
  });

  it('plans without a promise once it is loaded', async () => {
    const plan = { view, decisions: [] };
    const lever = lazyLever({ ...HEAD, slot: 'fit' }, () =>
      Promise.resolve<Lever>({ ...HEAD, slot: 'fit', fit: () => plan }),
    );
    expect(lever.around).toBeUndefined();
    await expect(lever.fit?.(view, call)).resolves.toBe(plan);
    expect(lever.fit?.(view, call)).toBe(plan);
  });

  it('tells the loaded lever what happened, and nobody before', async () => {
    const onAttempt = vi.fn();
    const onReceipt = vi.fn();
    const lever = lazyLever({ ...HEAD, slot: 'receipt' }, () =>
      Promise.resolve<Lever>({ ...HEAD, slot: 'receipt', onAttempt, onReceipt }),
    );
    const attempt = {} as Attempt;
    const receipt = {} as Receipt;
    lever.onAttempt?.(attempt, view, call);
    lever.onReceipt?.(receipt, call);
    expect(onAttempt).not.toHaveBeenCalled();
    await lever.around?.(view, call, next);
    lever.onAttempt?.(attempt, view, call);
    lever.onReceipt?.(receipt, call);
    expect(onAttempt).toHaveBeenCalledExactlyOnceWith(attempt, view, call);
    expect(onReceipt).toHaveBeenCalledExactlyOnceWith(receipt, call);
  });

  it('loads what recovers once something is to be recovered from', async () => {
    const refused = new Error('no');
    const recover = vi.fn<NonNullable<Lever['recover']>>((_error, given, _call, onward) => onward(given));
    const lever = lazyLever({ ...HEAD, slot: 'route', recovers: true }, () =>
      Promise.resolve<Lever>({ ...HEAD, slot: 'route', recover }),
    );
    expect(lever).not.toHaveProperty('around');
    expect(lever).not.toHaveProperty('recovers');
    await expect(lever.recover?.(refused, view, call, next)).resolves.toBe(answer);
    expect(recover).toHaveBeenCalledExactlyOnceWith(refused, view, call, next);
  });

  it('throws on what the loaded lever does not recover from', async () => {
    const refused = new Error('no');
    const lever = lazyLever({ ...HEAD, slot: 'route', recovers: true }, () =>
      Promise.resolve<Lever>({ ...HEAD, slot: 'route' }),
    );
    await expect(lever.recover?.(refused, view, call, next)).rejects.toBe(refused);
  });

  it('passes on that it cannot be loaded', async () => {
    const lever = lazyLever({ ...HEAD, slot: 'route' }, () => Promise.reject(new Error('no such module')));
    await expect(lever.around?.(view, call, next)).rejects.toThrow('no such module');
  });
});
