import { describe, expect, it } from 'vitest';
import { type FinishedStep, runSteps, type ScheduleOptions, withNeeds } from './schedule.js';
import type { Step, StepResult } from './step.js';

const PASSED: StepResult = { passed: 1, failed: 0, skipped: 0, output: '' };
const FAILED: StepResult = { passed: 0, failed: 1, skipped: 0, output: 'broken' };

function step(name: string, more: Partial<Step> = {}): Step {
  return { name, about: name, run: () => Promise.resolve(PASSED), ...more };
}

function run(steps: readonly Step[], options: Partial<ScheduleOptions> = {}): Promise<FinishedStep[]> {
  return runSteps(steps, { concurrency: 2, onFinish: () => {}, ...options });
}

const outcomes = (finished: readonly FinishedStep[]): string[] =>
  finished.map(({ step: { name }, result, skippedBecause }) =>
    skippedBecause === undefined ? `${name}: ${result.failed}` : `${name}: ${skippedBecause}`,
  );

describe('runSteps', () => {
  it('runs no more steps at once than it may', async () => {
    let running = 0;
    let most = 0;
    const busy = async (): Promise<StepResult> => {
      running += 1;
      most = Math.max(most, running);
      await Promise.resolve();
      running -= 1;
      return PASSED;
    };
    await run(['a', 'b', 'c', 'd', 'e'].map((name) => step(name, { run: busy })));
    expect(most).toBe(2);
  });

  it('starts a step when what it needs has passed', async () => {
    const order: string[] = [];
    const noting = (name: string, more: Partial<Step> = {}): Step =>
      step(name, {
        ...more,
        run: () => {
          order.push(name);
          return Promise.resolve(PASSED);
        },
      });
    await run([noting('last', { needs: ['first'] }), noting('first')]);
    expect(order).toEqual(['first', 'last']);
  });

  it('skips what needs a failed step, and what needs that in turn', async () => {
    const finished = await run([
      step('build', { run: () => Promise.resolve(FAILED) }),
      step('pack', { needs: ['build'] }),
      step('publish', { needs: ['pack'] }),
      step('tests', { after: ['build'] }),
    ]);
    expect(outcomes(finished).sort()).toEqual([
      'build: 1',
      'pack: build did not pass',
      'publish: pack did not pass',
      'tests: 0',
    ]);
  });

  it('takes a step that throws for a failed one', async () => {
    const [finished] = await run([step('a', { run: () => Promise.reject(new Error('no such command')) })]);
    expect(finished?.result.failed).toBe(1);
    expect(finished?.result.output).toContain('no such command');
  });

  it('starts nothing after the deadline', async () => {
    expect(outcomes(await run([step('a')], { deadline: new Date(0) }))).toEqual(['a: no time left']);
  });

  it('counts a need that is not in the list as met', async () => {
    expect(outcomes(await run([step('a', { needs: ['build'] })]))).toEqual(['a: 0']);
  });

  it('refuses steps that need each other', async () => {
    await expect(run([step('a', { needs: ['b'] }), step('b', { needs: ['a'] })])).rejects.toThrow(
      'steps need each other: a, b',
    );
  });
});

describe('withNeeds', () => {
  it('adds what a step needs, and what that needs, but not what it only waits for', () => {
    const steps = [
      step('build'),
      step('lint'),
      step('pack', { needs: ['build'] }),
      step('publish', { needs: ['pack'], after: ['lint'] }),
    ];
    expect(withNeeds(steps, ['publish']).map(({ name }) => name)).toEqual(['build', 'pack', 'publish']);
  });
});
