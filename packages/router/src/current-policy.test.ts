import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { HAIKU, OPUS } from '../tests/call-fixture.js';
import { compileOptions } from './compile-options.js';
import { createCurrentPolicy } from './current-policy.js';
import type { RouterWarning } from './types.js';

const policyOf = (task: string): object => ({
  version: 1,
  createdAt: '2026-11-22',
  tasks: { [task]: { tier: 'cheap' } },
});

function current(policy: unknown, policyRefreshMs = 1_000) {
  const warnings: RouterWarning[] = [];
  const options = compileOptions({
    tiers: [
      { name: 'cheap', modelId: HAIKU },
      { name: 'strong', modelId: OPUS },
    ],
    policy: policy as never,
    policyRefreshMs,
    onWarning: (warning) => warnings.push(warning),
  });
  const policies = createCurrentPolicy(options);
  const tasks = (): string[] => [...(policies.current()?.tasks.keys() ?? [])];
  return { policies, warnings, tasks };
}

/** A later reading is not waited for: it has come by the next turn of the loop. */
const due = async (reading: Promise<void> | undefined): Promise<void> => {
  expect(reading).toBeUndefined();
  await new Promise(setImmediate);
};

describe('createCurrentPolicy', () => {
  it('has a policy that was given at once, and never waits', () => {
    const { policies, tasks } = current(policyOf('a'));
    expect(policies.refresh(0)).toBeUndefined();
    expect(tasks()).toEqual(['a']);
  });

  it('waits for the first reading only, and reads anew when it is due', async () => {
    let task = 'a';
    let readings = 0;
    const { policies, tasks } = current(() => {
      readings += 1;
      return JSON.stringify(policyOf(task));
    });
    await policies.refresh(0);
    expect(tasks()).toEqual(['a']);
    task = 'b';
    expect(policies.refresh(999)).toBeUndefined();
    expect(readings).toBe(1);
    expect(policies.refresh(1_000)).toBeUndefined();
    await new Promise(setImmediate);
    expect(tasks()).toEqual(['b']);
    expect(readings).toBe(2);
  });

  it('does not wait for a source that never answers, and takes what comes later', async () => {
    vi.useFakeTimers();
    onTestFinished(() => {
      vi.useRealTimers();
    });
    let answer: (policy: object) => void = () => undefined;
    const never = (): Promise<object> => new Promise((resolve) => (answer = resolve));
    const { policies, tasks, warnings } = current(never, 60_000);
    const first = policies.refresh(0);
    await vi.advanceTimersByTimeAsync(2_000);
    await first;
    expect(warnings.map(({ message }) => message)).toEqual([expect.stringContaining('does not answer')]);
    expect(policies.refresh(1)).toBeUndefined();
    answer(policyOf('a'));
    await vi.advanceTimersByTimeAsync(0);
    expect(tasks()).toEqual(['a']);
  });

  it('does not take a slow reading for news', async () => {
    const answers: ((policy: object) => void)[] = [];
    const { policies, tasks } = current(() => new Promise<object>((resolve) => answers.push(resolve)));
    const first = policies.refresh(0);
    answers[0]?.(policyOf('a'));
    await first;
    for (const nowMs of [1_000, 2_000]) await due(policies.refresh(nowMs));
    answers[2]?.(policyOf('c'));
    await new Promise(setImmediate);
    answers[1]?.(policyOf('b'));
    await new Promise(setImmediate);
    expect(tasks()).toEqual(['c']);
  });

  it.each([undefined, null, '', '{"version": 1, "createdAt": "2026-11'])(
    'keeps the policy where the source gives %j, also as the first',
    async (nothing) => {
      let given: unknown = nothing;
      const { policies, tasks, warnings } = current(() => given);
      await policies.refresh(0);
      expect(warnings.map(({ code }) => code)).toEqual(['COSTKIT_POLICY_UNREADABLE']);
      given = policyOf('a');
      await policies.refresh(1_000);
      given = nothing;
      await due(policies.refresh(2_000));
      expect(tasks()).toEqual(['a']);
      expect(warnings).toHaveLength(2);
    },
  );

  it('keeps the same object while nothing has changed, so that what is known of it stays known', async () => {
    const { policies } = current(() => policyOf('a'));
    await policies.refresh(0);
    const before = policies.current();
    await due(policies.refresh(1_000));
    expect(policies.current()).toBe(before);
  });

  it('keeps it where only the layout of a file has changed', async () => {
    let indent = 0;
    const { policies } = current(() => JSON.stringify(policyOf('a'), undefined, indent));
    await policies.refresh(0);
    const before = policies.current();
    indent = 2;
    await due(policies.refresh(1_000));
    expect(policies.current()).toBe(before);
  });

  it('keeps the policy before where it cannot be read, and says so', async () => {
    let broken: unknown;
    const { policies, tasks, warnings } = current(() => {
      if (broken instanceof Error) throw broken;
      return broken ?? policyOf('a');
    });
    await policies.refresh(0);
    broken = new Error('no such bucket');
    await due(policies.refresh(1_000));
    broken = { ...policyOf('b'), tasks: { b: { tier: 'nowhere' } } };
    await due(policies.refresh(2_000));
    expect(tasks()).toEqual(['a']);
    expect(warnings.map(({ code }) => code)).toEqual([
      'COSTKIT_POLICY_UNREADABLE',
      'COSTKIT_POLICY_UNREADABLE',
    ]);
    expect(warnings[0]?.message).toBe(
      'costkit router: the routing policy could not be read anew (no such bucket). The policy of 2026-11-22 stays until it can.',
    );
    expect(warnings[1]?.message).toContain('"nowhere" names no tier');
  });

  it('goes on without one where the first reading fails, and comes to one later', async () => {
    let fails = true;
    const { policies, tasks, warnings } = current(async () => {
      if (fails) throw new Error('offline');
      return policyOf('a');
    });
    await policies.refresh(0);
    expect(tasks()).toEqual([]);
    expect(warnings[0]?.message).toContain('No policy holds until it can.');
    fails = false;
    await policies.refresh(1_000);
    expect(tasks()).toEqual(['a']);
  });
});
